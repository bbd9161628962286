/**
 * The audit room: who did what, and who was denied what, by which door, for whom. Acts come from the events, which stay for ever; denials
 * from the doors. The trail may be pruned by age.
 *
 * Invariants: an event has one entry however often it is seen; `seq` only rises; a reader sees the trail of what it may audit and no more.
 */
import type { Database } from '#db/connect.ts'
import type { Consumer, HubEvent } from '../events/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Ctx, Log } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AuditSinkId, IdMaker, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { makeLru } from '../kernel/lru.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Clock } from '../kernel/time.ts'
import type { AccountPermit, HubPermit, NamespacePermit } from '../policy/index.ts'
import type { OpenSink } from '../ports/audit-sink.ts'
import type { Repos } from '../repos/index.ts'
import * as sql from './audit.sql.ts'
import { makeDenials } from './denials.ts'
import {
  csvHead,
  type Denial,
  type Entry,
  entryOfEvent,
  type EventTarget,
  formatCsv,
  toEntry,
  toLine,
} from './entry.ts'
import { makeSinks, type SinkInfo, type Sinks } from './sinks.ts'

export type { EntryFilter } from './audit.sql.ts'
export type { Denial, Entry } from './entry.ts'
export type { SinkInfo } from './sinks.ts'

/** Leave to read a trail: the hub's, a namespace's, or one's own. */
export type TrailPermit = HubPermit | NamespacePermit<'namespace.audit'> | AccountPermit

export type TrailFilter = Omit<sql.EntryFilter, 'of'>

export interface Audit extends AsyncDisposable {
  /** Writes an entry for each event. */
  readonly consumer: Consumer
  /** Notes a denial. Written soon after; the same one over and over becomes one entry with a count. Never throws. */
  denied(ctx: Ctx, denial: Denial): void
  /** Resolves when every denial noted so far is written. */
  flush(): Promise<void>
  /** Newest first. `next` continues after the last one. */
  list(
    permit: TrailPermit,
    filter: TrailFilter,
    page: { cursor?: number; limit: number },
  ): Promise<{ entries: Entry[]; next: number | undefined }>
  /** The whole trail that fits the filter, oldest first, as text that a file may hold: JSON lines, or CSV with a head. */
  export(permit: TrailPermit, filter: TrailFilter, format: 'jsonl' | 'csv'): AsyncIterable<string>
  /** Deletes entries older than this; answers how many. */
  prune(beforeMs: number, signal: AbortSignal): Promise<number>
  /** Begins to send new entries to this place. Errors: `invalid` target. */
  addSink(
    permit: HubPermit,
    sink: { kind: 'syslog' | 'http'; target: string; secret?: string },
  ): Promise<SinkInfo>
  listSinks(permit: HubPermit): Promise<SinkInfo[]>
  /** Errors: `entry_not_found`. */
  removeSink(permit: HubPermit, id: AuditSinkId): Promise<void>
  /** Sends to every sink what it has not got. Failures are kept with the sink and tried again next time. */
  deliver(signal: AbortSignal): Promise<void>
  /** Flushes and delivers now and then, until disposed. */
  start(everyMs: number): void
}

export interface AuditDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: IdMaker
  readonly log: Log
  readonly identity: Identity
  readonly repos: Repos
  readonly openSink: OpenSink
  readonly sealer: Sealer
}

const namesKept = 5_000
const pruneBatch = 500

/** Events that say more often than anybody wants to read what others say as well. */
const unspoken: ReadonlySet<string> = new Set(['content_linked'])

const isText = (value: unknown): value is string => typeof value === 'string'

const ofPermit = (permit: TrailPermit): AccountId | undefined => {
  if ('namespace' in permit) return permit.namespace.id
  const { actor } = permit
  return 'own' in permit && actor.kind === 'user' ? actor.id : undefined
}

