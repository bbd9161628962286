/**
 * The events room: an append-only record of what happened, in commit order. Consumers keep a cursor and may be rebuilt from zero, so the
 * same event seen twice must have one effect.
 *
 * Invariants: an event is written in the transaction of its cause; `seq` never skips back; nothing is edited.
 */
import type { AfterCommit, Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { Ctx, Log } from '../kernel/ctx.ts'
import type { Clock } from '../kernel/time.ts'
import {
  cursorOf,
  eventsAfter,
  insertEvent,
  lastEventAtMs,
  lastSeq,
  moveCursor,
} from './events.sql.ts'
import type { EventPayloads } from './payloads.ts'

export type { GateFact, RefUpdate } from './payloads.ts'

/** An open transaction of the caller, and for whom it is. */
export interface Tx {
  readonly q: Querier
  readonly after: AfterCommit
  readonly ctx: Ctx
}

export type EventName = keyof EventPayloads

export type HubEvent = {
  [N in EventName]: {
    readonly seq: number
    readonly name: N
    readonly atMs: number
    readonly actorId: string | undefined
    readonly repoId: string | undefined
    readonly requestId: string
    readonly door: string | undefined
    readonly tokenId: string | undefined
    /** The organisation the actor acted for. */
    readonly behalfId: string | undefined
    readonly ip: string | undefined
    readonly payload: EventPayloads[N]
  }
}[EventName]

/** Reacts to events. `handle` may be called again with the same event after a crash. */
export interface Consumer {
  readonly name: string
  /** Is it handed such events? Others are passed over: most events concern few. */
  concerns(name: EventName): boolean
  handle(event: HubEvent): Promise<void>
}

export interface Events extends AsyncDisposable {
  /** Appends inside the caller's transaction and wakes consumers once it is durable. */
  append<N extends EventName>(
    tx: Tx,
    name: N,
    payload: EventPayloads[N],
    repoId?: string,
  ): Promise<void>
  /** Starts feeding a consumer from where it stopped. */
  consume(consumer: Consumer): void
  /**
   * Tells this process of every event from now on, those of other processes too, in order, many at once. Nothing is kept of how far it
   * came: for those who want the news and not the past.
   */
  watch(name: string, take: (events: readonly HubEvent[]) => Promise<void>): void
  /** The newest event's `seq`; 0 where there is none. */
  newest(): Promise<number>
  /** In order, those after this one; at most `limit`. */
  after(seq: number, limit: number): Promise<HubEvent[]>
  /** Looks now and then for events that another process wrote, such as a command on the same data folder. Until disposed. */
  start(pollMs: number): void
  /** When the newest event was written, or undefined when there is none. */
  lastAtMs(): Promise<number | undefined>
  /** Resolves when every consumer has seen every event appended before the call. */
  settle(): Promise<void>
}

export interface EventsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

const batchMax = 100
/** Events passed over before a cursor is written. */
const unsavedMax = 1_000

/** By which door, with which credential, for whom. */
const originOf = ({ actor, door, ip }: Ctx) => ({
  door: door ?? null,
  ip: ip ?? null,
  token_id: actor.kind === 'user' ? (actor.token?.id ?? null) : null,
  behalf_id: actor.kind === 'user' ? (actor.serviceOf ?? null) : null,
})

interface Feeding {
  readonly name: string
  /** The last event that was seen before. */
  begin(): Promise<number>
  /** Moves `seq` on as far as it has come. */
  take(feed: Feed, rows: readonly Row<'event'>[]): Promise<void>
}

interface Feed extends Feeding {
  running: Promise<void> | undefined
  again: boolean
  /** The last event seen; a stored cursor may be a little behind. */
  seq: number
}

const toEvent = (row: Row<'event'>): HubEvent =>
  // A cast because only `append` writes rows, typed by name.
  ({
    seq: row.seq,
    name: row.name,
    atMs: row.at_ms,
    actorId: row.actor_id ?? undefined,
    repoId: row.repo_id ?? undefined,
    requestId: row.request_id,
    door: row.door ?? undefined,
    tokenId: row.token_id ?? undefined,
    behalfId: row.behalf_id ?? undefined,
    ip: row.ip ?? undefined,
    payload: JSON.parse(row.payload) as unknown,
  }) as HubEvent

/** Remembers in the database how far the consumer came. */
const feedingOf = (db: Database, consumer: Consumer): Feeding => {
  let savedSeq = 0
  return {
    name: consumer.name,
    async begin() {
      savedSeq = await cursorOf(db.read, consumer.name)
      return savedSeq
    },
    async take(feed, rows) {
      let handled = 0
      for (const row of rows) {
        // A cast because only `append` writes rows, typed by name.
        if (consumer.concerns(row.name as EventName)) {
          await consumer.handle(toEvent(row))
          handled += 1
        }
        feed.seq = row.seq
      }
      const { seq } = feed
      // What was passed over may be passed over again: a write for each event of others would cost more than the event.
      if (handled === 0 && seq - savedSeq < unsavedMax) return
      await db.tx((q) => moveCursor(q, consumer.name, seq))
      savedSeq = seq
    },
  }
}

export const makeEvents = ({ db, clock, log }: EventsDeps): Events => {
  const feeds: Feed[] = []
  const stop = new AbortController()
  let closed = false
  let polling: Promise<void> | undefined

  const drain = async (feed: Feed): Promise<void> => {
    feed.seq = Math.max(feed.seq, await feed.begin())
    while (!closed) {
      const rows = await eventsAfter(db.read, feed.seq, batchMax)
      if (rows.length === 0) return
      await feed.take(feed, rows)
    }
  }

  const wake = (feed: Feed): void => {
    if (closed) return
    if (feed.running !== undefined) {
      feed.again = true
      return
    }
    feed.running = drain(feed)
      .catch((error: unknown) => {
        log.error({ err: error, consumer: feed.name }, 'an event consumer failed')
      })
      .then(() => {
        feed.running = undefined
        if (!feed.again) return
        feed.again = false
        wake(feed)
      })
  }

  const begin = (feeding: Feeding): void => {
    const feed: Feed = { ...feeding, running: undefined, again: false, seq: 0 }
    feeds.push(feed)
    wake(feed)
  }

  const poll = async (everyMs: number): Promise<void> => {
    while (!closed) {
      await clock.sleep(everyMs, stop.signal).catch(() => undefined)
      feeds.forEach(wake)
    }
  }

  return {
    async append({ q, after, ctx }, name, payload, repoId) {
      await db.flavor.lockEvents(q)
      await insertEvent(q, {
        seq: (await lastSeq(q)) + 1,
        name,
        at_ms: clock.nowMs(),
        actor_id: actorIdOf(ctx.actor) ?? null,
        repo_id: repoId ?? null,
        request_id: ctx.requestId,
        payload: JSON.stringify(payload),
        ...originOf(ctx),
      })
      after(() => feeds.forEach(wake))
    },

    consume: (consumer) => begin(feedingOf(db, consumer)),

    watch(name, take) {
      let since: Promise<number> | undefined
      begin({
        name,
        begin: () => (since ??= lastSeq(db.read)),
        async take(feed, rows) {
          await take(rows.map(toEvent))
          feed.seq = rows.at(-1)?.seq ?? feed.seq
        },
      })
    },

    newest: () => lastSeq(db.read),

    after: async (seq, limit) => (await eventsAfter(db.read, seq, limit)).map(toEvent),

    start(pollMs) {
      polling ??= poll(pollMs)
    },

    lastAtMs: () => lastEventAtMs(db.read),

    async settle() {
      for (const feed of feeds) {
        wake(feed)
        while (feed.running !== undefined) await feed.running
      }
    },

    async [Symbol.asyncDispose]() {
      closed = true
      stop.abort()
      await polling
      for (const feed of feeds) await feed.running
    },
  }
}
