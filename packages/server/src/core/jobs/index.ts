/**
 * The jobs room: the queue only; handlers live in the rooms whose work they do. A job is a row, queued in the transaction of its cause,
 * claimed with a lease that is renewed while it runs, repeated with back-off, parked after too many failures. A job that a shutdown stops
 * is put back as it was.
 *
 * Invariant: a handler may run twice for one row, so it must be idempotent.
 */
import type { AfterCommit, Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Events } from '../events/index.ts'
import type { Ctx, Log } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { IdMaker, JobId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { HubPermit } from '../policy/index.ts'
import {
  countJobs,
  deleteJob,
  dueJob,
  insertJob,
  jobsInOrder,
  leaseJob,
  postponeJob,
  renewLease,
  unclaimJob,
  unparkJob,
} from './jobs.sql.ts'

export interface NewJob {
  readonly kind: string
  /** The same work queued twice is one row. */
  readonly workKey: string
  readonly payload: object
  readonly runAtMs?: number
}

/** What an administrator sees of one; never its payload, which may name what is hidden. */
export interface JobInfo {
  readonly id: JobId
  readonly kind: string
  readonly state: Row<'job'>['state']
  readonly attempts: number
  readonly runAtMs: number
  readonly createdAtMs: number
  readonly lastError: string | undefined
}

/** One that runs long heeds the signal, which is aborted by a shutdown, and throws then. */
export type JobHandler = (payload: unknown, signal: AbortSignal) => Promise<void>

export interface Jobs extends AsyncDisposable {
  enqueue(tx: { q: Querier; after: AfterCommit }, job: NewJob): Promise<void>
  handle(kind: string, handler: JobHandler): void
  /** Works off what is due until disposed; `pollMs` bounds how late a due job starts. */
  start(pollMs: number): void
  /** Runs every job that is due now, and those they queue; resolves when none is left and none runs here any more. */
  settle(): Promise<void>
  counts(permit: HubPermit): Promise<{ state: Row<'job'>['state']; count: number }[]>
  /** Those that are parked first, then in the order in which they run. At most 200. */
  list(permit: HubPermit): Promise<JobInfo[]>
  /** Lets a parked one run again, now. Errors: `entry_not_found` for one that is not parked. */
  retry(ctx: Ctx, permit: HubPermit, id: string): Promise<void>
}

export interface JobsDeps {
  readonly db: Database
  readonly events: Events
  readonly clock: Clock
  readonly ids: IdMaker
  readonly systemCtx: Ctx
  readonly log: Log
}

const listedMax = 200
const leaseMs = 10 * 60_000
const backoffBaseMs = 5_000

export const makeJobs = ({ db, events, clock, ids, systemCtx, log }: JobsDeps): Jobs => {
  const handlers = new Map<string, JobHandler>()
  const stop = new AbortController()
  let loop: Promise<void> | undefined
  let wake: AbortController | undefined

  const claim = () =>
    db.tx(async (q) => {
      const job = await dueJob(q, clock.nowMs())
      if (job !== undefined) await leaseJob(q, job.id, clock.nowMs() + leaseMs)
      return job
    })

  const keepLease = async (id: Row<'job'>['id'], done: AbortSignal): Promise<void> => {
    while (!done.aborted) {
      await clock.sleep(leaseMs / 3, done).catch(() => undefined)
      if (done.aborted) return
      await db
        .tx((q) => renewLease(q, id, clock.nowMs() + leaseMs))
        .catch((error: unknown) => log.warn({ err: error }, 'the lease of a job was not renewed'))
    }
  }

  const run = async (job: Row<'job'>): Promise<void> => {
    const handler = handlers.get(job.kind)
    if (handler === undefined) throw new Error(`no handler for jobs of kind ${job.kind}`)
    const done = new AbortController()
    const keeping = keepLease(job.id, done.signal)
    try {
      await handler(JSON.parse(job.payload), stop.signal)
    } finally {
      done.abort()
      await keeping
    }
  }

  const runClaimed = async (job: Row<'job'>): Promise<void> => {
    try {
      await run(job)
      await db.tx((q) => deleteJob(q, job.id))
    } catch (error) {
      if (stop.signal.aborted) {
        await db.tx((q) => unclaimJob(q, job))
        return
      }
      const attempts = job.attempts + 1
      const state = attempts >= limits.jobAttemptsMax ? 'parked' : 'queued'
      const runAtMs = clock.nowMs() + backoffBaseMs * 2 ** attempts
      log.error({ err: error, kind: job.kind, attempts, state }, 'a job failed')
      const change = { state, runAtMs, lastError: String(error) } as const
      await db.tx(async (q, after) => {
        if (state === 'queued') return postponeJob(q, job.id, change)
        await db.flavor.lockEvents(q)
        await postponeJob(q, job.id, change)
        const payload = { jobId: job.id, kind: job.kind }
        return events.append({ q, after, ctx: systemCtx }, 'job_parked', payload)
      })
    }
  }

  /** What this process claims and runs at this moment, whoever has begun it. */
  const running = new Set<Promise<boolean>>()

  const claimAndRun = async (): Promise<boolean> => {
    const job = await claim()
    if (job === undefined) return false
    await runClaimed(job)
    return true
  }

  const runOne = async (): Promise<boolean> => {
    if ((await dueJob(db.read, clock.nowMs())) === undefined) return false
    // Known before it is claimed: whoever finds nothing due any more finds it here.
    const work = claimAndRun()
    running.add(work)
    try {
      return await work
    } finally {
      running.delete(work)
    }
  }

  const workOff = async (): Promise<void> => {
    while (!stop.signal.aborted && (await runOne())) {
      // each turn is one job
    }
  }

  const settle = async (): Promise<void> => {
    for (;;) {
      await workOff()
      const others = [...running]
      if (others.length === 0) return
      // They may queue more. What fails among them is told by who has begun it.
      await Promise.allSettled(others)
    }
  }

  const work = async (pollMs: number): Promise<void> => {
    while (!stop.signal.aborted) {
      wake = new AbortController()
      await workOff().catch((error: unknown) => log.error({ err: error }, 'the job queue failed'))
      const until = AbortSignal.any([wake.signal, stop.signal])
      await clock.sleep(pollMs, until).catch(() => undefined)
    }
  }

  return {
    async enqueue({ q, after }, job) {
      await insertJob(q, {
        id: ids(),
        kind: job.kind,
        work_key: job.workKey,
        payload: JSON.stringify(job.payload),
        state: 'queued',
        run_at_ms: job.runAtMs ?? clock.nowMs(),
        attempts: 0,
        lease_until_ms: null,
        last_error: null,
        created_at_ms: clock.nowMs(),
      })
      after(() => wake?.abort())
    },
    handle: (kind, handler) => void handlers.set(kind, handler),
    start(pollMs) {
      loop ??= work(pollMs)
    },
    settle,
    counts: () => countJobs(db.read),
    list: async () =>
      (await jobsInOrder(db.read, listedMax)).map((row) => ({
        id: row.id,
        kind: row.kind,
        state: row.state,
        attempts: row.attempts,
        runAtMs: row.run_at_ms,
        createdAtMs: row.created_at_ms,
        lastError: row.last_error ?? undefined,
      })),
    async retry(ctx, _permit, id) {
      await db.tx(async (q, after) => {
        await db.flavor.lockEvents(q)
        const kind = await unparkJob(q, id, clock.nowMs())
        if (kind === undefined) {
          throw new HubError('entry_not_found', `No job "${id.slice(0, 64)}" is parked here.`)
        }
        await events.append({ q, after, ctx }, 'job_retried', { jobId: id, kind })
        after(() => wake?.abort())
      })
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await loop
    },
  }
}
