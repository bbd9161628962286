import type { Querier } from '#db/flavor.ts'
import type { AccountId } from '../kernel/ids.ts'

export const quotaOf = async (q: Querier, accountId: AccountId): Promise<number | undefined> => {
  const row = await q
    .selectFrom('quota')
    .select('storage_bytes_max')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row?.storage_bytes_max
}

export const upsertQuota = async (
  q: Querier,
  accountId: AccountId,
  storageBytesMax: number,
): Promise<void> => {
  await q
    .insertInto('quota')
    .values({ account_id: accountId, storage_bytes_max: storageBytesMax })
    .onConflict((c) => c.column('account_id').doUpdateSet({ storage_bytes_max: storageBytesMax }))
    .execute()
}
