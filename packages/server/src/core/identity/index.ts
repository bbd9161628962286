/**
 * The identity room: who somebody is. Users and organisations share one namespace; organisations have members with roles and programs that
 * work for them; tokens are shown once and stored as hashes.
 *
 * Invariants: no secret is stored in clear or logged; a disabled account is nobody at every door at once; an organisation in service has an
 * administrator; no token is stronger than its account or the token that made it.
 */
import { type Accounts, type IdentityDeps, makeAccounts, makeRegistrar } from './accounts.ts'
import { type Approvals, makeApprovals } from './approvals.ts'
import { makeMembers, type Members } from './members.ts'
import { makeManaged, type Managed } from './managed.ts'
import { makeSetup, type Setup } from './setup.ts'
import { makeTokenStore } from './token-rows.ts'
import { makeTokens, type Tokens } from './tokens.ts'

export type { TokenHolder } from '../policy/index.ts'
export { passwordOf, setPassword } from './identity.sql.ts'
export type { Account, Card, NewUser } from './account.ts'
export { actorOf, asAccount, refuseUser } from './account.ts'
export { raiseEpoch } from './identity.sql.ts'
export type { TokenApproval } from './approvals.ts'
export type { Member, Membership } from './members.ts'
export { refuseName, repoNameProblem } from './names.ts'
export type { DescribedScope, ScopeTarget, ScopeWish } from './scope.ts'
export { makePasswords, type Passwords, refusePassword } from './passwords.ts'
export { hasCheck, secretsIn, sha256Hex } from './secret.ts'
export type { TokenDesk } from './token-desk.ts'
export { copyApprovals } from './approvals.sql.ts'
export { endTokenAt, forgetTokens, revokeToken } from './tokens.sql.ts'
export type { Issued, NewToken, Token, TokenWish } from './token-rows.ts'

export interface Identity extends Accounts, Members, Tokens, Approvals, Setup, Managed {
  /** Writes a token that an app was given; what it may do was decided before. `beside` runs in the same transaction. */
  readonly issueForApp: ReturnType<typeof makeTokenStore>
}

export const makeIdentity = (deps: IdentityDeps): Identity => {
  const register = makeRegistrar(deps)
  const store = makeTokenStore(deps)

  return {
    ...makeAccounts(deps, register),
    ...makeMembers(deps),
    ...makeTokens(deps, store),
    ...makeApprovals(deps),
    ...makeManaged(deps, register),
    ...makeSetup(deps, register, store),
    issueForApp: store,
  }
}
