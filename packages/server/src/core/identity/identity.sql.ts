import { sql } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

export type AccountRow = Row<'account'>

export const accountByKey = async (q: Querier, nameKey: string): Promise<AccountRow | undefined> =>
  q.selectFrom('account').selectAll().where('name_key', '=', nameKey).executeTakeFirst()

export const accountById = async (q: Querier, id: AccountId): Promise<AccountRow | undefined> =>
  q.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()

export const namesOf = async (
  q: Querier,
  ids: readonly AccountId[],
): Promise<Pick<AccountRow, 'id' | 'name'>[]> =>
  ids.length === 0
    ? []
    : q.selectFrom('account').select(['id', 'name']).where('id', 'in', ids).execute()

/** An account whose name a reader could take for this one. `folded` is from `foldName`; the index `account_alike` is over this expression. */
export const accountLike = async (q: Querier, folded: string): Promise<AccountRow | undefined> =>
  q
    .selectFrom('account')
    .selectAll()
    .where(
      sql<string>`replace(replace(replace(replace(replace(name_key, '0', 'o'), '1', 'l'), 'i', 'l'), '_', '-'), '.', '-')`,
      '=',
      folded,
    )
    .limit(1)
    .executeTakeFirst()

export const insertAccount = async (q: Querier, row: NewRow<'account'>): Promise<void> => {
  await q.insertInto('account').values(row).execute()
}

export const setPassword = async (q: Querier, row: NewRow<'password'>): Promise<void> => {
  await q
    .insertInto('password')
    .values(row)
    .onConflict((c) =>
      c.column('account_id').doUpdateSet({ hash: row.hash, changed_at_ms: row.changed_at_ms }),
    )
    .execute()
}

export const passwordOf = async (
  q: Querier,
  accountId: AccountId,
): Promise<{ hash: string } | undefined> =>
  q.selectFrom('password').select('hash').where('account_id', '=', accountId).executeTakeFirst()

export const listAccounts = async (
  q: Querier,
  kind: 'user' | 'org',
  afterKey: string,
  limit: number,
): Promise<AccountRow[]> =>
  q
    .selectFrom('account')
    .selectAll()
    .where('kind', '=', kind)
    .where('name_key', '>', afterKey)
    .orderBy('name_key')
    .limit(limit)
    .execute()

export const listOrgs = async (
  q: Querier,
  afterKey: string,
  limit: number,
): Promise<AccountRow[]> =>
  q
    .selectFrom('account')
    .selectAll()
    .where('kind', '=', 'org')
    .where('disabled_at_ms', 'is', null)
    .where('name_key', '>', afterKey)
    .orderBy('name_key')
    .limit(limit)
    .execute()

/** Any account but this one. */
export const hasAccounts = async (q: Querier, but = '' as AccountId): Promise<boolean> => {
  const others = q.selectFrom('account').select('id').where('id', '!=', but)
  return (await others.limit(1).executeTakeFirst()) !== undefined
}

export const disableAccount = async (q: Querier, id: AccountId, atMs: number): Promise<void> => {
  await q.updateTable('account').set({ disabled_at_ms: atMs }).where('id', '=', id).execute()
}

/** Only one that was disabled at that moment: answers whether it was. */
export const enableAccount = async (
  q: Querier,
  id: AccountId,
  disabledAtMs: number,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('account')
    .set({ disabled_at_ms: null })
    .where('id', '=', id)
    .where('disabled_at_ms', '=', disabledAtMs)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** What an account says of itself. */
export const setCard = async (
  q: Querier,
  id: AccountId,
  card: Partial<Pick<AccountRow, 'full_name' | 'details' | 'website' | 'email'>>,
): Promise<void> => {
  await q.updateTable('account').set(card).where('id', '=', id).execute()
}

export const servicesOf = async (
  q: Querier,
  orgId: AccountId,
  page: { after: string; limit: number },
): Promise<AccountRow[]> =>
  q
    .selectFrom('account')
    .selectAll()
    .where('service_of', '=', orgId)
    .where('name_key', '>', page.after)
    .orderBy('name_key')
    .limit(page.limit)
    .execute()

export const disableServicesOf = async (
  q: Querier,
  orgId: AccountId,
  atMs: number,
): Promise<void> => {
  await q
    .updateTable('account')
    .set({ disabled_at_ms: atMs })
    .where('service_of', '=', orgId)
    .where('disabled_at_ms', 'is', null)
    .execute()
}

export const raiseEpoch = async (q: Querier, id: AccountId): Promise<void> => {
  await q
    .updateTable('account')
    .set((eb) => ({ policy_epoch: eb('policy_epoch', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export const insertInvitation = async (q: Querier, row: NewRow<'invitation'>): Promise<void> => {
  await q.insertInto('invitation').values(row).execute()
}

export const clearInvitations = async (q: Querier): Promise<void> => {
  await q.deleteFrom('invitation').where('purpose', '=', 'setup').execute()
}

export const invitationBySecret = async (
  q: Querier,
  secretSha256: string,
): Promise<Row<'invitation'> | undefined> =>
  q
    .selectFrom('invitation')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()
