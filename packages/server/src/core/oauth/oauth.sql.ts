import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, FamilyId, TokenId } from '../kernel/ids.ts'

export const insertDevice = async (q: Querier, row: NewRow<'oauth_device'>): Promise<void> => {
  await q.insertInto('oauth_device').values(row).execute()
}

export const deviceBySecret = async (
  q: Querier,
  secretSha256: string,
): Promise<Row<'oauth_device'> | undefined> =>
  q
    .selectFrom('oauth_device')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()

export const deviceByUserCode = async (
  q: Querier,
  userCode: string,
): Promise<Row<'oauth_device'> | undefined> =>
  q.selectFrom('oauth_device').selectAll().where('user_code', '=', userCode).executeTakeFirst()

export const noteDevicePoll = async (
  q: Querier,
  secretSha256: string,
  atMs: number,
): Promise<void> => {
  await q
    .updateTable('oauth_device')
    .set({ polled_at_ms: atMs })
    .where('secret_sha256', '=', secretSha256)
    .execute()
}

/** Moves a request on from the state it must be in; false when it was not. */
export const moveDevice = async (
  q: Querier,
  secretSha256: string,
  from: Row<'oauth_device'>['state'],
  to: { state: Row<'oauth_device'>['state']; account_id?: AccountId },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('oauth_device')
    .set(to)
    .where('secret_sha256', '=', secretSha256)
    .where('state', '=', from)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export const insertRefresh = async (q: Querier, row: NewRow<'oauth_refresh'>): Promise<void> => {
  await q.insertInto('oauth_refresh').values(row).execute()
}

export const refreshBySecret = async (
  q: Querier,
  secretSha256: string,
): Promise<Row<'oauth_refresh'> | undefined> =>
  q
    .selectFrom('oauth_refresh')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()

/** Marks it used; false when it was already, or has ended. */
export const useRefresh = async (
  q: Querier,
  secretSha256: string,
  atMs: number,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('oauth_refresh')
    .set({ used_at_ms: atMs })
    .where('secret_sha256', '=', secretSha256)
    .where('used_at_ms', 'is', null)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Ends every refresh token of an account. */
export const endRefreshesOf = async (
  q: Querier,
  accountId: AccountId,
  atMs: number,
): Promise<void> => {
  await q
    .updateTable('oauth_refresh')
    .set({ ended_at_ms: atMs })
    .where('account_id', '=', accountId)
    .where('ended_at_ms', 'is', null)
    .execute()
}

/** Ends every refresh token of a family; answers the access tokens that came with them. */
export const endFamily = async (
  q: Querier,
  familyId: FamilyId,
  atMs: number,
): Promise<TokenId[]> => {
  await q
    .updateTable('oauth_refresh')
    .set({ ended_at_ms: atMs })
    .where('family_id', '=', familyId)
    .where('ended_at_ms', 'is', null)
    .execute()
  const rows = await q
    .selectFrom('oauth_refresh')
    .select('token_id')
    .where('family_id', '=', familyId)
    .execute()
  return rows.map((row) => row.token_id)
}

/** Requests that nobody has decided about: from one address, or in all. */
export const countWaiting = async (
  q: Querier,
  ip: string | undefined,
  nowMs: number,
): Promise<number> => {
  let query = q
    .selectFrom('oauth_device')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', '=', 'pending')
    .where('expires_at_ms', '>', nowMs)
  if (ip !== undefined) query = query.where('ip', '=', ip)
  return Number((await query.executeTakeFirst())?.count ?? 0)
}

/** How often a family was renewed since then. */
export const countRenewals = async (
  q: Querier,
  familyId: FamilyId,
  sinceMs: number,
): Promise<number> => {
  const row = await q
    .selectFrom('oauth_refresh')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('family_id', '=', familyId)
    .where('created_at_ms', '>', sinceMs)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** What an access token was given for; undefined for one that no app was given. */
export const scopesOfToken = async (q: Querier, id: TokenId): Promise<string | undefined> => {
  const row = await q
    .selectFrom('oauth_refresh')
    .select('scopes')
    .where('token_id', '=', id)
    .executeTakeFirst()
  return row?.scopes
}

export const insertCode = async (q: Querier, row: NewRow<'oauth_code'>): Promise<void> => {
  await q.insertInto('oauth_code').values(row).execute()
}

export const codeBySecret = async (
  q: Querier,
  secretSha256: string,
): Promise<Row<'oauth_code'> | undefined> =>
  q
    .selectFrom('oauth_code')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()

/** Marks it used; false when it was already, or was taken back. */
export const useCode = async (q: Querier, secretSha256: string, atMs: number): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('oauth_code')
    .set({ used_at_ms: atMs })
    .where('secret_sha256', '=', secretSha256)
    .where('used_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Deletes rows that expired before then, a batch of them; answers how many. */
export const deleteExpired = async (
  q: Querier,
  table: 'oauth_code' | 'oauth_device',
  { beforeMs, limit }: { beforeMs: number; limit: number },
): Promise<number> => {
  const rows = await q
    .selectFrom(table)
    .select('secret_sha256')
    .where('expires_at_ms', '<', beforeMs)
    .limit(limit)
    .execute()
  if (rows.length === 0) return 0
  await q
    .deleteFrom(table)
    .where(
      'secret_sha256',
      'in',
      rows.map((row) => row.secret_sha256),
    )
    .execute()
  return rows.length
}

/** The same of refresh tokens; answers the access tokens that came with them. */
export const deleteExpiredRefresh = async (
  q: Querier,
  { beforeMs, limit }: { beforeMs: number; limit: number },
): Promise<TokenId[]> => {
  const rows = await q
    .selectFrom('oauth_refresh')
    .select(['secret_sha256', 'token_id'])
    .where('expires_at_ms', '<', beforeMs)
    .limit(limit)
    .execute()
  if (rows.length === 0) return []
  await q
    .deleteFrom('oauth_refresh')
    .where(
      'secret_sha256',
      'in',
      rows.map((row) => row.secret_sha256),
    )
    .execute()
  return rows.map((row) => row.token_id)
}

export const insertKey = async (q: Querier, row: NewRow<'oauth_key'>): Promise<void> => {
  await q.insertInto('oauth_key').values(row).execute()
}

/** Those in use and those retired since then, newest first. */
export const keysSince = async (
  q: Querier,
  sinceMs: number,
  limit: number,
): Promise<Row<'oauth_key'>[]> =>
  q
    .selectFrom('oauth_key')
    .selectAll()
    .where((eb) => eb.or([eb('retired_at_ms', 'is', null), eb('retired_at_ms', '>', sinceMs)]))
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

/** All that are in use. */
export const retireKeys = async (q: Querier, atMs: number): Promise<void> => {
  await q
    .updateTable('oauth_key')
    .set({ retired_at_ms: atMs })
    .where('retired_at_ms', 'is', null)
    .execute()
}
