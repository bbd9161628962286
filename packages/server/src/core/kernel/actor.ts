/** Who acts. A closed union: `decide` is total over it. */
import type { AccountId, SessionId, TokenId } from './ids.ts'

export type TokenRole = 'read' | 'write' | 'fineGrained'

/** What a fine-grained token may be allowed, in the words that Hugging Face clients know where there are any. */
export const permissions = [
  'repo.content.read', // see and read repos that are not public
  'repo.write', // content, and new repos
  'repo.manage', // settings, access, moving, deleting
  'org.read', // members, policy, audit
  'org.write', // members, teams, policy
  'collection.read',
  'collection.write',
  'user.manage', // the account itself: profile, tokens, sessions
] as const
export type Permission = (typeof permissions)[number]

export interface ScopeEntry {
  /** One repo, all of one namespace, or everything the account reaches (`id` is then `*`). */
  readonly kind: 'repo' | 'account' | 'all'
  readonly id: string
  readonly permissions: readonly Permission[]
}

/** How far a fine-grained token reaches: never further than its account. Public repos are readable by every token. */
export interface TokenScope {
  /** May it use its account's access to gated repos that are public? */
  readonly readsGated: boolean
  readonly entries: readonly ScopeEntry[]
}

/** The credential an actor came by, as far as rules of organisations ask. */
export interface TokenFacts {
  readonly id: TokenId
  /** From creation to expiry; undefined for a token without end. */
  readonly lifeMs: number | undefined
  /** Set for a fine-grained token, and only then. */
  readonly scope?: TokenScope
}

export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user'
      readonly id: AccountId
      readonly name: string
      readonly isAdmin: boolean
      /** How far the credential reaches; a read token never writes, whoever holds it. A session reaches like `write`. */
      readonly tokenRole: TokenRole
      readonly token?: TokenFacts
      readonly sessionId?: SessionId
      /** The organisation a service account works for. */
      readonly serviceOf?: AccountId
    }
  /** The hub itself, in a job or a command on its own data folder; `reason` lands in the audit trail. */
  | { readonly kind: 'system'; readonly name: string; readonly reason: string }

export const anonymous: Actor = { kind: 'anonymous' }

/** The account behind the actor, for event rows. */
export const actorIdOf = (actor: Actor): AccountId | undefined =>
  actor.kind === 'user' ? actor.id : undefined
