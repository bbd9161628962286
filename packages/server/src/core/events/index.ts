/**
 * The events room: an append-only record of what happened, in commit order. Consumers keep a cursor and may be rebuilt from zero, so the
 * same event seen twice must have one effect.
 *
 * Invariants: an event is written in the transaction of its cause; `seq` never skips back; nothing is edited.
 */
import type { AfterCommit, Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { AccessState, GateKind, RepoType, Visibility } from '#db/schema.ts'
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

/** Business events: past tense, payloads of ids and facts. */
export interface EventPayloads {
  account_created: { accountId: string; kind: 'user' | 'org'; name: string }
  account_disabled: { accountId: string }
  member_added: { orgId: string; userId: string; role: string }
  token_created: { tokenId: string; accountId: string; role: string }
  account_changed: { accountId: string }
  account_removed: { accountId: string; kind: 'org'; name: string }
  member_removed: { orgId: string; userId: string }
  token_revoked: { tokenId: string; accountId: string }
  token_renamed: { tokenId: string; accountId: string }
  token_rotated: { tokenId: string; accountId: string; newTokenId: string; endsAtMs: number }
  token_leaked: { tokenId: string; accountId: string; path: string; file: string }
  token_approval_decided: { tokenId: string; orgId: string; state: 'approved' | 'denied' }
  team_created: { orgId: string; teamId: string; name: string }
  team_renamed: { orgId: string; teamId: string; name: string }
  team_deleted: { orgId: string; teamId: string }
  team_member_added: { orgId: string; teamId: string; userId: string }
  team_member_removed: { orgId: string; teamId: string; userId: string }
  group_created: { orgId: string; groupId: string; name: string }
  group_deleted: { orgId: string; groupId: string }
  repo_grouped: { orgId: string; groupId: string | null }
  access_granted: {
    orgId: string
    targetId: string
    granteeId: string
    role: string
    isOutside: boolean
    expiresAtMs: number | null
  }
  access_withdrawn: { orgId: string; targetId: string; granteeId: string }
  invitation_created: { orgId: string; role: string }
  invitation_revoked: { orgId: string }
  invitation_accepted: { orgId: string; userId: string; role: string }
  org_policy_changed: {
    orgId: string
    tokenLifeMsMax: number | null
    needsTokenApproval: boolean
    needsTwoPeople: boolean
  }
  org_transferred: { orgId: string; fromId: string; toId: string }
  act_asked: { orgId: string; pendingActId: string; act: string }
  act_approved: { orgId: string; pendingActId: string; act: string; askedBy: string }
  act_refused: { orgId: string; pendingActId: string; act: string; askedBy: string }
  repo_created: { type: RepoType; path: string; visibility: Visibility }
  repo_deleted: { type: RepoType; path: string }
  repo_moved: { type: RepoType; from: string; to: string }
  repo_visibility_changed: { from: Visibility; to: Visibility }
  gate_changed: { from: GateFact; to: GateFact }
  access_requested: { requestId: string; subjectId: string; state: AccessState; terms: string }
  access_cancelled: { requestId: string; subjectId: string }
  access_decided: {
    requestId: string
    subjectId: string
    from: AccessState | null
    to: AccessState
    isGrant: boolean
    expiresAtMs: number | null
  }
  collection_created: { collectionId: string; ownerId: string; title: string }
  collection_deleted: { collectionId: string; ownerId: string; title: string }
  refs_updated: { updates: readonly RefUpdate[] }
  content_linked: { sha256: string; sizeBytes: number }
  xorb_damaged: { xorb: string }
  signed_in: { accountId: string; sessionId: string; method: string }
  /** One session, or all of an account's. */
  sessions_ended: { accountId: string; sessionId: string | null }
  password_changed: { accountId: string; how: 'by_itself' | 'by_link' }
  recovery_offered: { accountId: string; dropsSecondFactor: boolean }
  second_factor_changed: { accountId: string; isOn: boolean }
  passkey_added: { accountId: string; passkeyId: string }
  passkey_removed: { accountId: string; passkeyId: string }
  app_registered: { appId: string; name: string }
  app_removed: { appId: string }
  app_allowed: { appId: string; accountId: string; scopes: string }
  app_ended: { appId: string; accountId: string }
  sso_provider_changed: { providerId: string; orgId: string | null; name: string }
  sso_provider_removed: { providerId: string; orgId: string | null; name: string }
  sso_identity_linked: { providerId: string; accountId: string }
  user_provisioned: { orgId: string; userId: string; isManaged: boolean }
  user_deprovisioned: { orgId: string; userId: string; isManaged: boolean }
}

export interface GateFact {
  readonly kind: GateKind | null
  readonly coversMembers: boolean
}

/** An open transaction of the caller, and for whom it is. */
export interface Tx {
  readonly q: Querier
  readonly after: AfterCommit
  readonly ctx: Ctx
}

export interface RefUpdate {
  readonly ref: string
  readonly from: string | null
  readonly to: string | null
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

/** By which door, with which credential, for whom. */
const originOf = ({ actor, door, ip }: Ctx) => ({
  door: door ?? null,
  ip: ip ?? null,
  token_id: actor.kind === 'user' ? (actor.token?.id ?? null) : null,
  behalf_id: actor.kind === 'user' ? (actor.serviceOf ?? null) : null,
})

export const makeEvents = ({ db, clock, log }: EventsDeps): Events => {
  const feeds: { consumer: Consumer; running: Promise<void> | undefined; again: boolean }[] = []
  const stop = new AbortController()
  let closed = false
  let polling: Promise<void> | undefined

  const drain = async (consumer: Consumer): Promise<void> => {
    let seq = await cursorOf(db.read, consumer.name)
    while (!closed) {
      const rows = await eventsAfter(db.read, seq, batchMax)
      if (rows.length === 0) return
      for (const row of rows) {
        // A cast because only `append` writes rows, typed by name.
        const event = {
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
        } as HubEvent
        await consumer.handle(event)
        seq = row.seq
      }
      const reached = seq
      await db.tx((q) => moveCursor(q, consumer.name, reached))
    }
  }

  const wake = (feed: (typeof feeds)[number]): void => {
    if (closed) return
    if (feed.running !== undefined) {
      feed.again = true
      return
    }
    feed.running = drain(feed.consumer)
      .catch((error: unknown) => {
        log.error({ err: error, consumer: feed.consumer.name }, 'an event consumer failed')
      })
      .then(() => {
        feed.running = undefined
        if (!feed.again) return
        feed.again = false
        wake(feed)
      })
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

    consume(consumer) {
      const feed = { consumer, running: undefined, again: false }
      feeds.push(feed)
      wake(feed)
    },

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
