/** Sessions of browsers: a secret of 256 bits in a cookie, stored as its hash, ended by time, by its owner, or with the account. */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import { type Account, asAccount, sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, SessionId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type AccountPermit, holderOfSessionSecret, type SessionHolder } from '../policy/index.ts'
import type { SigninDeps } from './deps.ts'
import * as sql from './signin.sql.ts'

export interface Session {
  readonly id: SessionId
  readonly method: string
  readonly createdAtMs: number
  readonly usedAtMs: number
  readonly ip: string | undefined
  readonly agent: string | undefined
  /** Is it the one that asks? */
  readonly isThis: boolean
}

/** The secret is in the answer and nowhere else. */
export interface NewSession {
  readonly secret: string
  readonly lifeMs: number
}

export interface Sessions {
  /** Who a session speaks for; undefined when it is unknown, over, or its account disabled. */
  session(secret: string): Promise<SessionHolder | undefined>
  /** The same without counting as a use of it: what a browser asks by itself keeps nobody signed in. */
  sessionUnused(secret: string): Promise<SessionHolder | undefined>
  /** Those in force, last used first. */
  list(permit: AccountPermit): Promise<Session[]>
  /** Ends one session of the account, or all of them. Errors: `entry_not_found`. */
  end(ctx: Ctx, permit: AccountPermit, id?: SessionId): Promise<void>
  /**
   * A new session of somebody whose proof was found right elsewhere; `method` says where, such as `sso:acme`; `beside` runs in the same
   * transaction, and looks once more at what it rests on. Errors: `unauthenticated` for an account that is disabled or gone.
   */
  begin(
    ctx: Ctx,
    accountId: AccountId,
    how: { method: string; agent: string | undefined },
    beside?: (q: Querier) => Promise<void>,
  ): Promise<NewSession>
  /** Ends every session that came by this method, or those of one account, inside the caller's transaction. */
  endByMethod(tx: Tx, method: string, accountId?: AccountId): Promise<void>
  /** Ends all but the one that asks. */
  endOthers(ctx: Ctx, permit: AccountPermit): Promise<void>
  /**
   * For acts as grave as changing how somebody signs in. Errors: `permission_denied` for who came by a token, `proof_needed` unless the
   * person has just proved who they are.
   */
  requireFresh(permit: Pick<AccountPermit, 'actor'>): Promise<void>
}

const touchEveryMs = 60_000
const agentCharsMax = 256

/** The session by which the actor came. Errors: `permission_denied` for a token. */
export const sessionIdOf = ({ actor }: Pick<AccountPermit, 'actor'>): SessionId => {
  if (actor.sessionId !== undefined) return actor.sessionId
  throw new HubError(
    'permission_denied',
    'Only a person who has signed in with a browser may do this; no token may.',
    { action: 'account.manage', reason: 'session_needed' },
  )
}

const toSession = (row: Row<'session'>, asking: SessionId | undefined): Session => ({
  id: row.id,
  method: row.method,
  createdAtMs: row.created_at_ms,
  usedAtMs: row.used_at_ms,
  ip: row.ip ?? undefined,
  agent: row.agent ?? undefined,
  isThis: row.id === asking,
})

interface Beginning {
  /** How it was proved, such as `password+totp`. */
  readonly method: string
  readonly agent: string | undefined
  /** When the person proved who they are, where that was not just now. */
  readonly provedAtMs?: number
}

export interface SessionRows {
  begin(tx: Tx, account: Account, beginning: Beginning): Promise<NewSession>
  endAll(tx: Tx, accountId: AccountId): Promise<void>
}

