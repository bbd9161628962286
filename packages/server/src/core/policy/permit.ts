/**
 * A permit is the proof that a decision was made: a value only this room can mint. Use cases that touch bytes or names take
 * one, so that bytes without a decision do not compile.
 */
import type { GateKind, RepoType, Visibility } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import type { OrgRule } from './org-rules.ts'
import type { Action, Decision, NamespaceAction, RepoAction } from './decide.ts'

declare const minted: unique symbol

/** The repo a permit speaks of, as it was when the decision was made. */
export interface RepoRef {
  readonly id: RepoId
  readonly type: RepoType
  /** `owner/name`, in the spelling of its owner. */
  readonly path: string
  readonly ownerId: AccountId
  readonly visibility: Visibility
  readonly gate: GateKind | undefined
  /** Whether the actor may read its files too. */
  readonly reading: Decision
  /** Of the actor's organisations, about single files. */
  readonly fileRules?: readonly OrgRule[]
  /** When what the decision rests on ends by itself: a membership, a grant, an acceptance. */
  readonly untilMs?: number
  /** By which template the owner agrees with those who ask at its gate; and where they go for it, below the hub's own URL. */
  readonly gateTemplate?: string
  readonly agreementPath?: string
  /** Another one whenever the access rules of the repo may have changed. */
  readonly policyEpoch: string
}

export interface NamespaceRef {
  readonly id: AccountId
  readonly name: string
  readonly kind: 'user' | 'org'
}

interface Minted<A extends Action> {
  readonly [minted]: A
  readonly actor: Actor
}

/** Leave to act on one repo. A permit to write or administer also lets its holder read. */
export interface Permit<A extends RepoAction> extends Minted<A> {
  readonly repo: RepoRef
}

export interface NamespacePermit<A extends NamespaceAction> extends Minted<A> {
  readonly namespace: NamespaceRef
}

export type HubPermit = Minted<'hub.manage'>

/** Leave of an actor to look after its own account. */
export interface AccountPermit extends Minted<'account.manage'> {
  readonly actor: Extract<Actor, { kind: 'user' }>
  readonly own: AccountId
}

/** Any permit that lets its holder know what a repo holds: its names, its history, its card. */
export type BrowsePermit = Permit<'repo.browse'> | ReadPermit

/** Any permit that lets its holder read content. */
export type ReadPermit = Permit<'repo.read'> | Permit<'repo.write'> | Permit<'repo.admin'>

// The casts below are the only places where permits are made; the room's face does not export these functions.

export const mintRepo = <A extends RepoAction>(actor: Actor, repo: RepoRef): Permit<A> =>
  ({ actor, repo }) as unknown as Permit<A>

export const mintNamespace = <A extends NamespaceAction>(
  actor: Actor,
  namespace: NamespaceRef,
): NamespacePermit<A> => ({ actor, namespace }) as unknown as NamespacePermit<A>

export const mintAccount = (actor: Extract<Actor, { kind: 'user' }>): AccountPermit =>
  ({ actor, own: actor.id }) as unknown as AccountPermit

export const mintHub = (actor: Actor): HubPermit => ({ actor }) as unknown as HubPermit
