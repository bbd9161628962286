/** The way in: name and password, then the second factor; the same questions again for a fresh proof, and for another password. */
import type { Querier } from '#db/flavor.ts'
import { type Account, passwordOf, refusePassword, setPassword } from '../identity/index.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { AccountPermit } from '../policy/index.ts'
import type { Challenges } from './challenges.ts'
import type { SigninDeps } from './deps.ts'
import type { FactorChecks } from './factors.ts'
import { type Guesses, ofAddress, ofFactor, ofName } from './guesses.ts'
import type { GivenPasskey, PasskeyChecks } from './passkey-checks.ts'
import { type NewSession, type SessionRows, sessionIdOf, type Sessions } from './sessions.ts'
import * as sql from './signin.sql.ts'

export type Step =
  | { readonly kind: 'signed_in'; readonly session: NewSession }
  /** The password was right; `challenge` goes back with the code. */
  | { readonly kind: 'second_factor'; readonly challenge: string }

export type Proof =
  | { readonly password: string }
  | { readonly code: string }
  | { readonly passkey: GivenPasskey }

export interface Entrance {
  /**
   * A new session for name and password, or the question for the second factor. Errors: `unauthenticated`, alike and after the same work
   * for a wrong name; `rate_limited` while the name or the address must wait; `busy`.
   */
  signIn(
    ctx: Ctx,
    given: { name: string; password: string; agent: string | undefined },
  ): Promise<Step>
  /** Takes a code of the authenticator app, or a recovery code. Errors: `unauthenticated`, `rate_limited`. */
  answer(
    ctx: Ctx,
    given: { challenge: string; code: string; agent: string | undefined },
  ): Promise<NewSession>
  /**
   * Makes the session's proof fresh. Where there is a second factor, the password is not enough. Errors: `permission_denied` for a token,
   * `unauthenticated`, `rate_limited`, `invalid`.
   */
  prove(ctx: Ctx, permit: AccountPermit, proof: Proof): Promise<void>
  /**
   * Ends every session; the one that asks goes on under a new secret. The old password is asked for where there is one, else a fresh
   * proof. Errors: `permission_denied` for a token, `unauthenticated`, `invalid`, `proof_needed`, `rate_limited`.
   */
  changePassword(
    ctx: Ctx,
    permit: AccountPermit,
    given: { old?: string | undefined; next: string; agent: string | undefined },
  ): Promise<NewSession>
  hasPassword(permit: AccountPermit): Promise<boolean>
}

const wrongProof = (): HubError =>
  new HubError('unauthenticated', 'That name and password do not match.', {
    reason: 'bad_password',
  })

const wrongCode = (): HubError =>
  new HubError('unauthenticated', 'This code is not right, or was used before.', {
    reason: 'bad_code',
  })

const challengeOver = (): HubError =>
  new HubError('unauthenticated', 'This took too long. Begin again with your name.', {
    reason: 'challenge_over',
  })

const sessionOver = (): HubError =>
  new HubError('unauthenticated', 'This session has ended. Sign in again.', {
    reason: 'session_over',
  })

/** An account, and the hash of which the password was found right. */
interface Checked {
  readonly account: Account
  readonly hash: string
}

interface Parts {
  readonly guesses: Guesses
  readonly challenges: Challenges
  readonly factors: FactorChecks
  readonly passkeys: PasskeyChecks
  readonly rows: SessionRows
  readonly change: ReturnType<typeof makePasswordChange>
  readonly requireFresh: Sessions['requireFresh']
}

/** Sets a password; whoever was in, or half in, by the old one is out. */
export const makePasswordChange =
  ({ clock, events }: SigninDeps, rows: SessionRows) =>
  async (
    tx: Tx,
    { account, hash, how }: { account: AccountId; hash: string; how: 'by_itself' | 'by_link' },
  ): Promise<void> => {
    await setPassword(tx.q, { account_id: account, hash, changed_at_ms: clock.nowMs() })
    await sql.deleteChallengesOf(tx.q, account)
    await rows.endAll(tx, account)
    await events.append(tx, 'password_changed', { accountId: account, how })
  }

