/** What a house does by itself, and how often: a table, and the queue that works it off. */
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Config } from '#config/config.ts'
import { packJob } from '#core/content/index.ts'
import type { Events } from '#core/events/index.ts'
import type { Hub } from '#core/hub.ts'
import type { Ctx, Log } from '#core/kernel/ctx.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Database } from '#db/connect.ts'

interface Chore {
  readonly kind: string
  readonly everyMs: number
  /** After the start; queued then only if no other instance has. */
  readonly firstMs: number
  run(signal: AbortSignal): Promise<void>
}

export interface ChoresDeps {
  readonly hub: Hub
  readonly db: Database
  readonly events: Events
  readonly log: Log
  readonly config: Config
  readonly systemCtx: (reason: string) => Ctx
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const packLaterMs = 5 * minuteMs
const collectPage = 100

const choresOf = ({ hub, db, events, log, config, systemCtx }: ChoresDeps): readonly Chore[] => {
  const { clock, content, chunks, repos, commits, audit, signin, oauth } = hub
  return [
    {
      kind: 'sweep',
      everyMs: hourMs,
      // Soon after the start, since what a crash left half swept can be neither linked nor sent again.
      firstMs: minuteMs,
      async run() {
        const freed = await content.sweep(limits.sweepGraceMs)
        const graces = { namedMs: limits.sweepGraceMs, unnamedMs: limits.xorbUploadGraceMs }
        const xorbsFreed = await chunks.sweep(graces)
        log.info({ ...freed, xorbs: xorbsFreed.xorbs, xorbBytes: xorbsFreed.bytes }, 'swept')
      },
    },
    {
      kind: 'scrub',
      everyMs: hourMs,
      firstMs: 10 * minuteMs,
      async run(signal) {
        const ctx = systemCtx('verify stored xorbs')
        const { damaged, ...seen } = await chunks.scrub({
          checkedBeforeMs: clock.nowMs() - limits.scrubEveryMs,
          bytesMax: limits.scrubBytesPerHour,
          signal,
          onDamage: (tx, { hash }) => events.append({ ...tx, ctx }, 'xorb_damaged', { xorb: hash }),
        })
        for (const { hash, problem } of damaged) {
          log.error(
            { xorb: hash, problem },
            'a stored xorb is damaged; send it again or restore it',
          )
        }
        log.info(seen, 'scrubbed')
      },
    },
    {
      kind: 'collect',
      everyMs: dayMs,
      firstMs: 30 * minuteMs,
      async run(signal) {
        let after = ''
        for (;;) {
          const page = await repos.each(db.read, after, collectPage)
          for (const { id, path } of page) {
            signal.throwIfAborted()
            // A damaged repo keeps what it has and does not stand in the way of others.
            await commits
              .collect(id, { graceMs: limits.sweepGraceMs, dryRun: false })
              .catch((error: unknown) => log.error({ err: error, repo: path }, 'nothing collected'))
          }
          const last = page.at(-1)
          if (last === undefined) break
          after = last.id
        }
      },
    },
    {
      kind: 'agreements',
      everyMs: 10_000,
      firstMs: 5_000,
      async run() {
        const moved = await hub.agreements.tick(systemCtx('what is due in agreements'))
        if (moved > 0) log.info({ moved }, 'agreements began, ended or lapsed')
      },
    },
    {
      kind: 'domains',
      everyMs: hourMs,
      firstMs: 20 * minuteMs,
      async run(signal) {
        const lost = await hub.signing.recheckDomains(systemCtx('look for proofs again'), signal)
        if (lost > 0) log.warn({ lost }, 'proofs of domains are gone')
      },
    },
    {
      kind: 'judge-licences',
      everyMs: dayMs,
      firstMs: 2 * minuteMs,
      async run(signal) {
        const judged = await hub.lineage.judgeOutdated(signal)
        if (judged > 0) log.info({ judged }, 'judged again by a new table of licences')
      },
    },
    {
      kind: 'prune-audit',
      everyMs: dayMs,
      firstMs: 45 * minuteMs,
      async run(signal) {
        const entries = await audit.prune(clock.nowMs() - config.auditKeptMs, signal)
        log.info({ entries }, 'pruned the trail')
      },
    },
    {
      kind: 'prune-sign-in',
      everyMs: hourMs,
      firstMs: 5 * minuteMs,
      async run() {
        log.info(await signin.prune(), 'pruned what is left of sign-ins')
      },
    },
    {
      kind: 'prune-oauth',
      everyMs: hourMs,
      firstMs: 15 * minuteMs,
      async run(signal) {
        log.info(await oauth.prune(signal), 'pruned codes, devices and unused apps')
      },
    },
  ]
}

/** Makes the queue know the chores; the answer queues their first runs. */
export const makeChores = (deps: ChoresDeps): (() => Promise<void>) => {
  const { db, hub } = deps
  const { clock, jobs, content } = hub
  const chores = choresOf(deps)

  /** Instances that queue the same run collide instead of doubling. */
  const queue = ({ kind, everyMs }: Chore, runAtMs: number) =>
    db.tx((q, after) => {
      const workKey = `${kind}:${Math.floor(runAtMs / everyMs)}`
      return jobs.enqueue({ q, after }, { kind, workKey, payload: {}, runAtMs })
    })

  for (const chore of chores) {
    jobs.handle(chore.kind, async (_payload, signal) => {
      // The next one is queued first: one that fails for good must not be the last.
      await queue(chore, clock.nowMs() + chore.everyMs)
      await chore.run(signal)
    })
  }

  jobs.handle(packJob, async (payload, signal) => {
    // A cast because only the content room queues these.
    const { sha256 } = payload as { sha256: Sha256 }
    if (await content.pack(sha256, signal)) return
    const runAtMs = clock.nowMs() + packLaterMs
    const job = {
      kind: packJob,
      // A name of its own: the job that runs now still has the other.
      workKey: `${packJob}:${sha256}:${runAtMs}`,
      payload: { sha256 },
      runAtMs,
    }
    await db.tx((q, after) => jobs.enqueue({ q, after }, job))
  })

  return async () => {
    for (const chore of chores) await queue(chore, clock.nowMs() + chore.firstMs)
  }
}
