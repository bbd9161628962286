/**
 * The live room: tells people who look at a page that something on it has changed, so that the page reads it again.
 *
 * Invariants: it says that something changed, never what; nobody hears of what they may not read at that moment; what it holds for a slow
 * listener is bounded; nothing is written, and what is lost is lost: the pages can always be read again.
 */
import type { Events, HubEvent } from '../events/index.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Ctx, Log } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Clock } from '../kernel/time.ts'
import { type AudienceDeps, type Change, makeAudience, type UserCtx } from './audience.ts'
import { type Concern, concernsOf, maySignOut } from './concerns.ts'

export type { Change } from './audience.ts'

export interface News {
  /** `beat` says that the stream lives, `reload` that anything may have changed. */
  readonly kind: 'beat' | 'changes' | 'reload'
  /** Where to go on after a cut. It says nothing to whoever holds it. */
  readonly place: string
  readonly changes: readonly Change[]
}

export interface Listening {
  /** Who listens, asked again and again; undefined when nobody is signed in any more. */
  who(): Promise<Actor | undefined>
  /** The `place` of the last news that came through. */
  readonly after?: string
}

export interface Live {
  /**
   * News until the person is signed out, the hub stops or the reader returns, as it must; the first comes at once. Errors: `unauthenticated`;
   * `rate_limited` where the person listens too often, `busy` where too many do.
   */
  listen(ctx: Ctx, listening: Listening): Promise<AsyncIterableIterator<News>>
  /** Begins to look at events. */
  start(): void
  /** Ends every stream, and lets none begin any more. */
  stop(): void
}

export interface LiveDeps extends AudienceDeps {
  readonly events: Pick<Events, 'watch' | 'newest' | 'after'>
  readonly sealer: Sealer
  readonly clock: Clock
  readonly log: Log
}

interface Listener {
  readonly ctx: Ctx
  readonly personId: string
  readonly who: Listening['who']
  /** What waits to be sent; each change once. */
  waiting: Map<string, Change>
  needsReload: boolean
  /** Every event up to this one has been looked at for it. */
  seq: number
  isOver: boolean
  /** Aborted when there is something to send, or the end. */
  wake: AbortController
}

const isUser = (actor: Actor | undefined): actor is UserCtx['actor'] => actor?.kind === 'user'

const tell = (listener: Listener, changes: readonly Change[]): void => {
  const { waiting } = listener
  for (const change of changes) waiting.set(`${change.topic} ${change.id ?? ''}`, change)
  if (waiting.size > limits.liveWaitingMax) {
    waiting.clear()
    listener.needsReload = true
  }
  if (waiting.size > 0 || listener.needsReload) listener.wake.abort()
}

const end = (listener: Listener): void => {
  listener.isOver = true
  listener.wake.abort()
}

const checkRoom = (listeners: ReadonlySet<Listener>, personId: string): void => {
  if (listeners.size >= limits.liveStreamsMax) {
    throw new HubError('busy', 'Too many people listen for news just now. Try again in a minute.')
  }
  const own = [...listeners].filter((one) => one.personId === personId)
  if (own.length < limits.liveStreamsPerPersonMax) return
  throw new HubError(
    'rate_limited',
    `At most ${limits.liveStreamsPerPersonMax} streams of news are open for one person. Close one first.`,
    { retryAfterSeconds: 60 },
  )
}

const seqIn = (sealer: Sealer, place: string): number | undefined => {
  try {
    const seq = Number(sealer.unseal(place))
    return Number.isSafeInteger(seq) ? seq : undefined
  } catch {
    // Of another hub, or cut short.
    return undefined
  }
}

/** What every listener is told of, worked out once for each person and address. */
interface Batch {
  readonly lastSeq: number
  readonly concerns: readonly Concern[]
  readonly heardBy: Map<string, Promise<Change[]>>
}

