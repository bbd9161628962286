import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, TokenId } from '../kernel/ids.ts'

export type AppRow = Row<'oauth_app'>

export const keepApp = async (q: Querier, row: NewRow<'oauth_app'>): Promise<void> => {
  await q
    .insertInto('oauth_app')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()
}

export const appById = async (q: Querier, id: string): Promise<AppRow | undefined> =>
  q
    .selectFrom('oauth_app')
    .selectAll()
    .where('id', '=', id)
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst()

/** Of one account, or all. */
export const appsOf = async (
  q: Querier,
  ownerId: AccountId | undefined,
  page: { after: string; limit: number },
): Promise<AppRow[]> => {
  let query = q
    .selectFrom('oauth_app')
    .selectAll()
    .where('disabled_at_ms', 'is', null)
    .where('id', '>', page.after)
  if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId)
  return query.orderBy('id').limit(page.limit).execute()
}

export const countAppsOf = async (q: Querier, ownerId: AccountId): Promise<number> => {
  const row = await q
    .selectFrom('oauth_app')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('owner_id', '=', ownerId)
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Apps that registered themselves: from one address, or in all. */
export const countSelfRegistered = async (
  q: Querier,
  ip: string | undefined,
  sinceMs: number,
): Promise<number> => {
  let query = q
    .selectFrom('oauth_app')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('created_at_ms', '>', sinceMs)
  query =
    ip === undefined ? query.where('from_ip', 'is not', null) : query.where('from_ip', '=', ip)
  return Number((await query.executeTakeFirst())?.count ?? 0)
}

export const setAppSecret = async (q: Querier, id: string, secretSha256: string): Promise<void> => {
  await q
    .updateTable('oauth_app')
    .set({ secret_sha256: secretSha256 })
    .where('id', '=', id)
    .execute()
}

export const touchApp = async (q: Querier, id: string, atMs: number): Promise<void> => {
  await q.updateTable('oauth_app').set({ used_at_ms: atMs }).where('id', '=', id).execute()
}

/** False when it was already. */
export const disableApp = async (q: Querier, id: string, atMs: number): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('oauth_app')
    .set({ disabled_at_ms: atMs })
    .where('id', '=', id)
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const consentOf = async (
  q: Querier,
  accountId: AccountId,
  appId: string,
): Promise<string | undefined> => {
  const row = await q
    .selectFrom('oauth_consent')
    .select('scopes')
    .where('account_id', '=', accountId)
    .where('app_id', '=', appId)
    .executeTakeFirst()
  return row?.scopes
}

export const putConsent = async (q: Querier, row: NewRow<'oauth_consent'>): Promise<void> => {
  await q
    .insertInto('oauth_consent')
    .values(row)
    .onConflict((c) => c.columns(['account_id', 'app_id']).doUpdateSet({ scopes: row.scopes }))
    .execute()
}

/** In order of the apps' ids. */
export const consentsOf = async (
  q: Querier,
  accountId: AccountId,
  page: { after: string; limit: number },
): Promise<(Row<'oauth_consent'> & Pick<AppRow, 'name' | 'website'>)[]> =>
  q
    .selectFrom('oauth_consent')
    .innerJoin('oauth_app', 'oauth_app.id', 'oauth_consent.app_id')
    .selectAll('oauth_consent')
    .select(['oauth_app.name', 'oauth_app.website'])
    .where('oauth_consent.account_id', '=', accountId)
    .where('oauth_app.disabled_at_ms', 'is', null)
    .where('oauth_consent.app_id', '>', page.after)
    .orderBy('oauth_consent.app_id')
    .limit(page.limit)
    .execute()

/** Takes back what was allowed: consent and codes. Of one account, or everybody's. */
export const deleteConsents = async (
  q: Querier,
  appId: string,
  accountId: AccountId | undefined,
): Promise<boolean> => {
  let consents = q.deleteFrom('oauth_consent').where('app_id', '=', appId)
  let codes = q.deleteFrom('oauth_code').where('app_id', '=', appId)
  if (accountId !== undefined) {
    consents = consents.where('account_id', '=', accountId)
    codes = codes.where('account_id', '=', accountId)
  }
  await codes.execute()
  const { numDeletedRows } = await consents.executeTakeFirst()
  return numDeletedRows > 0n
}

/** Ends refresh tokens of an app, a batch of them; answers the access tokens that came with them. */
export const endGrants = async (
  q: Querier,
  of: { appId: string; accountId: AccountId | undefined; atMs: number; limit: number },
): Promise<TokenId[]> => {
  let query = q
    .selectFrom('oauth_refresh')
    .select(['secret_sha256', 'token_id'])
    .where('app_id', '=', of.appId)
    .where('ended_at_ms', 'is', null)
  if (of.accountId !== undefined) query = query.where('account_id', '=', of.accountId)
  const rows = await query.limit(of.limit).execute()
  if (rows.length === 0) return []
  await q
    .updateTable('oauth_refresh')
    .set({ ended_at_ms: of.atMs })
    .where(
      'secret_sha256',
      'in',
      rows.map((row) => row.secret_sha256),
    )
    .execute()
  return rows.map((row) => row.token_id)
}

/** Apps that were removed and have tokens in force: a removal that was cut short. */
export const removedWithGrants = async (q: Querier, limit: number): Promise<string[]> => {
  const rows = await q
    .selectFrom('oauth_app')
    .select('id')
    .where('disabled_at_ms', 'is not', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('oauth_refresh')
          .select('oauth_refresh.token_id')
          .whereRef('oauth_refresh.app_id', '=', 'oauth_app.id')
          .where('oauth_refresh.ended_at_ms', 'is', null),
      ),
    )
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Apps that registered themselves and were never used since, or not for long. */
export const idleApps = async (
  q: Querier,
  before: { unusedMs: number; idleMs: number; limit: number },
): Promise<string[]> => {
  const rows = await q
    .selectFrom('oauth_app')
    .select('id')
    .where('from_ip', 'is not', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('used_at_ms', 'is', null), eb('created_at_ms', '<', before.unusedMs)]),
        eb('used_at_ms', '<', before.idleMs),
      ]),
    )
    .limit(before.limit)
    .execute()
  return rows.map((row) => row.id)
}

/** With all that names it. */
export const deleteApp = async (q: Querier, id: string): Promise<void> => {
  await q.deleteFrom('oauth_code').where('app_id', '=', id).execute()
  await q.deleteFrom('oauth_consent').where('app_id', '=', id).execute()
  await q.deleteFrom('oauth_device').where('app_id', '=', id).execute()
  await q.deleteFrom('oauth_refresh').where('app_id', '=', id).execute()
  await q.deleteFrom('oauth_app').where('id', '=', id).execute()
}
