/**
 * The one answer to "may this actor do this here": pure, total over closed unions, no I/O. Facts come from `facts.sql.ts`. A rule of
 * access is changed here and in the case table beside it, and nowhere else.
 */
import type { RoleName, Visibility } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import { unreachable } from '../kernel/errors.ts'

/** What may be asked of a repo. */
export const repoActions = [
  'repo.see', // that it exists, its metadata
  'repo.read', // its files and history
  'repo.write', // commits, branches, tags, uploads
  'repo.admin', // visibility, move, delete
] as const
export type RepoAction = (typeof repoActions)[number]

/** What may be asked of a namespace: a user's own, or an organisation's. */
export const namespaceActions = ['namespace.create', 'namespace.manage'] as const
export type NamespaceAction = (typeof namespaceActions)[number]

export type Action = RepoAction | NamespaceAction | 'hub.manage'

export interface NamespaceFacts {
  readonly ownerId: string
  /** The actor's role in the owning organisation, if it is one. */
  readonly role: RoleName | undefined
}

export interface RepoFacts extends NamespaceFacts {
  readonly visibility: Visibility
  readonly isDisabled: boolean
}

export type DenialReason =
  | 'not_signed_in'
  | 'not_visible'
  | 'disabled'
  | 'token_is_read_only'
  | 'role_too_low'
  | 'not_an_admin'

/** `reveal` says whether the target may be shown to exist. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: DenialReason; readonly reveal: boolean }

const yes: Decision = { allowed: true }
const no = (reason: DenialReason, reveal: boolean): Decision => ({ allowed: false, reason, reveal })

type Standing = 'none' | 'read' | 'write' | 'manage'

const roleStanding: Record<RoleName, Standing> = {
  admin: 'manage',
  maintainer: 'manage',
  write: 'write',
  contributor: 'read',
  read: 'read',
  auditor: 'read',
}

const standingOf = (actor: Actor, facts: NamespaceFacts): Standing => {
  if (actor.kind === 'anonymous') return 'none'
  if (actor.kind === 'system' || actor.isAdmin || actor.id === facts.ownerId) return 'manage'
  return facts.role === undefined ? 'none' : roleStanding[facts.role]
}

const isReadOnly = (actor: Actor): boolean => actor.kind === 'user' && actor.tokenRole === 'read'

const isVisible = (actor: Actor, facts: RepoFacts, standing: Standing): boolean => {
  if (standing !== 'none') return true
  switch (facts.visibility) {
    case 'public':
      return true
    case 'internal':
      return actor.kind !== 'anonymous'
    case 'private':
      return false
    default:
      return unreachable(facts.visibility)
  }
}

/** Decides an act on an existing repo. */
export const decideRepo = (actor: Actor, action: RepoAction, facts: RepoFacts): Decision => {
  const standing = standingOf(actor, facts)
  if (!isVisible(actor, facts, standing)) return no('not_visible', false)
  if (action === 'repo.see') return yes
  const mustWrite = action !== 'repo.read'
  if (mustWrite && actor.kind === 'anonymous') return no('not_signed_in', true)
  if (mustWrite && isReadOnly(actor)) return no('token_is_read_only', true)
  // A disabled repo gives and takes no content; whoever manages it may still look after it.
  if (facts.isDisabled && action !== 'repo.admin' && actor.kind !== 'system') {
    return no('disabled', true)
  }
  switch (action) {
    case 'repo.read':
      return yes
    case 'repo.write':
      return standing === 'write' || standing === 'manage' ? yes : no('role_too_low', true)
    case 'repo.admin':
      return standing === 'manage' ? yes : no('role_too_low', true)
    default:
      return unreachable(action)
  }
}

/** Decides an act on a namespace. Namespaces are public names. */
export const decideNamespace = (
  actor: Actor,
  action: NamespaceAction,
  facts: NamespaceFacts,
): Decision => {
  if (actor.kind === 'anonymous') return no('not_signed_in', true)
  if (isReadOnly(actor)) return no('token_is_read_only', true)
  const standing = standingOf(actor, facts)
  switch (action) {
    case 'namespace.create':
      return standing === 'write' || standing === 'manage' ? yes : no('role_too_low', true)
    case 'namespace.manage':
      return standing === 'manage' ? yes : no('role_too_low', true)
    default:
      return unreachable(action)
  }
}

/** Decides an act on the hub itself. */
export const decideHub = (actor: Actor): Decision => {
  if (actor.kind === 'system') return yes
  if (actor.kind === 'anonymous') return no('not_signed_in', true)
  if (isReadOnly(actor)) return no('token_is_read_only', true)
  return actor.isAdmin ? yes : no('not_an_admin', true)
}
