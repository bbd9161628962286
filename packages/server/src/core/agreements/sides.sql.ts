/** Who takes and who gives by agreements: asked of a repo, of what was made of it, or of two organisations. */
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { Row, Schema } from '#db/schema.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { knownTo } from './lists.sql.ts'

const holding: readonly Row<'agreement'>['life'][] = ['scheduled', 'active', 'suspended']
const taking: readonly Row<'agreement_party'>['role'][] = ['consumer', 'member']
const partiesMax = 500

const giving: readonly Row<'agreement_party'>['role'][] = ['provider', 'member']

/** A condition on this column: the account is that organisation, or belongs to it. */
const isIn = (
  org: 'agreement_party.org_id' | 'repo.owner_id',
  accountId: AccountId,
): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_party' | 'repo'>()
  return eb.or([
    eb(org, '=', accountId),
    eb.exists(
      eb
        .selectFrom('membership')
        .select('membership.user_id')
        .whereRef('membership.org_id', '=', org)
        .where('membership.user_id', '=', accountId),
    ),
  ])
}

/** Organisations that get this repo under agreements that hold, or will. */
export const takersOf = async (q: Querier, repoId: RepoId): Promise<AccountId[]> => {
  const rows = await q
    .selectFrom('agreement_repo')
    .innerJoin('agreement', 'agreement.id', 'agreement_repo.agreement_id')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .select('agreement_party.org_id')
    .distinct()
    .where('agreement_repo.repo_id', '=', repoId)
    .where('agreement.life', 'in', holding)
    .where('agreement_party.role', 'in', taking)
    .limit(partiesMax)
    .execute()
  return rows.map((row) => row.org_id)
}

/** Agreements, over or not, under which an account got one of these repos from another owner: itself, or a person by an organisation. */
export const takenBy = async (
  q: Querier,
  repoIds: readonly RepoId[],
  accountId: AccountId,
): Promise<{ agreement_id: AgreementId; repo_id: RepoId; org_id: AccountId }[]> =>
  repoIds.length === 0
    ? []
    : q
        .selectFrom('agreement_repo')
        .innerJoin('agreement', 'agreement.id', 'agreement_repo.agreement_id')
        .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
        .innerJoin('repo', 'repo.id', 'agreement_repo.repo_id')
        .select(['agreement_repo.agreement_id', 'agreement_repo.repo_id', 'agreement_party.org_id'])
        .where('agreement_repo.repo_id', 'in', repoIds)
        .where('agreement.life', 'in', [...holding, 'closing', 'closed'])
        .where('agreement_party.role', 'in', taking)
        .whereRef('repo.owner_id', '!=', 'agreement_party.org_id')
        .where(isIn('agreement_party.org_id', accountId))
        // Who gives it needs no agreement.
        .where((eb) => eb.not(isIn('repo.owner_id', accountId)))
        .orderBy('agreement_repo.agreement_id')
        .limit(partiesMax)
        .execute()

/** Which parties of these agreements an account is or belongs to, of those that get something. */
export const takersAmong = async (
  q: Querier,
  ids: readonly AgreementId[],
  accountId: AccountId,
): Promise<{ agreement_id: AgreementId; org_id: AccountId }[]> =>
  ids.length === 0
    ? []
    : q
        .selectFrom('agreement_party')
        .select(['agreement_party.agreement_id', 'agreement_party.org_id'])
        .where('agreement_party.agreement_id', 'in', ids)
        .where('agreement_party.role', 'in', taking)
        .where(isIn('agreement_party.org_id', accountId))
        .orderBy('agreement_party.agreement_id')
        .limit(partiesMax)
        .execute()

/** Those of these agreements of which an account is a party, or belongs to one. */
export const partyIn = async (
  q: Querier,
  ids: readonly AgreementId[],
  accountId: AccountId,
): Promise<AgreementId[]> => {
  if (ids.length === 0) return []
  const rows = await q
    .selectFrom('agreement_party')
    .select('agreement_id')
    .distinct()
    .where('agreement_id', 'in', ids)
    .where(isIn('agreement_party.org_id', accountId))
    .execute()
  return rows.map((row) => row.agreement_id)
}

/** In which one organisation gives and the other takes. */
const between = (q: Querier, { ownerId, org }: { ownerId: AccountId; org: AccountId }) =>
  q
    .selectFrom('agreement')
    .innerJoin('agreement_party as giver', 'giver.agreement_id', 'agreement.id')
    .innerJoin('agreement_party as taker', 'taker.agreement_id', 'agreement.id')
    .selectAll('agreement')
    .where('giver.org_id', '=', ownerId)
    .where('giver.role', 'in', giving)
    .where('taker.org_id', '=', org)
    .where('taker.role', 'in', taking)

/** The newest of those that all have signed, and that give this repo or will. */
export const signedBetween = async (
  q: Querier,
  { repoId, ...pair }: { repoId: RepoId; ownerId: AccountId; org: AccountId },
): Promise<Row<'agreement'> | undefined> =>
  between(q, pair)
    .innerJoin('agreement_repo', 'agreement_repo.agreement_id', 'agreement.id')
    .where('agreement_repo.repo_id', '=', repoId)
    .where('agreement.life', 'in', holding)
    .orderBy('agreement.id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Newest first, those that the taker knows of. */
export const agreementsBetween = async (
  q: Querier,
  pair: { ownerId: AccountId; org: AccountId },
  limit: number,
): Promise<Row<'agreement'>[]> =>
  between(q, pair).where(knownTo(pair.org)).orderBy('agreement.id', 'desc').limit(limit).execute()
