/** Facts for decisions: read-only, one query per target, across the tables of other rooms. */
import type { Querier } from '#db/flavor.ts'
import type { RepoType, RoleName, Visibility } from '#db/schema.ts'
import type { AccountId, RepoId, TokenId } from '../kernel/ids.ts'

export interface RepoFactsRow {
  id: RepoId
  type: RepoType
  name: string
  owner_id: AccountId
  owner_name: string
  visibility: Visibility
  disabled_at_ms: number | null
  policy_epoch: number
  owner_epoch: number
  role: RoleName | null
}

const repoFacts = (q: Querier, actorId: AccountId | undefined) =>
  q
    .selectFrom('repo')
    .innerJoin('account as owner', 'owner.id', 'repo.owner_id')
    .leftJoin('membership', (join) =>
      join
        .onRef('membership.org_id', '=', 'repo.owner_id')
        .on('membership.user_id', '=', actorId ?? ('' as AccountId)),
    )
    .select([
      'repo.id',
      'repo.type',
      'repo.name',
      'repo.owner_id',
      'owner.name as owner_name',
      'repo.visibility',
      'repo.disabled_at_ms',
      'repo.policy_epoch',
      'owner.policy_epoch as owner_epoch',
      'membership.role',
    ])

export const repoFactsByPath = async (
  q: Querier,
  target: { type: RepoType; ownerKey: string; nameKey: string },
  actorId: AccountId | undefined,
): Promise<RepoFactsRow | undefined> =>
  repoFacts(q, actorId)
    .where('repo.type', '=', target.type)
    .where('owner.name_key', '=', target.ownerKey)
    .where('repo.name_key', '=', target.nameKey)
    .executeTakeFirst()

export const repoFactsById = async (
  q: Querier,
  id: RepoId,
  actorId: AccountId | undefined,
): Promise<RepoFactsRow | undefined> =>
  repoFacts(q, actorId).where('repo.id', '=', id).executeTakeFirst()

export const repoFactsByAlias = async (
  q: Querier,
  target: { type: RepoType; pathKey: string },
  actorId: AccountId | undefined,
): Promise<RepoFactsRow | undefined> =>
  repoFacts(q, actorId)
    .innerJoin('repo_alias', 'repo_alias.repo_id', 'repo.id')
    .where('repo_alias.type', '=', target.type)
    .where('repo_alias.path_key', '=', target.pathKey)
    .executeTakeFirst()

export interface NamespaceFactsRow {
  id: AccountId
  name: string
  kind: 'user' | 'org'
  role: RoleName | null
}

export const namespaceFacts = async (
  q: Querier,
  nameKey: string,
  actorId: AccountId | undefined,
): Promise<NamespaceFactsRow | undefined> =>
  q
    .selectFrom('account')
    .leftJoin('membership', (join) =>
      join
        .onRef('membership.org_id', '=', 'account.id')
        .on('membership.user_id', '=', actorId ?? ('' as AccountId)),
    )
    .select(['account.id', 'account.name', 'account.kind', 'membership.role'])
    .where('account.name_key', '=', nameKey)
    .executeTakeFirst()

export interface ActorRow {
  id: AccountId
  name: string
  is_admin: 0 | 1
}

/** An account that may act now: for a ticket whose holder must be looked at again. */
export const activeAccount = async (q: Querier, id: AccountId): Promise<ActorRow | undefined> =>
  q
    .selectFrom('account')
    .select(['id', 'name', 'is_admin'])
    .where('id', '=', id)
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst()

/** Is the token in force at this time: there, not revoked, not expired? */
export const isTokenInForce = async (q: Querier, id: TokenId, nowMs: number): Promise<boolean> => {
  const row = await q
    .selectFrom('token')
    .select(['revoked_at_ms', 'expires_at_ms'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined || row.revoked_at_ms !== null) return false
  return row.expires_at_ms === null || row.expires_at_ms > nowMs
}
