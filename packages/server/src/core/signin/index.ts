/**
 * The signin room: people who prove to a browser who they are, and the sessions they get for it.
 *
 * Invariants: a session's secret is stored as a hash and is new at each sign-in; an unknown name costs and says the same as a wrong
 * password; who guesses waits longer each time, whether the name exists or not; a disabled account has no session.
 */
import type { Database } from '#db/connect.ts'
import type { Row } from '#db/schema.ts'
import type { Events } from '../events/index.ts'
import {
  asAccount,
  type Identity,
  passwordOf,
  type Passwords,
  sha256Hex,
} from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { IdMaker, SessionId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import { type AccountPermit, holderOfSessionSecret, type SessionHolder } from '../policy/index.ts'
import * as sql from './signin.sql.ts'

export type { SessionHolder } from '../policy/index.ts'

export interface Session {
  readonly id: SessionId
  readonly method: string
  readonly createdAtMs: number
  readonly usedAtMs: number
  readonly ip: string | undefined
  readonly agent: string | undefined
}

export interface Signin {
  /**
   * A new session for name and password; the secret is in the answer and nowhere else. Errors: `unauthenticated`, `rate_limited` while the
   * name must wait, `busy`.
   */
  signIn(
    ctx: Ctx,
    proof: { name: string; password: string; agent: string | undefined },
  ): Promise<{ secret: string; lifeMs: number }>
  /** Who a session speaks for; undefined when it is unknown, over, or its account disabled. */
  session(secret: string): Promise<SessionHolder | undefined>
  /** Those in force, last used first. */
  list(permit: AccountPermit): Promise<Session[]>
  /** Ends one session of the account, or all of them. Errors: `entry_not_found`. */
  end(ctx: Ctx, permit: AccountPermit, id?: SessionId): Promise<void>
}

export interface SigninDeps {
  readonly db: Database
  readonly events: Events
  readonly identity: Identity
  readonly passwords: Passwords
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
}

const touchEveryMs = 60_000

const subjectOf = (name: string): string => `account:${name.toLowerCase().slice(0, 64)}`

/** Free tries first, then a pause that doubles with each failure, to a bound. */
const pauseMs = (failures: number): number =>
  failures < limits.guessesPerAccount
    ? 0
    : Math.min(
        limits.guessPauseMs * 2 ** (failures - limits.guessesPerAccount),
        limits.guessPauseMsMax,
      )

const wrongProof = (): HubError =>
  new HubError('unauthenticated', 'That name and password do not match.', {
    reason: 'bad_password',
  })

const toSession = (row: Row<'session'>): Session => ({
  id: row.id,
  method: row.method,
  createdAtMs: row.created_at_ms,
  usedAtMs: row.used_at_ms,
  ip: row.ip ?? undefined,
  agent: row.agent ?? undefined,
})

export const makeSignin = (deps: SigninDeps): Signin => {
  const { db, events, identity, passwords, clock, chance, ids } = deps

  /** Counts one guess, or refuses it while the name must wait. A right one clears the count. */
  const countGuess = (name: string): Promise<void> =>
    db.tx(async (q) => {
      const subject = subjectOf(name)
      const nowMs = clock.nowMs()
      const known = await sql.failureOf(q, subject)
      const waitMs = (known?.locked_until_ms ?? 0) - nowMs
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1000)
        throw new HubError('rate_limited', `Too many tries for this name. Wait ${seconds} s.`, {
          retryAfterSeconds: seconds,
        })
      }
      await sql.deleteOldFailures(q, nowMs - limits.guessMemoryMs)
      const isOld = known === undefined || nowMs - known.first_at_ms > limits.guessMemoryMs
      const count = isOld ? 1 : known.count + 1
      const pause = pauseMs(count)
      await sql.putFailure(q, {
        subject,
        count,
        first_at_ms: isOld ? nowMs : known.first_at_ms,
        locked_until_ms: pause === 0 ? null : nowMs + pause,
      })
    })

  const touch = ({ actor, usedAtMs, provedAtMs }: SessionHolder): void => {
    const nowMs = clock.nowMs()
    const id = actor.sessionId
    if (id === undefined || nowMs - usedAtMs < touchEveryMs) return
    const lastMs = provedAtMs + limits.sessionLifeMs
    const times = { usedAtMs: nowMs, expiresAtMs: Math.min(nowMs + limits.sessionIdleMs, lastMs) }
    // Kept sliding in passing: a request does not wait for it, and the next one tries again.
    db.tx((q) => sql.touchSession(q, id, times)).catch(() => undefined)
  }

  return {
    async signIn(ctx, { name, password, agent }) {
      // Counted before the password is looked at: guesses sent together would all pass otherwise.
      await countGuess(name)
      const account = await identity.find(name)
      const stored = account === undefined ? undefined : await passwordOf(db.read, account.id)
      const isRight = await passwords.verify(stored?.hash, password)
      if (!isRight || account === undefined || stored === undefined || account.isDisabled) {
        throw wrongProof()
      }
      const secret = chance.bytes(32).toString('base64url')
      const nowMs = clock.nowMs()
      const row: Row<'session'> = {
        id: ids<SessionId>(),
        account_id: account.id,
        secret_sha256: sha256Hex(secret),
        method: 'password',
        created_at_ms: nowMs,
        used_at_ms: nowMs,
        expires_at_ms: nowMs + limits.sessionIdleMs,
        proved_at_ms: nowMs,
        ended_at_ms: null,
        ip: ctx.ip ?? null,
        agent: agent?.slice(0, 256) ?? null,
      }
      await db.tx(async (q, after) => {
        await sql.clearFailures(q, subjectOf(name))
        await sql.insertSession(q, row)
        const payload = { accountId: account.id, sessionId: row.id, method: row.method }
        await events.append({ q, after, ctx: asAccount(ctx, account) }, 'signed_in', payload)
      })
      // The cookie lives as long as a session may at most; whether it was idle too long, the row says.
      return { secret, lifeMs: limits.sessionLifeMs }
    },

    async session(secret) {
      const holder = await holderOfSessionSecret(db.read, sha256Hex(secret), clock.nowMs())
      if (holder !== undefined) touch(holder)
      return holder
    },

    list: async ({ actor }) =>
      (await sql.sessionsOf(db.read, actor.id, clock.nowMs(), limits.sessionsPerAccountMax)).map(
        toSession,
      ),

    end: (ctx, { actor }, id) =>
      db.tx(async (q, after) => {
        const ended = await sql.endSessions(q, actor.id, id, clock.nowMs())
        if (ended === 0 && id !== undefined) {
          throw new HubError('entry_not_found', `There is no session "${id}" in force here.`)
        }
        const payload = { accountId: actor.id, sessionId: id ?? null }
        await events.append({ q, after, ctx }, 'sessions_ended', payload)
      }),
  }
}
