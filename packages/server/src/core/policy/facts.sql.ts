/** Facts for decisions: read-only, across the tables of other rooms. One query per target; gates and rules of organisations add one each. */
import { expressionBuilder } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type {
  AccessState,
  Flag,
  GateKind,
  HoldKind,
  RepoType,
  RoleName,
  Row,
  Schema,
  Visibility,
} from '#db/schema.ts'
import type { AccountId, AgreementId, GroupId, RepoId, TokenId } from '../kernel/ids.ts'
import {
  type Asker,
  belongs,
  grantsTo,
  inForce,
  isRuled,
  nobody,
  speaksFor,
} from './conditions.sql.ts'
import { prepareFirst } from './prepared.sql.ts'

export interface RepoFactsRow {
  id: RepoId
  type: RepoType
  name: string
  owner_id: AccountId
  owner_name: string
  visibility: Visibility
  gate: GateKind | null
  gate_covers_members: Flag
  gate_template: string | null
  group_id: GroupId | null
  policy_epoch: number
  owner_epoch: number
  role: RoleName | null
  role_until_ms: number | null
  grant_rank: number | null
  grant_until_ms: number | null
  token_life_ms_max: number | null
  needs_token_approval: Flag | null
  hold: HoldKind | null
  licence_stop: Row<'repo_licence'>['stop']
  licence_stop_from_ms: number | null
  licence_unknown_from_ms: number | null
  licence_excludes: string | null
  /** Is any agreement about it? */
  agreed: number | null
  /** Has any organisation of the account rules for its people? */
  ruled: number | null
}

const orgRulesMax = 500

const ofRepo = expressionBuilder<Schema, 'repo'>()

const agreedOn = ofRepo
  .selectFrom('agreement_repo')
  .select((eb) => eb.lit(1).as('one'))
  .where('agreement_repo.repo_id', '=', ofRepo.ref('repo.id'))
  .limit(1)

export const rulesAbout = async (
  q: Querier,
  id: RepoId,
  asker: Asker,
): Promise<{ orgId: AccountId; org: string; kind: Row<'org_rule'>['kind']; words: string }[]> =>
  q
    .selectFrom('repo')
    .innerJoin('org_rule', (join) => join.onRef('org_rule.org_id', '<>', 'repo.owner_id'))
    .innerJoin('account as ruler', 'ruler.id', 'org_rule.org_id')
    .select(['org_rule.org_id as orgId', 'ruler.name as org', 'org_rule.kind', 'org_rule.words'])
    .where('repo.id', '=', id)
    .where((eb) => belongs(eb.ref('org_rule.org_id'), asker))
    .orderBy('ruler.name')
    .limit(orgRulesMax)
    .execute()

const repoFacts = (q: Querier, asker: Asker) =>
  q
    .selectFrom('repo')
    .innerJoin('account as owner', 'owner.id', 'repo.owner_id')
    .leftJoin('membership', (join) =>
      join
        .onRef('membership.org_id', '=', 'repo.owner_id')
        .on('membership.user_id', '=', asker.accountId ?? nobody)
        .on(() => inForce('membership', asker.nowMs)),
    )
    .leftJoin('org_policy', 'org_policy.org_id', 'repo.owner_id')
    .leftJoin('repo_licence', 'repo_licence.repo_id', 'repo.id')
    .select([
      'repo.id',
      'repo.type',
      'repo.name',
      'repo.owner_id',
      'owner.name as owner_name',
      'repo.visibility',
      'repo.hold',
      'repo_licence.stop as licence_stop',
      'repo_licence.stop_from_ms as licence_stop_from_ms',
      'repo_licence.unknown_from_ms as licence_unknown_from_ms',
      'repo_licence.excludes as licence_excludes',
      'repo.gate',
      'repo.gate_covers_members',
      'repo.gate_template',
      'repo.group_id',
      'repo.policy_epoch',
      'owner.policy_epoch as owner_epoch',
      'membership.role',
      'membership.expires_at_ms as role_until_ms',
      'org_policy.token_life_ms_max',
      'org_policy.needs_token_approval',
    ])
    .select([
      grantsTo(asker)
        .select((g) => g.fn.max('access_grant.rank').as('rank'))
        .as('grant_rank'),
      grantsTo(asker)
        .select((g) => g.fn.min('access_grant.expires_at_ms').as('until_ms'))
        .as('grant_until_ms'),
      agreedOn.as('agreed'),
      ofRepo.case().when(isRuled(asker)).then(ofRepo.lit(1)).end().as('ruled'),
    ])
    .$castTo<RepoFactsRow>()

