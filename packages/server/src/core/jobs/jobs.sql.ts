import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { JobId } from '../kernel/ids.ts'

/** Queues a job unless the same work is queued already. */
export const insertJob = async (q: Querier, row: NewRow<'job'>): Promise<void> => {
  await q
    .insertInto('job')
    .values(row)
    .onConflict((c) => c.column('work_key').doNothing())
    .execute()
}

/** The next job that is due, or whose worker's lease has run out. */
export const dueJob = async (q: Querier, nowMs: number): Promise<Row<'job'> | undefined> =>
  q
    .selectFrom('job')
    .selectAll()
    .where('run_at_ms', '<=', nowMs)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'queued'),
        eb.and([eb('state', '=', 'running'), eb('lease_until_ms', '<', nowMs)]),
      ]),
    )
    .orderBy('run_at_ms')
    .limit(1)
    .executeTakeFirst()

export const leaseJob = async (q: Querier, id: JobId, leaseUntilMs: number): Promise<void> => {
  await q
    .updateTable('job')
    .set((eb) => ({
      state: 'running',
      lease_until_ms: leaseUntilMs,
      attempts: eb('attempts', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
}

export const renewLease = async (q: Querier, id: JobId, leaseUntilMs: number): Promise<void> => {
  await q
    .updateTable('job')
    .set({ lease_until_ms: leaseUntilMs })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}

/** As it was before it was claimed: this run does not count. */
export const unclaimJob = async (
  q: Querier,
  { id, attempts }: Pick<Row<'job'>, 'id' | 'attempts'>,
): Promise<void> => {
  await q
    .updateTable('job')
    .set({ state: 'queued', attempts, lease_until_ms: null })
    .where('id', '=', id)
    .execute()
}

export const deleteJob = async (q: Querier, id: JobId): Promise<void> => {
  await q.deleteFrom('job').where('id', '=', id).execute()
}

export const postponeJob = async (
  q: Querier,
  id: JobId,
  to: { state: 'queued' | 'parked'; runAtMs: number; lastError: string },
): Promise<void> => {
  await q
    .updateTable('job')
    .set({ state: to.state, run_at_ms: to.runAtMs, last_error: to.lastError, lease_until_ms: null })
    .where('id', '=', id)
    .execute()
}

export const countJobs = async (
  q: Querier,
): Promise<{ state: Row<'job'>['state']; count: number }[]> => {
  const rows = await q
    .selectFrom('job')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return rows.map((row) => ({ state: row.state, count: Number(row.count) }))
}

/** What waits for a person comes first. Without payloads. */
export const jobsInOrder = async (
  q: Querier,
  limit: number,
): Promise<Omit<Row<'job'>, 'payload' | 'work_key' | 'lease_until_ms'>[]> =>
  q
    .selectFrom('job')
    .select(['id', 'kind', 'state', 'run_at_ms', 'attempts', 'last_error', 'created_at_ms'])
    .orderBy((eb) => eb.case().when('state', '=', 'parked').then(0).else(1).end())
    .orderBy('run_at_ms')
    .orderBy('id')
    .limit(limit)
    .execute()

/** Its kind; undefined when it is not parked. Its attempts begin anew. */
export const unparkJob = async (
  q: Querier,
  id: string,
  nowMs: number,
): Promise<string | undefined> => {
  const row = await q
    .updateTable('job')
    .set({ state: 'queued', attempts: 0, run_at_ms: nowMs })
    // A cast because an unknown id is answered as such.
    .where('id', '=', id as JobId)
    .where('state', '=', 'parked')
    .returning('kind')
    .executeTakeFirst()
  return row?.kind
}
