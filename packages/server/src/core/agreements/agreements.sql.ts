import { expressionBuilder } from 'kysely'
import type { Stage } from '@weighhouse/formats/agreement/stage.ts'
import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row, Schema } from '#db/schema.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'

export const insertAgreement = async (q: Querier, row: NewRow<'agreement'>): Promise<void> => {
  await q.insertInto('agreement').values(row).execute()
}

export const agreementById = async (
  q: Querier,
  id: AgreementId,
): Promise<Row<'agreement'> | undefined> =>
  q.selectFrom('agreement').selectAll().where('id', '=', id).executeTakeFirst()

/** Moves the folder on from the statement it stood at; false when somebody else did before. */
export const moveAgreement = async (
  q: Querier,
  { id, seq }: { id: AgreementId; seq: number },
  to: Partial<NewRow<'agreement'>>,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('agreement')
    .set(to)
    .where('id', '=', id)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export const insertParties = async (
  q: Querier,
  rows: readonly NewRow<'agreement_party'>[],
): Promise<void> => {
  await q
    .insertInto('agreement_party')
    .values([...rows])
    .execute()
}

/** Of those that it began, or of which something was put on the table. */
const knownTo = (orgId: AccountId) => {
  const ofAgreement = expressionBuilder<Schema, 'agreement'>()
  return ofAgreement.or([
    ofAgreement('agreement.shown', '=', 1),
    ofAgreement('agreement.begun_by', '=', orgId),
  ])
}

/** Says where an agreement stands for these parties. */
export const setStage = async (
  q: Querier,
  id: AgreementId,
  { stage, orgs }: { stage: Stage; orgs: readonly AccountId[] },
): Promise<void> => {
  await q
    .updateTable('agreement_party')
    .set({ stage })
    .where('agreement_id', '=', id)
    .where('org_id', 'in', orgs)
    .execute()
}

/** Those of which it is not known yet where they stand. */
export const unstaged = async (q: Querier, limit: number): Promise<Row<'agreement'>[]> =>
  q
    .selectFrom('agreement')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb.selectFrom('agreement_party').select('agreement_id').where('stage', 'is', null),
    )
    .limit(limit)
    .execute()

/** How many of one organisation's stand where. */
export const countStages = async (
  q: Querier,
  orgId: AccountId,
): Promise<{ stage: Stage | null; count: number }[]> => {
  const rows = await q
    .selectFrom('agreement_party')
    .innerJoin('agreement', 'agreement.id', 'agreement_party.agreement_id')
    .select((eb) => ['agreement_party.stage', eb.fn.countAll<number>().as('count')])
    .where('agreement_party.org_id', '=', orgId)
    .where(knownTo(orgId))
    .groupBy('agreement_party.stage')
    .execute()
  return rows.map(({ stage, count }) => ({ stage, count: Number(count) }))
}

/** Of one organisation, newest id first, before the given one: what others write and have not shown takes no room. */
export const agreementsOf = async (
  q: Querier,
  orgId: AccountId,
  { before, stage, limit }: { before: string | undefined; stage: Stage | undefined; limit: number },
): Promise<Row<'agreement'>[]> => {
  let query = q
    .selectFrom('agreement')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .selectAll('agreement')
    .where('agreement_party.org_id', '=', orgId)
    .where(knownTo(orgId))
    .orderBy('agreement.id', 'desc')
    .limit(limit)
  // A cast because a cursor is compared and not looked up.
  if (before !== undefined) query = query.where('agreement.id', '<', before as AgreementId)
  if (stage !== undefined) query = query.where('agreement_party.stage', '=', stage)
  return query.execute()
}

/** Of one organisation, those that wait for an answer or a signature, in order of id, after the given one. */
export const talksOf = async (
  q: Querier,
  orgId: AccountId,
  { after, limit }: { after: string; limit: number },
): Promise<Row<'agreement'>[]> =>
  q
    .selectFrom('agreement')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .selectAll('agreement')
    .where('agreement_party.org_id', '=', orgId)
    .where('agreement.life', '=', 'none')
    .where('agreement.state', 'in', ['proposed', 'countered', 'agreed', 'signing'])
    // A cast because a cursor is compared and not looked up.
    .where('agreement.id', '>', after as AgreementId)
    .orderBy('agreement.id')
    .limit(limit)
    .execute()

/** Those of these organisations that have ended. */
export const endedAmong = async (
  q: Querier,
  ids: readonly AccountId[],
): Promise<{ name: string }[]> =>
  q
    .selectFrom('account')
    .select('name')
    .where('id', 'in', ids)
    .where('disabled_at_ms', 'is not', null)
    .execute()

/** Those it has begun, up to a limit: what others begin with it takes no room of its own. */
export const countAgreements = async (
  q: Querier,
  orgId: AccountId,
  limit: number,
): Promise<number> => {
  const rows = await q
    .selectFrom('agreement')
    .select('id')
    .where('begun_by', '=', orgId)
    .limit(limit)
    .execute()
  return rows.length
}

export const insertVersion = async (
  q: Querier,
  row: NewRow<'agreement_version'>,
): Promise<void> => {
  await q.insertInto('agreement_version').values(row).execute()
}