const prepared = ({ accountId, nowMs }: Asker) => ({ accountId: accountId ?? nobody, nowMs })

interface ByPath {
  readonly [name: string]: string | number
  readonly accountId: AccountId
  readonly nowMs: number
  readonly type: RepoType
  readonly ownerKey: string
  readonly nameKey: string
}

const factsByPath = prepareFirst<ByPath, RepoFactsRow>(
  ['accountId', 'nowMs', 'type', 'ownerKey', 'nameKey'],
  (q, { type, ownerKey, nameKey, ...asker }) =>
    repoFacts(q, asker)
      .where('repo.type', '=', type)
      .where('owner.name_key', '=', ownerKey)
      .where('repo.name_key', '=', nameKey),
)

export const repoFactsByPath = (
  q: Querier,
  target: { type: RepoType; ownerKey: string; nameKey: string },
  asker: Asker,
): Promise<RepoFactsRow | undefined> => factsByPath(q, { ...target, ...prepared(asker) })

interface ById {
  readonly [name: string]: string | number
  readonly accountId: AccountId
  readonly nowMs: number
  readonly id: RepoId
}

const factsById = prepareFirst<ById, RepoFactsRow>(
  ['accountId', 'nowMs', 'id'],
  (q, { id, ...asker }) => repoFacts(q, asker).where('repo.id', '=', id),
)

export const repoFactsById = (
  q: Querier,
  id: RepoId,
  asker: Asker,
): Promise<RepoFactsRow | undefined> => factsById(q, { id, ...prepared(asker) })

export const repoFactsByAlias = async (
  q: Querier,
  target: { type: RepoType; pathKey: string },
  asker: Asker,
): Promise<RepoFactsRow | undefined> =>
  repoFacts(q, asker)
    .innerJoin('repo_alias', 'repo_alias.repo_id', 'repo.id')
    .where('repo_alias.type', '=', target.type)
    .where('repo_alias.path_key', '=', target.pathKey)
    .executeTakeFirst()

export interface EpochRow {
  policy_epoch: number
  owner_epoch: number
}

/** Only what says whether a decision about the repo may have become another one. */
export const repoEpoch = async (q: Querier, id: RepoId): Promise<EpochRow | undefined> =>
  q
    .selectFrom('repo')
    .innerJoin('account as owner', 'owner.id', 'repo.owner_id')
    .select(['repo.policy_epoch', 'owner.policy_epoch as owner_epoch'])
    .where('repo.id', '=', id)
    .executeTakeFirst()

export interface GateRow {
  subject_id: AccountId
  state: AccessState
  expires_at_ms: number | null
  for_org_id: AccountId | null
  agreement_id: AgreementId | null
}

/** The requests that speak for the account at one gate: its own, and those of organisations it is a member of. */
export const gateRequests = async (q: Querier, id: RepoId, asker: Asker): Promise<GateRow[]> =>
  q
    .selectFrom('access_request')
    .select(['subject_id', 'state', 'expires_at_ms', 'for_org_id', 'agreement_id'])
    .where('repo_id', '=', id)
    .where(speaksFor(asker))
    .where(inForce('access_request', asker.nowMs))
    .execute()

export const isTokenApproved = async (
  q: Querier,
  tokenId: TokenId,
  orgId: AccountId,
): Promise<boolean> => {
  const row = await q
    .selectFrom('token_approval')
    .select('state')
    .where('token_id', '=', tokenId)
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  return row?.state === 'approved'
}

export interface NamespaceFactsRow {
  id: AccountId
  name: string
  kind: 'user' | 'org'
  role: RoleName | null
  token_life_ms_max: number | null
  needs_token_approval: Flag | null
}

export const namespaceFacts = async (
  q: Querier,
  nameKey: string,
  { accountId, nowMs }: Asker,
): Promise<NamespaceFactsRow | undefined> =>
  q
    .selectFrom('account')
    .leftJoin('membership', (join) =>
      join
        .onRef('membership.org_id', '=', 'account.id')
        .on('membership.user_id', '=', accountId ?? nobody)
        .on(() => inForce('membership', nowMs)),
    )
    .leftJoin('org_policy', 'org_policy.org_id', 'account.id')
    .select([
      'account.id',
      'account.name',
      'account.kind',
      'membership.role',
      'org_policy.token_life_ms_max',
      'org_policy.needs_token_approval',
    ])
    .where('account.name_key', '=', nameKey)
    .executeTakeFirst()
