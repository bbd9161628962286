/** Links for people who forgot their password: made by an administrator, used once, and nothing but a new password comes of them. */
import { type Account, asAccount, refusePassword } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { HubPermit } from '../policy/index.ts'
import type { Challenges } from './challenges.ts'
import type { SigninDeps } from './deps.ts'
import type { makePasswordChange } from './entrance.ts'
import type { FactorChecks } from './factors.ts'
import { type Guesses, ofAddress, ofName } from './guesses.ts'
import * as sql from './signin.sql.ts'

export interface Recovery {
  /** A one-time secret that sets a new password; an older one ends. Errors: `account_not_found`. */
  offerRecovery(
    ctx: Ctx,
    permit: HubPermit,
    wish: { name: string; dropsSecondFactor: boolean },
  ): Promise<string>
  /** Whose password the link may set; looking does not use it up. Errors: `permission_denied`, `rate_limited` after many wrong ones. */
  recoveryOf(ctx: Ctx, secret: string): Promise<Account>
  /** Sets the password and ends every session. Errors: `permission_denied`, `invalid`, `rate_limited`. */
  recover(ctx: Ctx, given: { secret: string; password: string }): Promise<void>
}

const linkOver = (): HubError =>
  new HubError(
    'permission_denied',
    'This link is used, expired or unknown. Ask an administrator of this hub for a new one.',
    { action: 'recover', reason: 'link_over' },
  )

interface Parts {
  readonly guesses: Guesses
  readonly challenges: Challenges
  readonly factors: FactorChecks
  readonly change: ReturnType<typeof makePasswordChange>
}

export const makeRecovery = (
  { db, identity, passwords, events }: SigninDeps,
  { guesses, challenges, factors, change }: Parts,
): Recovery => {
  const recoveryOf = async (ctx: Ctx, secret: string): Promise<Account> => {
    const right = await guesses.count([ofAddress(ctx.ip)])
    const row = await challenges.find(db.read, 'recovery', secret)
    const account = row?.account_id == null ? undefined : await identity.get(row.account_id)
    if (account === undefined || account.isDisabled) throw linkOver()
    await right()
    return account
  }

  return {
    async offerRecovery(ctx, _permit, { name, dropsSecondFactor }) {
      const account = await identity.find(name)
      if (account?.kind !== 'user' || account.isDisabled || account.serviceOf !== undefined) {
        throw new HubError('account_not_found', `There is no user "${name}" who signs in here.`)
      }
      return db.tx(async (q, after) => {
        await sql.deleteChallengesOf(q, account.id, 'recovery')
        const secret = await challenges.ask(q, {
          kind: 'recovery',
          accountId: account.id,
          payload: { dropsSecondFactor },
          lifeMs: limits.recoveryLinkMs,
        })
        const payload = { accountId: account.id, dropsSecondFactor }
        await events.append({ q, after, ctx }, 'recovery_offered', payload)
        return secret
      })
    },

    recoveryOf,

    async recover(ctx, { secret, password }) {
      const account = await recoveryOf(ctx, secret)
      refusePassword(password, account.name)
      const hash = await passwords.hash(password)
      await db.tx(async (q, after) => {
        const tx = { q, after, ctx: asAccount(ctx, account) }
        const row = await challenges.take(q, 'recovery', secret)
        if (row === undefined) throw linkOver()
        await change(tx, { account: account.id, hash, how: 'by_link' })
        await sql.deleteFailure(q, ofName(account.name).key)
        // A cast because only `offerRecovery` writes these.
        const { dropsSecondFactor } = JSON.parse(row.payload) as { dropsSecondFactor: boolean }
        if (dropsSecondFactor) await factors.remove(tx, account.id)
      })
    },
  }
}
