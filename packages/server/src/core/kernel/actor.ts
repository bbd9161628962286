/** Who acts. A closed union: `decide` is total over it. */
import type { AccountId, TokenId } from './ids.ts'

export type TokenRole = 'read' | 'write'

export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user'
      readonly id: AccountId
      readonly name: string
      readonly isAdmin: boolean
      /** How far the credential reaches; a read token never writes, whoever holds it. */
      readonly tokenRole: TokenRole
      readonly tokenId?: TokenId
    }
  /** The hub itself, in a job or a command on its own data folder; `reason` lands in the audit trail. */
  | { readonly kind: 'system'; readonly name: string; readonly reason: string }

export const anonymous: Actor = { kind: 'anonymous' }

/** The account behind the actor, for event rows. */
export const actorIdOf = (actor: Actor): AccountId | undefined =>
  actor.kind === 'user' ? actor.id : undefined
