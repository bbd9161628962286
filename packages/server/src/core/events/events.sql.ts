import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'

export const lastSeq = async (q: Querier): Promise<number> => {
  const row = await q
    .selectFrom('event')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst()
  return Number(row?.seq ?? 0)
}

export const lastEventAtMs = async (q: Querier): Promise<number | undefined> => {
  const row = await q
    .selectFrom('event')
    .select('at_ms')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at_ms
}

export const insertEvent = async (q: Querier, row: NewRow<'event'>): Promise<void> => {
  await q.insertInto('event').values(row).execute()
}

export const eventsAfter = async (
  q: Querier,
  seq: number,
  limit: number,
): Promise<Row<'event'>[]> =>
  q.selectFrom('event').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute()

export const cursorOf = async (q: Querier, consumer: string): Promise<number> => {
  const row = await q
    .selectFrom('event_cursor')
    .select('seq')
    .where('consumer', '=', consumer)
    .executeTakeFirst()
  return row?.seq ?? 0
}

export const moveCursor = async (q: Querier, consumer: string, seq: number): Promise<void> => {
  await q
    .insertInto('event_cursor')
    .values({ consumer, seq })
    .onConflict((c) => c.column('consumer').doUpdateSet({ seq }))
    .execute()
}