export const makeLive = ({ events, sealer, clock, log, ...deps }: LiveDeps): Live => {
  const heard = makeAudience(deps)
  const listeners = new Set<Listener>()
  let isStopped = false

  const tellOf = async ({ concerns, heardBy }: Batch, listener: Listener): Promise<void> => {
    const actor = await listener.who()
    if (!isUser(actor) || actor.id !== listener.personId) return end(listener)
    // Some rules ask from where.
    const person = `${actor.id} ${listener.ctx.ip}`
    const changes = heardBy.get(person) ?? heard({ ...listener.ctx, actor }, concerns)
    heardBy.set(person, changes)
    tell(listener, await changes)
  }

  const take = async (found: readonly HubEvent[]): Promise<void> => {
    const lastSeq = found.at(-1)?.seq ?? 0
    const batch: Batch = { lastSeq, concerns: concernsOf(found), heardBy: new Map() }
    const isForSome = batch.concerns.length > 0 || maySignOut(found)
    for (const listener of listeners) {
      try {
        if (isForSome) await tellOf(batch, listener)
        listener.seq = Math.max(listener.seq, lastSeq)
      } catch (error) {
        // Whoever cannot be told right is told nothing, and asks again by another stream.
        log.error({ err: error }, 'a stream of news failed')
        end(listener)
      }
    }
  }

  /** What came of late, as the page was on its way, or since a place. Undefined when that is too much, or the place none of ours. */
  const missedBy = async (after: string | undefined, seq: number) => {
    if (after === undefined) {
      const most = limits.liveFreshEventsMax
      const sinceMs = clock.nowMs() - limits.liveFreshMs
      const late = await events.after(Math.max(0, seq - most), most)
      return late.filter(({ atMs }) => atMs >= sinceMs)
    }
    const from = seqIn(sealer, after)
    if (from === undefined || from > seq) return undefined
    return seq - from > limits.liveMissedEventsMax
      ? undefined
      : events.after(from, limits.liveMissedEventsMax)
  }

  const newsOf = (listener: Listener): News => {
    const changes = [...listener.waiting.values()]
    const { needsReload } = listener
    listener.waiting = new Map()
    listener.needsReload = false
    listener.wake = new AbortController()
    const place = sealer.seal(String(listener.seq))
    if (needsReload) return { kind: 'reload', place, changes: [] }
    return { kind: changes.length === 0 ? 'beat' : 'changes', place, changes }
  }

  /** By hand and no generator: one that has not begun, or waits, could not be left. */
  const streamOf = (listener: Listener): AsyncIterableIterator<News> => {
    let isFirst = true
    const over = (): IteratorReturnResult<undefined> => {
      listeners.delete(listener)
      return { done: true, value: undefined }
    }
    return {
      async next() {
        if (!isFirst) {
          const isBeat = await clock.sleep(limits.liveBeatMs, listener.wake.signal).then(
            () => true,
            () => false,
          )
          if (isBeat && !isUser(await listener.who())) end(listener)
        }
        isFirst = false
        return listener.isOver ? over() : { done: false, value: newsOf(listener) }
      },
      return() {
        end(listener)
        return Promise.resolve(over())
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  const begin = async (listener: Listener, actor: UserCtx['actor'], after: string | undefined) => {
    // It is told of what happens from here on; what was missed comes before anything is sent.
    listeners.add(listener)
    try {
      listener.seq = await events.newest()
      const missed = await missedBy(after, listener.seq)
      if (missed === undefined) listener.needsReload = true
      else tell(listener, await heard({ ...listener.ctx, actor }, concernsOf(missed)))
      return streamOf(listener)
    } catch (error) {
      listeners.delete(listener)
      throw error
    }
  }

  return {
    async listen(ctx, { who, after }) {
      const actor = await who()
      if (!isUser(actor)) {
        throw new HubError('unauthenticated', 'Sign in with a browser to hear of changes.')
      }
      if (isStopped) throw new HubError('busy', 'The hub stops. Try again in a minute.')
      checkRoom(listeners, actor.id)
      const state = { waiting: new Map(), needsReload: false, seq: 0, isOver: false }
      const listener = { ctx, personId: actor.id, who, ...state, wake: new AbortController() }
      return begin(listener, actor, after)
    },

    start: () => events.watch('live', take),

    stop() {
      isStopped = true
      listeners.forEach(end)
    },
  }
}
