import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, AuditSinkId } from '../kernel/ids.ts'

export const lastEntrySeq = async (q: Querier): Promise<number> => {
  const row = await q
    .selectFrom('audit_entry')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.seq ?? 0
}

export const hasEntryOf = async (q: Querier, eventSeq: number): Promise<boolean> => {
  const row = await q
    .selectFrom('audit_entry')
    .select('seq')
    .where('event_seq', '=', eventSeq)
    .executeTakeFirst()
  return row !== undefined
}

export const insertEntries = async (
  q: Querier,
  rows: readonly NewRow<'audit_entry'>[],
): Promise<void> => {
  for (const row of rows) await q.insertInto('audit_entry').values(row).execute()
}

/** What entries are looked for by. Absent members let everything through. */
export interface EntryFilter {
  /** Whose trail: entries in that namespace, on its behalf, or by that account. */
  readonly of?: AccountId
  readonly actorName?: string
  readonly act?: string
  readonly outcome?: 'done' | 'denied'
  readonly targetPath?: string
  readonly sinceMs?: number
  readonly untilMs?: number
}

/** Newest first, below a `seq`; or oldest first, above one. */
export const entries = async (
  q: Querier,
  filter: EntryFilter,
  page: { below?: number; above?: number; limit: number },
): Promise<Row<'audit_entry'>[]> => {
  let query = q.selectFrom('audit_entry').selectAll()
  const { of, actorName, act, outcome, targetPath, sinceMs, untilMs } = filter
  if (of !== undefined) {
    query = query.where((eb) =>
      eb.or([eb('owner_id', '=', of), eb('behalf_id', '=', of), eb('actor_id', '=', of)]),
    )
  }
  if (actorName !== undefined) query = query.where('actor_name', '=', actorName)
  if (act !== undefined) query = query.where('act', '=', act)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  if (targetPath !== undefined) query = query.where('target_path', '=', targetPath)
  if (sinceMs !== undefined) query = query.where('at_ms', '>=', sinceMs)
  if (untilMs !== undefined) query = query.where('at_ms', '<', untilMs)
  if (page.below !== undefined) query = query.where('seq', '<', page.below)
  if (page.above !== undefined) query = query.where('seq', '>', page.above)
  return query
    .orderBy('seq', page.above === undefined ? 'desc' : 'asc')
    .limit(page.limit)
    .execute()
}

/** Deletes at most `limit` entries older than this; never the newest, from which the next `seq` is counted. */
export const pruneEntries = async (
  q: Querier,
  beforeMs: number,
  limit: number,
): Promise<number> => {
  const rows = await q
    .selectFrom('audit_entry')
    .select('seq')
    .where('at_ms', '<', beforeMs)
    .where('seq', '<', await lastEntrySeq(q))
    .orderBy('at_ms')
    .limit(limit)
    .execute()
  if (rows.length === 0) return 0
  const seqs = rows.map((row) => row.seq)
  await q.deleteFrom('audit_entry').where('seq', 'in', seqs).execute()
  return seqs.length
}

export const insertSink = async (q: Querier, row: NewRow<'audit_sink'>): Promise<void> => {
  await q.insertInto('audit_sink').values(row).execute()
}

export const sinks = async (q: Querier): Promise<Row<'audit_sink'>[]> =>
  q.selectFrom('audit_sink').selectAll().orderBy('id').limit(100).execute()

export const deleteSink = async (q: Querier, id: AuditSinkId): Promise<boolean> => {
  const { numDeletedRows } = await q
    .deleteFrom('audit_sink')
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(numDeletedRows) > 0
}

export const noteDelivery = async (
  q: Querier,
  id: AuditSinkId,
  change: { after_seq?: number; last_error: string | null },
): Promise<void> => {
  await q.updateTable('audit_sink').set(change).where('id', '=', id).execute()
}
