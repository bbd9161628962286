/**
 * The identity room: who somebody is. Users and organisations share one namespace; organisations have members with roles and programs that
 * work for them; tokens are shown once and stored as hashes.
 *
 * Invariants: no secret is stored in clear or logged; a disabled account is nobody at every door at once; an organisation in service has an
 * administrator; no token is stronger than its account or the token that made it.
 */
import {
  type Account,
  type Accounts,
  type IdentityDeps,
  makeAccounts,
  makeRegistrar,
  toAccount,
} from './accounts.ts'
import { type Approvals, makeApprovals } from './approvals.ts'
import * as sql from './identity.sql.ts'
import { makeMembers, type Members } from './members.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { makeSecret } from './secret.ts'
import { makeSetup, type Setup } from './setup.ts'
import { makeTokenStore } from './token-rows.ts'
import { makeTokens, type Tokens } from './tokens.ts'

export type { TokenHolder } from '../policy/index.ts'
export { type Account, type Card, type NewUser, refuseUser } from './accounts.ts'
export type { TokenApproval } from './approvals.ts'
export type { Member, Membership } from './members.ts'
export { refuseName, repoNameProblem } from './names.ts'
export type { DescribedScope, ScopeTarget, ScopeWish } from './scope.ts'
export { hasCheck, secretsIn } from './secret.ts'
export type { TokenDesk } from './token-desk.ts'
export type { Issued, Token, TokenWish } from './token-rows.ts'

export interface Identity extends Accounts, Members, Tokens, Approvals, Setup {
  /** Undefined when name and password do not belong together; takes the same time either way. */
  signIn(name: string, password: string): Promise<Account | undefined>
}

export const makeIdentity = (deps: IdentityDeps): Identity => {
  const { db, chance } = deps
  const register = makeRegistrar(deps)
  const store = makeTokenStore(deps)
  // A hash nobody's password has, so that unknown names cost the same time as known ones.
  const decoy = hashPassword(chance, makeSecret(chance))

  return {
    ...makeAccounts(deps, register),
    ...makeMembers(deps),
    ...makeTokens(deps, store),
    ...makeApprovals(deps),
    ...makeSetup(deps, register, store),

    async signIn(name, password) {
      const row = await sql.accountByKey(db.read, name.toLowerCase())
      const stored = row === undefined ? undefined : await sql.passwordOf(db.read, row.id)
      const isRight = await verifyPassword(stored?.hash ?? (await decoy), password)
      if (!isRight || row === undefined || stored === undefined) return undefined
      return row.disabled_at_ms === null ? toAccount(row) : undefined
    },
  }
}