/** Begins and ends sessions inside transactions of others. */
export const makeSessionRows = ({ clock, chance, ids, events }: SigninDeps): SessionRows => ({
  /** Its secret is new, whatever cookie came with the request: one that somebody planted is worth nothing. */
  async begin({ q, after, ctx }, account, { method, agent, provedAtMs }) {
    const secret = chance.bytes(32).toString('base64url')
    const nowMs = clock.nowMs()
    const id = ids<SessionId>()
    const most = limits.sessionsPerAccountMax
    const open = await sql.sessionsOf(q, account.id, { nowMs, limit: 2 * most })
    for (const { id: surplus } of open.slice(most - 1)) {
      await sql.endSessions(q, account.id, { atMs: nowMs, id: surplus })
    }
    await sql.insertSession(q, {
      id,
      account_id: account.id,
      secret_sha256: sha256Hex(secret),
      method,
      created_at_ms: nowMs,
      used_at_ms: nowMs,
      expires_at_ms: nowMs + limits.sessionIdleMs,
      proved_at_ms: provedAtMs ?? nowMs,
      ended_at_ms: null,
      ip: ctx.ip ?? null,
      agent: agent?.slice(0, agentCharsMax) ?? null,
    })
    const payload = { accountId: account.id, sessionId: id, method }
    await events.append({ q, after, ctx: asAccount(ctx, account) }, 'signed_in', payload)
    // The cookie lives as long as a session may at most; whether it was idle too long, the row says.
    return { secret, lifeMs: limits.sessionLifeMs }
  },

  async endAll(tx, accountId) {
    const ended = await sql.endSessions(tx.q, accountId, { atMs: clock.nowMs() })
    if (ended > 0) await events.append(tx, 'sessions_ended', { accountId, sessionId: null })
  },
})

export const makeSessions = (
  { db, clock, events, identity }: SigninDeps,
  rows: SessionRows,
): Sessions => {
  const touch = ({ actor, usedAtMs }: SessionHolder): void => {
    const nowMs = clock.nowMs()
    const id = actor.sessionId
    if (id === undefined || nowMs - usedAtMs < touchEveryMs) return
    // Kept sliding in passing: a request does not wait for it, and the next one tries again.
    db.tx(async (q) => {
      const row = await sql.sessionById(q, id, nowMs)
      if (row === undefined) return
      const lastMs = row.created_at_ms + limits.sessionLifeMs
      const expires_at_ms = Math.min(nowMs + limits.sessionIdleMs, lastMs)
      await sql.changeSession(q, id, { used_at_ms: nowMs, expires_at_ms })
    }).catch(() => undefined)
  }

  const sessionUnused = (secret: string) =>
    holderOfSessionSecret(db.read, sha256Hex(secret), clock.nowMs())

  return {
    sessionUnused,

    async session(secret) {
      const holder = await sessionUnused(secret)
      if (holder !== undefined) touch(holder)
      return holder
    },

    async list({ actor }) {
      const page = { nowMs: clock.nowMs(), limit: limits.sessionsPerAccountMax }
      const found = await sql.sessionsOf(db.read, actor.id, page)
      return found.map((row) => toSession(row, actor.sessionId))
    },

    end: (ctx, { actor }, id) =>
      db.tx(async (q, after) => {
        const atMs = clock.nowMs()
        const ended = await sql.endSessions(q, actor.id, { atMs, ...(id && { id }) })
        if (ended === 0 && id !== undefined) {
          throw new HubError('entry_not_found', `There is no session "${id}" in force here.`)
        }
        const payload = { accountId: actor.id, sessionId: id ?? null }
        await events.append({ q, after, ctx }, 'sessions_ended', payload)
      }),

    async begin(ctx, accountId, how, beside = () => Promise.resolve()) {
      const account = await identity.get(accountId)
      if (account === undefined || account.isDisabled) {
        throw new HubError('unauthenticated', 'This account is disabled or gone.', {
          reason: 'account_disabled',
        })
      }
      return db.tx(async (q, after) => {
        await beside(q)
        return rows.begin({ q, after, ctx }, account, how)
      })
    },

    endByMethod: ({ q }, method, accountId) =>
      sql.endSessionsBy(q, { method, accountId }, clock.nowMs()),

    endOthers: (ctx, permit) =>
      db.tx(async (q, after) => {
        const { actor } = permit
        const how = { atMs: clock.nowMs(), but: sessionIdOf(permit) }
        if ((await sql.endSessions(q, actor.id, how)) === 0) return
        const payload = { accountId: actor.id, sessionId: null }
        await events.append({ q, after, ctx }, 'sessions_ended', payload)
      }),

    async requireFresh(permit) {
      const nowMs = clock.nowMs()
      const row = await sql.sessionById(db.read, sessionIdOf(permit), nowMs)
      // Far from now either way: a clock that is set back makes no proof last longer.
      if (row !== undefined && Math.abs(nowMs - row.proved_at_ms) <= limits.proofFreshMs) return
      throw new HubError(
        'proof_needed',
        'Prove again who you are: this is asked before changes as grave as this one.',
        { action: 'account.manage', reason: 'proof_too_old' },
      )
    },
  }
}
