import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, FamilyId, TokenId } from '../kernel/ids.ts'

export const keepApp = async (q: Querier, row: NewRow<'oauth_app'>): Promise<void> => {
  await q
    .insertInto('oauth_app')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()
}

export const appById = async (q: Querier, id: string): Promise<Row<'oauth_app'> | undefined> =>
  q
    .selectFrom('oauth_app')
    .selectAll()
    .where('id', '=', id)
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst()

export const insertDevice = async (q: Querier, row: NewRow<'oauth_device'>): Promise<void> => {
  await q.insertInto('oauth_device').values(row).execute()
}

export const deleteOldDevices = async (q: Querier, beforeMs: number): Promise<void> => {
  await q.deleteFrom('oauth_device').where('expires_at_ms', '<', beforeMs).execute()
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

/** Marks it used; false when it was already. */
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
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Ends every refresh token of a family; answers the access tokens that came with them. */
export const endFamily = async (
  q: Querier,
  familyId: FamilyId,
  atMs: number,
): Promise<TokenId[]> => {
  await q
    .updateTable('oauth_refresh')
    .set({ used_at_ms: atMs })
    .where('family_id', '=', familyId)
    .where('used_at_ms', 'is', null)
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
