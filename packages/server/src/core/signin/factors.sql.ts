import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

export const totpOf = async (q: Querier, accountId: AccountId): Promise<Row<'totp'> | undefined> =>
  q.selectFrom('totp').selectAll().where('account_id', '=', accountId).executeTakeFirst()

export const insertTotp = async (q: Querier, row: NewRow<'totp'>): Promise<void> => {
  await q.insertInto('totp').values(row).execute()
}

/** A step is taken once, and none before it afterwards. */
export const takeStep = async (
  q: Querier,
  accountId: AccountId,
  step: number,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('totp')
    .set({ last_step: step })
    .where('account_id', '=', accountId)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const confirmTotp = async (
  q: Querier,
  accountId: AccountId,
  atMs: number,
): Promise<void> => {
  await q
    .updateTable('totp')
    .set({ confirmed_at_ms: atMs })
    .where('account_id', '=', accountId)
    .execute()
}

/** What was there. */
export const deleteTotp = async (
  q: Querier,
  accountId: AccountId,
): Promise<Row<'totp'> | undefined> => {
  const row = await totpOf(q, accountId)
  await q.deleteFrom('totp').where('account_id', '=', accountId).execute()
  return row
}

export const insertCodes = async (
  q: Querier,
  accountId: AccountId,
  hashes: readonly string[],
): Promise<void> => {
  const rows = hashes.map((sha256) => ({ account_id: accountId, sha256, used_at_ms: null }))
  await q.insertInto('recovery_code').values(rows).execute()
}

export const deleteCodes = async (q: Querier, accountId: AccountId): Promise<void> => {
  await q.deleteFrom('recovery_code').where('account_id', '=', accountId).execute()
}

export const takeCode = async (
  q: Querier,
  accountId: AccountId,
  { sha256, atMs }: { sha256: string; atMs: number },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('recovery_code')
    .set({ used_at_ms: atMs })
    .where('account_id', '=', accountId)
    .where('sha256', '=', sha256)
    .where('used_at_ms', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const countCodes = async (q: Querier, accountId: AccountId): Promise<number> => {
  const row = await q
    .selectFrom('recovery_code')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('used_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
