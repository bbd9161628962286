import type { Querier } from '#db/flavor.ts'
import type { NewRow, RepoType, Row } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AccountId, RepoId, TokenId } from '../kernel/ids.ts'
import { inForce, visibleRepos } from '../policy/index.ts'

export type TokenRow = Row<'token'>

export const insertToken = async (q: Querier, row: NewRow<'token'>): Promise<void> => {
  await q.insertInto('token').values(row).execute()
}

export const tokenById = async (q: Querier, id: TokenId): Promise<TokenRow | undefined> =>
  q.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst()

export const tokensOf = async (
  q: Querier,
  accountId: AccountId,
  page: { after: string; limit: number },
): Promise<TokenRow[]> =>
  q
    .selectFrom('token')
    .selectAll()
    .where('account_id', '=', accountId)
    // A cast because any text has its place in the order.
    .where('id', '>', page.after as TokenId)
    .orderBy('id')
    .limit(page.limit)
    .execute()

/** Those not revoked and not an app's, which come and go by themselves: what a new one would be added to. */
export const countTokens = async (q: Querier, accountId: AccountId): Promise<number> => {
  const row = await q
    .selectFrom('token')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('account_id', '=', accountId)
    .where('revoked_at_ms', 'is', null)
    .where('app_id', 'is', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export const touchToken = async (q: Querier, id: TokenId, atMs: number): Promise<void> => {
  await q.updateTable('token').set({ last_used_at_ms: atMs }).where('id', '=', id).execute()
}

export const renameToken = async (q: Querier, id: TokenId, label: string): Promise<void> => {
  await q.updateTable('token').set({ label }).where('id', '=', id).execute()
}

/** Answers whether it was in force until now. */
export const revokeToken = async (
  q: Querier,
  id: TokenId,
  { atMs, why }: { atMs: number; why: TokenRow['ended_why'] },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('token')
    .set({ revoked_at_ms: atMs, ended_why: why })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const revokeTokensOf = async (
  q: Querier,
  accountId: AccountId,
  atMs: number,
): Promise<void> => {
  await q
    .updateTable('token')
    .set({ revoked_at_ms: atMs })
    .where('account_id', '=', accountId)
    .where('revoked_at_ms', 'is', null)
    .execute()
}

/** Lets a token that was replaced go on until then. */
export const endTokenAt = async (q: Querier, id: TokenId, atMs: number): Promise<void> => {
  await q
    .updateTable('token')
    .set({ expires_at_ms: atMs, ended_why: 'rotated' })
    .where('id', '=', id)
    .execute()
}

/** Deletes tokens that ended long ago, with what was decided about them. */
export const forgetTokens = async (q: Querier, ids: readonly TokenId[]): Promise<void> => {
  if (ids.length === 0) return
  await q.deleteFrom('token_approval').where('token_id', 'in', ids).execute()
  await q.deleteFrom('token').where('id', 'in', ids).execute()
}

/** Tokens by what is stored of their secrets, whose accounts do not matter: for leaks. */
export const tokensBySecret = async (
  q: Querier,
  hashes: readonly string[],
): Promise<Pick<TokenRow, 'id' | 'account_id' | 'secret_sha256' | 'revoked_at_ms'>[]> =>
  hashes.length === 0
    ? []
    : q
        .selectFrom('token')
        .select(['id', 'account_id', 'secret_sha256', 'revoked_at_ms'])
        .where('secret_sha256', 'in', hashes)
        .execute()

/** Repos among these that the account may see. */
export const reposByIds = async (
  q: Querier,
  ids: readonly RepoId[],
  { actor, nowMs }: { actor: Actor; nowMs: number },
): Promise<{ id: RepoId; type: RepoType; name: string; owner: string }[]> =>
  ids.length === 0
    ? []
    : q
        .selectFrom('repo')
        .innerJoin('account', 'account.id', 'repo.owner_id')
        .select(['repo.id', 'repo.type', 'repo.name', 'account.name as owner'])
        .where('repo.id', 'in', ids)
        .where(visibleRepos(actor, nowMs))
        .execute()

export const accountsByIds = async (
  q: Querier,
  ids: readonly AccountId[],
): Promise<{ id: AccountId; kind: 'user' | 'org'; name: string }[]> =>
  ids.length === 0
    ? []
    : q.selectFrom('account').select(['id', 'kind', 'name']).where('id', 'in', ids).execute()

export const ownerOfRepo = async (q: Querier, id: RepoId): Promise<AccountId | undefined> => {
  const row = await q.selectFrom('repo').select('owner_id').where('id', '=', id).executeTakeFirst()
  return row?.owner_id
}

/** Has the account a grant of its own on something of the organisation? */
export const grantsIn = async (
  q: Querier,
  { orgId, userId, nowMs }: { orgId: AccountId; userId: AccountId; nowMs: number },
): Promise<boolean> => {
  const row = await q
    .selectFrom('access_grant')
    .leftJoin('repo', 'repo.id', 'access_grant.target_id')
    .leftJoin('resource_group', 'resource_group.id', 'access_grant.target_id')
    .select('access_grant.target_id')
    .where('access_grant.grantee_id', '=', userId)
    .where((eb) =>
      eb.or([eb('repo.owner_id', '=', orgId), eb('resource_group.org_id', '=', orgId)]),
    )
    .where(inForce('access_grant', nowMs))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