export const versionOf = async (
  q: Querier,
  id: AgreementId,
  version: number,
): Promise<Row<'agreement_version'> | undefined> =>
  q
    .selectFrom('agreement_version')
    .selectAll()
    .where('agreement_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()

/** One version of each of these. */
export const bodiesOf = async (
  q: Querier,
  versions: readonly { id: AgreementId; version: number }[],
): Promise<Pick<Row<'agreement_version'>, 'agreement_id' | 'body'>[]> =>
  versions.length === 0
    ? []
    : q
        .selectFrom('agreement_version')
        .select(['agreement_id', 'body'])
        .where((eb) =>
          eb.or(
            versions.map(({ id, version }) =>
              eb.and([eb('agreement_id', '=', id), eb('version', '=', version)]),
            ),
          ),
        )
        .execute()

export const insertStatement = async (
  q: Querier,
  row: NewRow<'agreement_statement'>,
): Promise<void> => {
  await q.insertInto('agreement_statement').values(row).execute()
}

export const commandOf = async (
  q: Querier,
  id: AgreementId,
  key: string,
): Promise<{ envelope: string } | undefined> =>
  q
    .selectFrom('agreement_statement')
    .select('envelope')
    .where('agreement_id', '=', id)
    .where('command_key', '=', key)
    .executeTakeFirst()

/** In order, after the given one. */
export const statementsOf = async (
  q: Querier,
  id: AgreementId,
  { after, limit }: { after: number; limit: number },
): Promise<Row<'agreement_statement'>[]> =>
  q
    .selectFrom('agreement_statement')
    .selectAll()
    .where('agreement_id', '=', id)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()

/** Statements of some kinds, unordered: those who ask say which of them, and in what order. */
export const saidOfKinds = (q: Querier, id: AgreementId, kinds: readonly StatementKind[]) =>
  q.selectFrom('agreement_statement').where('agreement_id', '=', id).where('kind', 'in', kinds)

const signingsMax = 1_000

/** Statements by which people signed, of all versions, in order. */
export const signingsOf = async (
  q: Querier,
  id: AgreementId,
): Promise<Pick<Row<'agreement_statement'>, 'envelope' | 'org_id' | 'at_ms'>[]> =>
  saidOfKinds(q, id, ['first_signed', 'signed'])
    .select(['envelope', 'org_id', 'at_ms'])
    .orderBy('seq')
    .limit(signingsMax)
    .execute()

/** Agreements whose time in a column has come, the earliest first. */
export const dueBy = (
  q: Querier,
  column: 'duties_ms' | 'tell_ms',
  { nowMs, limit }: { nowMs: number; limit: number },
) => q.selectFrom('agreement').selectAll().where(column, '<=', nowMs).orderBy(column).limit(limit)

/** Puts these repos in the place of those the agreement was about. */
export const setRepos = async (
  q: Querier,
  id: AgreementId,
  repos: readonly RepoId[],
): Promise<void> => {
  await q.deleteFrom('agreement_repo').where('agreement_id', '=', id).execute()
  const rows = repos.map((repo_id) => ({ repo_id, agreement_id: id }))
  if (rows.length > 0) await q.insertInto('agreement_repo').values(rows).execute()
}

export const reposOf = async (q: Querier, id: AgreementId): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('agreement_repo')
    .select('repo_id')
    .where('agreement_id', '=', id)
    .limit(1_000)
    .execute()
  return rows.map((row) => row.repo_id)
}

/** Those of them that are still there. */
export const existing = async (
  q: Querier,
  repos: readonly RepoId[],
): Promise<{ id: RepoId; owner_id: AccountId }[]> =>
  repos.length === 0
    ? []
    : q.selectFrom('repo').select(['id', 'owner_id']).where('id', 'in', repos).execute()

/** Whose time has come: to begin, to end, to lapse. */
export const dueAgreements = async (
  q: Querier,
  nowMs: number,
  limit: number,
): Promise<Row<'agreement'>[]> =>
  q
    .selectFrom('agreement')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('life', '=', 'scheduled'), eb('from_ms', '<=', nowMs)]),
        eb.and([eb('life', 'in', ['scheduled', 'active', 'suspended']), eb('to_ms', '<=', nowMs)]),
        eb('offer_until_ms', '<=', nowMs),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute()

const holding: readonly Row<'agreement'>['life'][] = ['scheduled', 'active', 'suspended']
const taking: readonly Row<'agreement_party'>['role'][] = ['consumer', 'member']
const partiesMax = 500

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
        .where((eb) => {
          const isOf = (org: 'agreement_party.org_id' | 'repo.owner_id') =>
            eb.or([
              eb(org, '=', accountId),
              eb.exists(
                eb
                  .selectFrom('membership')
                  .select('membership.user_id')
                  .whereRef('membership.org_id', '=', org)
                  .where('membership.user_id', '=', accountId),
              ),
            ])
          // Who gives it needs no agreement.
          return eb.and([isOf('agreement_party.org_id'), eb.not(isOf('repo.owner_id'))])
        })
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
        .where((eb) =>
          eb.or([
            eb('agreement_party.org_id', '=', accountId),
            eb.exists(
              eb
                .selectFrom('membership')
                .select('membership.user_id')
                .whereRef('membership.org_id', '=', 'agreement_party.org_id')
                .where('membership.user_id', '=', accountId),
            ),
          ]),
        )
        .orderBy('agreement_party.agreement_id')
        .limit(partiesMax)
        .execute()

const giving: readonly Row<'agreement_party'>['role'][] = ['provider', 'member']

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
