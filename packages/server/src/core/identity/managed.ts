/** Accounts that an organisation's directory looks after: made, described, disabled and enabled inside the directory's own transactions. */
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { NamespacePermit } from '../policy/index.ts'
import type { Account, NewUser } from './account.ts'
import type { IdentityDeps, makeRegistrar } from './accounts.ts'
import * as sql from './identity.sql.ts'
import { accountNameProblem, foldName } from './names.ts'
import { refuseLastAdmin } from './need.ts'
import { revokeTokensOf } from './tokens.sql.ts'

type ManagedUser = Pick<NewUser, 'name' | 'fullName' | 'email'>

export interface Managed {
  /**
   * A person's account without a password, for a directory. `beside` runs in the same transaction. Errors: `invalid`, `exists` (also for a
   * name that looks like another).
   */
  createManaged(
    ctx: Ctx,
    permit: NamespacePermit<'namespace.manage'>,
    user: ManagedUser,
    beside: (tx: Tx, id: AccountId) => Promise<void>,
  ): Promise<Account>
  /** May this be the name of a new account now? False for what is taken, looks like another, or is no name. */
  isFreeName(name: string): Promise<boolean>
  /** What the directory says of the person; '' takes the address away. */
  describeManaged(
    tx: Tx,
    id: AccountId,
    said: { fullName: string; email: string | undefined },
  ): Promise<void>
  /**
   * Ends every access at once: the account is disabled and its tokens are revoked, so that it has none when it is enabled again. Answers
   * when it was disabled. Errors: `conflict` for the only administrator of an organisation.
   */
  disableManaged(tx: Tx, user: { id: AccountId; name: string }): Promise<number>
  /** Answers false when it was not disabled at that moment: then somebody else has done it, who has the say. */
  enableManaged(tx: Tx, id: AccountId, disabledAtMs: number): Promise<boolean>
}

export const makeManaged = (
  { db, events, clock, reservedNames }: IdentityDeps,
  register: ReturnType<typeof makeRegistrar>,
): Managed => ({
  createManaged: (ctx, _permit, user, beside) => register(ctx, { kind: 'user', user }, beside),

  async isFreeName(name) {
    if (accountNameProblem(name, reservedNames) !== undefined) return false
    return (await sql.accountLike(db.read, foldName(name))) === undefined
  },

  async describeManaged(tx, id, { fullName, email }) {
    const row = await sql.accountById(tx.q, id)
    const card = { full_name: fullName, email: email ?? null }
    if (row === undefined || (row.full_name === fullName && row.email === card.email)) return
    await sql.setCard(tx.q, id, card)
    await events.append(tx, 'account_changed', { accountId: id })
  },

  async disableManaged(tx, user) {
    await db.flavor.lockEvents(tx.q)
    await refuseLastAdmin(tx.q, user)
    const atMs = clock.nowMs()
    const row = await sql.accountById(tx.q, user.id)
    await revokeTokensOf(tx.q, user.id, atMs)
    // Whoever disabled it before keeps the say.
    if (row?.disabled_at_ms !== null) return atMs
    await sql.disableAccount(tx.q, user.id, atMs)
    await sql.raiseEpoch(tx.q, user.id)
    await events.append(tx, 'account_disabled', { accountId: user.id })
    return atMs
  },

  async enableManaged(tx, id, disabledAtMs) {
    if (!(await sql.enableAccount(tx.q, id, disabledAtMs))) return false
    await sql.raiseEpoch(tx.q, id)
    await events.append(tx, 'account_enabled', { accountId: id })
    return true
  },
})
