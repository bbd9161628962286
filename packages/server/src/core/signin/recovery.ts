/** Links for people who forgot their password: made by an administrator, used once, and nothing but a new password comes of them. */
import { type Account, asAccount, refusePassword } from '../identity/index.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { HubPermit } from '../policy/index.ts'
import type { Challenges } from './challenges.ts'
import type { SigninDeps } from './deps.ts'
import type { makePasswordChange } from './entrance.ts'
import type { FactorChecks } from './factors.ts'
import { type Guesses, ofAddress, ofName, ofRecovery } from './guesses.ts'
import * as sql from './signin.sql.ts'

export interface Recovery {
  /** A one-time secret that sets a new password; an older one ends. Errors: `account_not_found`. */
  offerRecovery(
    ctx: Ctx,
    permit: HubPermit,
    wish: { name: string; dropsSecondFactor: boolean },
  ): Promise<string>
  /**
   * Sends the same link to the address of an account, where there is one; says nothing of whether. Errors: `not_supported` where no mail is
   * sent, `rate_limited`.
   */
  mailRecovery(ctx: Ctx, name: string): Promise<void>
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
  { db, identity, passwords, events, mail }: SigninDeps,
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

  const isPerson = (account: Account | undefined): account is Account =>
    account?.kind === 'user' && !account.isDisabled && account.serviceOf === undefined

  const offer = async (tx: Tx, account: Account, dropsSecondFactor: boolean): Promise<string> => {
    const secret = await challenges.ask(tx.q, {
      kind: 'recovery',
      accountId: account.id,
      payload: { dropsSecondFactor },
      lifeMs: limits.recoveryLinkMs,
    })
    await events.append(tx, 'recovery_offered', { accountId: account.id, dropsSecondFactor })
    return secret
  }

  return {
    async mailRecovery(ctx, name) {
      if (!mail.isOn) {
        const message = 'This hub sends no mail. Ask its administrator for a recovery link.'
        throw new HubError('not_supported', message)
      }
      // Counted for the name too, and not taken back: nobody fills a mailbox of somebody else.
      await guesses.count([ofRecovery(name), ofAddress(ctx.ip)])
      const account = await identity.find(name)
      const to = account?.email
      if (!isPerson(account) || to === undefined) {
        // About the same work, so that the time says no more than the page: a link that nobody gets.
        await db.tx((q) => challenges.ask(q, { kind: 'recovery', lifeMs: limits.challengeLifeMs }))
        return
      }
      await db.tx(async (q, after) => {
        const tx = { q, after, ctx: asAccount(ctx, account) }
        const secret = await offer(tx, account, false)
        const text = [
          `Somebody asked for a new password of the account ${account.name} on this hub.`,
          '',
          'Set one here, within a day:',
          mail.linkTo(`/recover/${secret}`),
          '',
          'If it was not you, do nothing: the password stays as it is.',
          '',
        ].join('\n')
        await mail.post(tx, { to, subject: 'A new password', text })
      })
    },

    async offerRecovery(ctx, _permit, { name, dropsSecondFactor }) {
      const account = await identity.find(name)
      if (!isPerson(account)) {
        throw new HubError('account_not_found', `There is no user "${name}" who signs in here.`)
      }
      return db.tx(async (q, after) => {
        // Not where a letter is asked for, which anybody can: that must not end a link of an administrator.
        await sql.deleteChallengesOf(q, account.id, 'recovery')
        return offer({ q, after, ctx }, account, dropsSecondFactor)
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
