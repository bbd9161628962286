/** A backup holds every sweep: what its database names must stay until it is copied. */
import type { Querier } from '#db/flavor.ts'

const heldKey = 'sweep_held_until_ms'

/** Until when nothing may be taken away. Read inside the transaction that dooms: a backup may have begun since the sweep did. */
export const sweepHeldUntilMs = async (q: Querier): Promise<number> => {
  const row = await q
    .selectFrom('meta')
    .select('value')
    .where('key', '=', heldKey)
    .executeTakeFirst()
  return Number(row?.value ?? 0)
}

export const holdSweepUntil = async (q: Querier, atMs: number): Promise<void> => {
  const value = String(atMs)
  await q
    .insertInto('meta')
    .values({ key: heldKey, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute()
}
