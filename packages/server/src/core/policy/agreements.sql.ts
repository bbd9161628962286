/** Facts of agreements: which ones are about a repo and give something to the actor's organisations. */
import { type Expression, expressionBuilder, sql, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { OrgType, Row, Schema } from '#db/schema.ts'
import type { AccountId, AgreementId, RepoId, TokenId } from '../kernel/ids.ts'
import { type Asker, isOfParty } from './conditions.sql.ts'
import { prepareAll } from './prepared.sql.ts'

export type Life = Row<'agreement'>['life']

/** Those that all have signed, and that are not over for good: their people know what they are about. */
export const knownLives: readonly Life[] = ['scheduled', 'active', 'suspended', 'closing']
export const takingRoles: readonly Row<'agreement_party'>['role'][] = ['consumer', 'member']
const givingRoles: readonly Row<'agreement_party'>['role'][] = ['provider', 'member']

/** Of a closed list of ours, written into the text. Not `in`, for which SQLite builds a table at each request. */
export const isOneOf = <C extends 'agreement.life' | 'agreement_party.role' | 'giver.role'>(
  column: C,
  values: readonly string[],
): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement' | 'agreement_party'>()
  // A cast because each column is asked for its own words alone.
  return eb.or(values.map((value) => eb(column as 'agreement.state', '=', sql.lit(value))))
}

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
      .where(isOneOf('giver.role', givingRoles)),
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
      .where(isOneOf('agreement.life', knownLives))
      .where(isOneOf('agreement_party.role', takingRoles))
      .where(isTheirs())
      .where(isOfParty(asker)),
  )
}

/** An agreement, an organisation it gives to, and a grant by which the asker is let use it, if there is one. */
export interface AgreementRow {
  id: AgreementId
  title: string
  life: Life
  state: string
  in_force: number
  updated_at_ms: number
  to_ms: number | null
  org_id: AccountId
  org_type: OrgType | null
  assent: number | null
  project: string | null
  purposes: string | null
  environment: string | null
}

const rowsMax = 2_000

interface About {
  readonly [name: string]: string | number
  readonly repoId: RepoId
  readonly accountId: AccountId
  readonly tokenId: string
  readonly nowMs: number
}

/** Conditions on `agreement_grant`, beside its agreement: a clock that is set back before what was said last revives none. */
export const isGrantInForce = (nowMs: number): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_grant' | 'agreement'>()
  return eb.and([
    eb('agreement_grant.ended_at_ms', 'is', null),
    eb('agreement_grant.from_ms', '<=', nowMs),
    eb.or([
      eb('agreement_grant.to_ms', 'is', null),
      eb.and([
        eb('agreement_grant.to_ms', '>', nowMs),
        eb('agreement_grant.to_ms', '>', eb.ref('agreement.updated_at_ms')),
      ]),
    ]),
  ])
}

/** Conditions on `agreement_grant`: given to the account by name, by team, or to everybody of the organisation. */
export const isGrantee = (accountId: AccountId): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_grant'>()
  const isInTeam = eb.exists(
    eb
      .selectFrom('team_member')
      .select('team_member.team_id')
      .whereRef('team_member.team_id', '=', 'agreement_grant.grantee_id')
      .where('team_member.user_id', '=', accountId),
  )
  return eb.or([
    eb('agreement_grant.grantee_kind', '=', sql.lit('org')),
    eb('agreement_grant.grantee_id', '=', accountId),
    eb.and([eb('agreement_grant.grantee_kind', '=', sql.lit('team')), isInTeam]),
  ])
}

/** Conditions on `agreement_grant`: in force, and given to the asker, whatever they ask by or for this token. */
const isGrantTo = ({ accountId, tokenId, nowMs }: About): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_grant'>()
  return eb.and([
    isGrantInForce(nowMs),
    eb.or([
      eb('agreement_grant.token_id', 'is', null),
      // A cast because an asker without a token has none of this name.
      eb('agreement_grant.token_id', '=', tokenId as TokenId),
    ]),
    isGrantee(accountId),
  ])
}

/** One row for each agreement, organisation and grant. Who asks by, and which of the rows are theirs, is the caller's to say. */
const rowsAbout = (
  q: Querier,
  { repoId, accountId }: Pick<About, 'repoId' | 'accountId'>,
  { isGrant, isTheirs: isOurs }: { isGrant: Expression<SqlBool>; isTheirs: Expression<SqlBool> },
) =>
  q
    .selectFrom('agreement_repo')
    .innerJoin('agreement', 'agreement.id', 'agreement_repo.agreement_id')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .leftJoin('party', 'party.org_id', 'agreement_party.org_id')
    .leftJoin('agreement_assent', (join) =>
      join
        .onRef('agreement_assent.agreement_id', '=', 'agreement.id')
        .on('agreement_assent.account_id', '=', accountId),
    )
    .leftJoin('agreement_grant', (join) =>
      join
        .onRef('agreement_grant.agreement_id', '=', 'agreement.id')
        .onRef('agreement_grant.org_id', '=', 'agreement_party.org_id')
        .on(() => isGrant),
    )
    .select([
      'agreement.id',
      'agreement.title',
      'agreement.life',
      'agreement.state',
      'agreement.in_force',
      'agreement.updated_at_ms',
      'agreement.to_ms',
      'agreement_party.org_id',
      'party.org_type',
      'agreement_assent.version as assent',
      'agreement_grant.project',
      'agreement_grant.purposes',
      'agreement_grant.environment',
    ])
    .where('agreement_repo.repo_id', '=', repoId)
    .where(isOneOf('agreement.life', knownLives))
    .where('agreement.in_force', 'is not', null)
    .where(isOneOf('agreement_party.role', takingRoles))
    .where(isTheirs())
    .where(isOurs)
    .orderBy('agreement.id')
    .orderBy('agreement_party.org_id')
    .limit(rowsMax)
    .$castTo<AgreementRow>()

const names = ['repoId', 'accountId', 'tokenId', 'nowMs'] as const

const rowsFor = (q: Querier, about: About) =>
  rowsAbout(q, about, { isGrant: isGrantTo(about), isTheirs: isOfParty(about) })

const allAbout = prepareAll<About, AgreementRow>(names, rowsFor)

const oneAbout = prepareAll<About & { readonly id: AgreementId }, AgreementRow>(
  [...names, 'id'],
  (q, { id, ...about }) => rowsFor(q, about).where('agreement_repo.agreement_id', '=', id),
)

/** Every agreement about the repo that gives something to an organisation of the asker, or one of them alone. By agreement and organisation. */
export const agreementsAbout = (
  q: Querier,
  { repoId, tokenId }: { repoId: RepoId; tokenId: TokenId | undefined },
  { accountId, nowMs }: Asker,
  id?: AgreementId,
): Promise<AgreementRow[]> => {
  const about = { repoId, accountId: accountId ?? nobody, tokenId: tokenId ?? '', nowMs }
  return id === undefined ? allAbout(q, about) : oneAbout(q, { ...about, id })
}

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

/** Every agreement about the repo that gives something to one organisation, with all that it lets anybody do. */
export const agreementsOfOrg = async (
  q: Querier,
  { repoId, orgId }: { repoId: RepoId; orgId: AccountId },
  nowMs: number,
): Promise<AgreementRow[]> => {
  const eb = expressionBuilder<Schema, 'agreement_party'>()
  const isTheirsAlone = eb('agreement_party.org_id', '=', orgId)
  const wanted = { isGrant: isGrantInForce(nowMs), isTheirs: isTheirsAlone }
  return rowsAbout(q, { repoId, accountId: nobody }, wanted).execute()
}
