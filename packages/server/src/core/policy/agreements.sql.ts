/** Facts of agreements: which ones are about a repo and give something to the actor's organisations. */
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { OrgType, Row, Schema } from '#db/schema.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { type Asker, isOfParty } from './facts.sql.ts'

export type Life = Row<'agreement'>['life']

/** Those that all have signed, and that are not over for good: their people know what they are about. */
const knownLives: readonly Life[] = ['scheduled', 'active', 'suspended', 'closing']
const takingRoles: readonly Row<'agreement_party'>['role'][] = ['consumer', 'member']
const givingRoles: readonly Row<'agreement_party'>['role'][] = ['provider', 'member']

/** Conditions on `agreement_repo`: its repo belongs to a party that gives. Who hands a repo on hands on no agreement about it. */
const isTheirs = (): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_repo'>()
  return eb.exists(
    eb
      .selectFrom('repo as given')
      .innerJoin('agreement_party as giver', 'giver.org_id', 'given.owner_id')
      .select('giver.role')
      .where('given.id', '=', eb.ref('agreement_repo.repo_id'))
      .where('giver.agreement_id', '=', eb.ref('agreement_repo.agreement_id'))
      .where('giver.role', 'in', givingRoles),
  )
}

const nobody = '' as AccountId

/** A condition on the table `repo` of the surrounding query: an agreement of the actor's organisation names it. */
export const isAgreedUpon = (asker: Asker): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'repo'>()
  return eb.exists(
    eb
      .selectFrom('agreement_repo')
      .innerJoin('agreement', 'agreement.id', 'agreement_repo.agreement_id')
      .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
      .select('agreement.id')
      .where('agreement_repo.repo_id', '=', eb.ref('repo.id'))
      .where('agreement.life', 'in', knownLives)
      .where('agreement_party.role', 'in', takingRoles)
      .where(isTheirs())
      .where(isOfParty(asker)),
  )
}

export interface AgreementRow {
  id: AgreementId
  title: string
  life: Life
  state: string
  in_force: number
  from_ms: number | null
  to_ms: number | null
  updated_at_ms: number
  org_id: AccountId
  org_type: OrgType | null
  assent: number | null
}

const agreementsMax = 500

/** Every agreement about the repo that gives something to an organisation of the actor, one row for each organisation. */
export const agreementsAbout = async (
  q: Querier,
  repoId: RepoId,
  asker: Asker,
): Promise<AgreementRow[]> =>
  q
    .selectFrom('agreement_repo')
    .innerJoin('agreement', 'agreement.id', 'agreement_repo.agreement_id')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .leftJoin('party', 'party.org_id', 'agreement_party.org_id')
    .leftJoin('agreement_assent', (join) =>
      join
        .onRef('agreement_assent.agreement_id', '=', 'agreement.id')
        .on('agreement_assent.account_id', '=', asker.accountId ?? nobody),
    )
    .select([
      'agreement.id',
      'agreement.title',
      'agreement.life',
      'agreement.state',
      'agreement.in_force',
      'agreement.from_ms',
      'agreement.to_ms',
      'agreement.updated_at_ms',
      'agreement_party.org_id',
      'party.org_type',
      'agreement_assent.version as assent',
    ])
    .where('agreement_repo.repo_id', '=', repoId)
    .where('agreement.life', 'in', knownLives)
    .where('agreement.in_force', 'is not', null)
    .where('agreement_party.role', 'in', takingRoles)
    .where(isTheirs())
    .where(isOfParty(asker))
    .orderBy('agreement.id')
    .limit(agreementsMax)
    .$castTo<AgreementRow>()
    .execute()

export const bodyOf = async (
  q: Querier,
  id: AgreementId,
  version: number,
): Promise<string | undefined> => {
  const row = await q
    .selectFrom('agreement_version')
    .select('body')
    .where('agreement_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.body
}

/** Grants in force that a party gave to the actor: by name, by team, or to everybody of it. */
export const grantsTo = async (
  q: Querier,
  ids: readonly AgreementId[],
  { accountId, nowMs }: Asker,
): Promise<Row<'agreement_grant'>[]> =>
  q
    .selectFrom('agreement_grant')
    .selectAll()
    .where('agreement_id', 'in', ids)
    .where('ended_at_ms', 'is', null)
    .where('from_ms', '<=', nowMs)
    .where((eb) => eb.or([eb('to_ms', 'is', null), eb('to_ms', '>', nowMs)]))
    .where((eb) =>
      eb.or([
        eb('grantee_kind', '=', 'org'),
        eb('grantee_id', '=', accountId ?? nobody),
        eb.and([
          eb('grantee_kind', '=', 'team'),
          eb(
            'grantee_id',
            'in',
            eb
              .selectFrom('team_member')
              .select('team_member.team_id')
              .where('team_member.user_id', '=', accountId ?? nobody),
          ),
        ]),
      ]),
    )
    .limit(agreementsMax)
    .execute()

export const donePreconditions = async (
  q: Querier,
  ids: readonly AgreementId[],
): Promise<{ agreement_id: AgreementId; precondition: string }[]> =>
  q
    .selectFrom('agreement_done')
    .select(['agreement_id', 'precondition'])
    .where('agreement_id', 'in', ids)
    .limit(agreementsMax)
    .execute()

/** How many people a party lets use an agreement: by name, in teams it named, or everybody when it named everybody. */
export const countNamed = async (
  q: Querier,
  { id, orgId }: { id: AgreementId; orgId: AccountId },
  nowMs: number,
): Promise<number> => {
  const grants = (kind: Row<'agreement_grant'>['grantee_kind']) =>
    q
      .selectFrom('agreement_grant')
      .where('agreement_grant.agreement_id', '=', id)
      .where('agreement_grant.org_id', '=', orgId)
      .where('agreement_grant.grantee_kind', '=', kind)
      .where('agreement_grant.ended_at_ms', 'is', null)
      .where('agreement_grant.from_ms', '<=', nowMs)
      .where((eb) =>
        eb.or([eb('agreement_grant.to_ms', 'is', null), eb('agreement_grant.to_ms', '>', nowMs)]),
      )
  const people = grants('user')
    .select('agreement_grant.grantee_id as person')
    .union(
      grants('team')
        .innerJoin('team_member', (join) =>
          // A cast because grantees of this kind are teams.
          join.on((eb) =>
            eb(
              eb.cast<string>('team_member.team_id', 'text'),
              '=',
              eb.ref('agreement_grant.grantee_id'),
            ),
          ),
        )
        .select((eb) => eb.cast<string>('team_member.user_id', 'text').as('person')),
    )
    .union(
      grants('org')
        .innerJoin('membership', 'membership.org_id', 'agreement_grant.org_id')
        .select((eb) => eb.cast<string>('membership.user_id', 'text').as('person')),
    )
  const row = await q
    .selectFrom(people.as('people'))
    .select((eb) => eb.fn.count<number>('people.person').distinct().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