export const makeAudit = (deps: AuditDeps): Audit => {
  const { db, clock, identity, repos, log } = deps
  const names = makeLru<string, string>(namesKept)
  const denials = makeDenials({ db, clock, log, ownerOf: (path) => ownerIn(path) })
  const sinks: Sinks = makeSinks(deps)
  const stop = new AbortController()
  let loop: Promise<void> | undefined

  const nameOf = async (id: string | undefined): Promise<string | null> => {
    if (id === undefined) return null
    const known = names.get(id)
    if (known !== undefined) return known
    // A cast because events hold ids as text.
    const account = await identity.get(id as AccountId)
    if (account !== undefined) names.set(id, account.name, 1)
    return account?.name ?? null
  }

  const targetOf = async (event: HubEvent): Promise<EventTarget> => {
    // A cast because what is looked for is asked of each member.
    const payload = event.payload as Record<string, unknown>
    if (event.repoId !== undefined) {
      const found = await repos.whereabouts(db.read, event.repoId as RepoId)
      const moved = event.name === 'repo_moved' ? event.payload.to : undefined
      const { path } = payload
      const said = moved ?? (isText(path) ? path : undefined)
      return {
        kind: 'repo',
        id: event.repoId,
        path: said ?? found?.path ?? null,
        ownerId: found?.ownerId ?? (await ownerIn(said)),
      }
    }
    const id = [payload['orgId'], payload['accountId'], payload['userId']].find(isText) ?? null
    if (id === null) return { kind: 'hub', id: null, path: null, ownerId: null }
    return { kind: 'account', id, path: await nameOf(id), ownerId: id }
  }

  /** Of a repo that is gone, the owner is found by its name. */
  const ownerIn = async (path: string | undefined): Promise<string | null> =>
    path === undefined ? null : ((await identity.find(path.split('/')[0] ?? ''))?.id ?? null)

  const follow = async (): Promise<void> => {
    await denials.flush()
    await sinks.deliver(stop.signal)
  }

  return {
    consumer: {
      name: 'audit',
      concerns: (name) => !unspoken.has(name),
      async handle(event) {
        const row = entryOfEvent(event, await targetOf(event), await nameOf(event.actorId))
        await db.tx(async (q) => {
          await db.flavor.lockEvents(q)
          if (await sql.hasEntryOf(q, event.seq)) return
          await sql.insertEntries(q, [{ ...row, seq: (await sql.lastEntrySeq(q)) + 1 }])
        })
      },
    },

    denied: denials.note,
    flush: denials.flush,

    async list(permit, filter, { cursor, limit }) {
      const of = ofPermit(permit)
      const most = Math.min(Math.max(1, limit), limits.auditPageMax)
      const rows = await sql.entries(
        db.read,
        { ...filter, ...(of === undefined ? {} : { of }) },
        { limit: most + 1, ...(cursor === undefined ? {} : { below: cursor }) },
      )
      const entries = rows.slice(0, most).map(toEntry)
      return { entries, next: rows.length > most ? entries.at(-1)?.seq : undefined }
    },

    async *export(permit, filter, format) {
      const of = ofPermit(permit)
      const whole = { ...filter, ...(of === undefined ? {} : { of }) }
      if (format === 'csv') yield csvHead
      let above = 0
      for (;;) {
        const rows = await sql.entries(db.read, whole, { above, limit: limits.auditPageMax })
        const lines = rows.map((row) => toLine(toEntry(row)))
        if (lines.length === 0) return
        yield lines
          .map((line) => (format === 'csv' ? formatCsv(line) : `${JSON.stringify(line)}\n`))
          .join('')
        above = rows.at(-1)?.seq ?? Infinity
      }
    },

    async prune(beforeMs, signal) {
      let deleted = 0
      for (;;) {
        signal.throwIfAborted()
        const count = await db.tx((q) => sql.pruneEntries(q, beforeMs, pruneBatch))
        deleted += count
        if (count < pruneBatch) return deleted
      }
    },

    addSink: (_permit, sink) => sinks.add(sink),
    listSinks: (_permit) => sinks.list(),
    async removeSink(_permit, id) {
      if (await sinks.remove(id)) return
      throw new HubError('entry_not_found', `There is no sink "${id}". List them to find its id.`)
    },
    deliver: sinks.deliver,

    start(everyMs) {
      loop ??= (async () => {
        while (!stop.signal.aborted) {
          await clock.sleep(everyMs, stop.signal).catch(() => undefined)
          await follow().catch((error: unknown) => log.error({ err: error }, 'the trail lags'))
        }
      })()
    },

    async [Symbol.asyncDispose]() {
      stop.abort()
      await loop
      // A database that is gone must not keep the rest of the house from closing.
      await denials.flush().catch((error: unknown) => log.error({ err: error }, 'denials are lost'))
    },
  }
}