export const makeEntrance = (
  deps: SigninDeps,
  { guesses, challenges, factors, passkeys, rows, change, requireFresh }: Parts,
): Entrance => {
  const { db, identity, passwords, clock } = deps

  const checkPassword = async (ctx: Ctx, name: string, password: string): Promise<Checked> => {
    // Counted before the password is looked at: guesses sent together would all pass otherwise.
    const right = await guesses.count([ofName(name), ofAddress(ctx.ip)])
    const account = await identity.find(name)
    const stored = account === undefined ? undefined : await passwordOf(db.read, account.id)
    const isRight = await passwords.verify(stored?.hash, password)
    if (!isRight || account === undefined || stored === undefined || account.isDisabled) {
      throw wrongProof()
    }
    await right()
    return { account, hash: stored.hash }
  }

  /** In the transaction that lets somebody in: whoever changed the password meanwhile has ended what the old one begins. */
  const confirm = async (q: Querier, { account, hash }: Checked): Promise<void> => {
    await db.flavor.lockEvents(q)
    if ((await passwordOf(q, account.id))?.hash === hash) return
    const message = 'The password of this account has just changed. Sign in again.'
    throw new HubError('conflict', message, { reason: 'password_changed' })
  }

  /** The same password, hashed with the work of today. */
  const renewHash = async (checked: Checked, password: string): Promise<void> => {
    if (!passwords.isOutdated(checked.hash)) return
    const hash = await passwords.hash(password)
    const row = { account_id: checked.account.id, hash, changed_at_ms: clock.nowMs() }
    await db.tx(async (q) => {
      // Nothing is lost when it has changed meanwhile: the new one is hashed with that work.
      if ((await passwordOf(q, row.account_id))?.hash === checked.hash) await setPassword(q, row)
    })
  }

  /** What the code was asked for is done in the transaction that takes it. */
  const withCode = async <T>(
    ctx: Ctx,
    { account, code }: { account: AccountId; code: string },
    work: (tx: Tx, factor: 'totp' | 'recovery') => Promise<T>,
  ): Promise<T> => {
    const right = await guesses.count([ofFactor(account), ofAddress(ctx.ip)])
    const done = await db.tx(async (q, after) => {
      const factor = await factors.take(q, account, code)
      if (factor === undefined) throw wrongCode()
      return work({ q, after, ctx }, factor)
    })
    await right()
    return done
  }

  return {
    async signIn(ctx, { name, password, agent }) {
      const checked = await checkPassword(ctx, name, password)
      const { account } = checked
      const step = await db.tx(async (q, after): Promise<Step> => {
        await confirm(q, checked)
        if (await factors.isOn(q, account.id)) {
          const question = { kind: 'second_factor', accountId: account.id, ip: ctx.ip } as const
          return { kind: 'second_factor', challenge: await challenges.ask(q, question) }
        }
        const session = await rows.begin({ q, after, ctx }, account, { method: 'password', agent })
        return { kind: 'signed_in', session }
      })
      // They are in: what cannot be renewed now is renewed another time.
      await renewHash(checked, password).catch((error: unknown) =>
        ctx.log.warn({ err: error }, 'the hash of a password was not renewed'),
      )
      return step
    },

    async answer(ctx, { challenge, code, agent }) {
      const row = await challenges.find(db.read, 'second_factor', challenge)
      const account = row?.account_id == null ? undefined : await identity.get(row.account_id)
      if (account === undefined || account.isDisabled) throw challengeOver()
      return withCode(ctx, { account: account.id, code }, async (tx, factor) => {
        const taken = await challenges.take(tx.q, 'second_factor', challenge)
        if (taken === undefined) throw challengeOver()
        return rows.begin(tx, account, { method: `password+${factor}`, agent })
      })
    },

    async prove(ctx, permit, proof) {
      const id = sessionIdOf(permit)
      const { actor } = permit
      const renew = ({ q }: Pick<Tx, 'q'>) =>
        sql.changeSession(q, id, { proved_at_ms: clock.nowMs() })
      if ('passkey' in proof) {
        return passkeys.check(ctx, { ...proof.passkey, own: actor.id }, renew)
      }
      if ('code' in proof) return withCode(ctx, { account: actor.id, code: proof.code }, renew)
      if (await factors.isOn(db.read, actor.id)) {
        const message = 'This account has a second factor: give a code, or use a passkey.'
        throw new HubError('invalid', message, { reason: 'code_needed' })
      }
      await checkPassword(ctx, actor.name, proof.password)
      await db.tx((q) => renew({ q }))
    },

    async changePassword(ctx, permit, { old, next, agent }) {
      const id = sessionIdOf(permit)
      const { actor } = permit
      const hasOld = (await passwordOf(db.read, actor.id)) !== undefined
      if (!hasOld) await requireFresh(permit)
      const checked = hasOld ? await checkPassword(ctx, actor.name, old ?? '') : undefined
      refusePassword(next, actor.name)
      const account = await identity.get(actor.id)
      const hash = await passwords.hash(next)
      return db.tx(async (q, after) => {
        const tx = { q, after, ctx }
        await db.flavor.lockEvents(q)
        const session = await sql.sessionById(q, id, clock.nowMs())
        if (session === undefined || account === undefined) throw sessionOver()
        if (checked !== undefined) await confirm(q, checked)
        await change(tx, { account: actor.id, hash, how: 'by_itself' })
        // It goes on under another secret: the password alone proves no more than it did before.
        const { method, proved_at_ms: provedAtMs } = session
        return rows.begin(tx, account, { method, agent, provedAtMs })
      })
    },

    hasPassword: async ({ actor }) => (await passwordOf(db.read, actor.id)) !== undefined,
  }
}
