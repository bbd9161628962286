import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

export const insertPasskey = async (q: Querier, row: NewRow<'passkey'>): Promise<void> => {
  await q.insertInto('passkey').values(row).execute()
}

export const passkeyById = async (q: Querier, id: string): Promise<Row<'passkey'> | undefined> =>
  q.selectFrom('passkey').selectAll().where('id', '=', id).executeTakeFirst()

/** In the order they were made. */
export const passkeysOf = async (
  q: Querier,
  accountId: AccountId,
  limit: number,
): Promise<Row<'passkey'>[]> =>
  q
    .selectFrom('passkey')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('created_at_ms')
    .orderBy('id')
    .limit(limit)
    .execute()

/** False when another answer has moved the counter meanwhile, or the passkey is gone. */
export const usePasskey = async (
  q: Querier,
  id: string,
  { from, to, atMs }: { from: number; to: number; atMs: number },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('passkey')
    .set({ sign_count: to, used_at_ms: atMs })
    .where('id', '=', id)
    .where('sign_count', '=', from)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const renamePasskey = async (
  q: Querier,
  { id, own }: { id: string; own: AccountId },
  label: string,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('passkey')
    .set({ label })
    .where('id', '=', id)
    .where('account_id', '=', own)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const deletePasskey = async (q: Querier, id: string): Promise<void> => {
  await q.deleteFrom('passkey').where('id', '=', id).execute()
}
