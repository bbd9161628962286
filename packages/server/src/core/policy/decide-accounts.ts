/** The same answer for acts on namespaces, one's own account and the hub: pure and total, like `decide.ts`. */
import type { RoleName } from '#db/schema.ts'
import type { Actor, Permission } from '../kernel/actor.ts'
import { grantsOf } from './credential.ts'
import { type Decision, type NamespaceAction, type NamespaceFacts, no, yes } from './decide.ts'

const namespaceNeeds: Record<
  NamespaceAction,
  { readonly roles: readonly RoleName[]; readonly permissions: readonly Permission[] }
> = {
  'namespace.browse': {
    roles: ['admin', 'maintainer', 'write', 'contributor', 'read', 'auditor'],
    permissions: ['collection.read', 'collection.write'],
  },
  'namespace.create': {
    roles: ['write', 'maintainer', 'admin'],
    permissions: ['repo.write', 'repo.manage'],
  },
  'namespace.curate': {
    roles: ['write', 'maintainer', 'admin'],
    permissions: ['collection.write'],
  },
  'namespace.audit': { roles: ['auditor', 'admin'], permissions: ['org.read', 'org.write'] },
  'namespace.manage': { roles: ['admin'], permissions: ['org.write'] },
  'namespace.bind': { roles: ['admin'], permissions: ['org.write'] },
}

/** Acts on a namespace that change nothing. */
const looks: ReadonlySet<NamespaceAction> = new Set(['namespace.browse', 'namespace.audit'])

/** Decides an act on a namespace. Namespaces are public names. */
export const decideNamespace = (
  actor: Actor,
  action: NamespaceAction,
  facts: NamespaceFacts,
): Decision => {
  if (actor.kind === 'anonymous') return no('not_signed_in')
  // Who runs the hub binds nobody on it: neither its administrators nor the hub itself.
  const isOwnWord = action === 'namespace.bind'
  if (actor.kind === 'system') return isOwnWord ? no('role_too_low') : yes
  if (actor.tokenRole === 'read' && !looks.has(action)) return no('token_is_read_only')
  const need = namespaceNeeds[action]
  if (actor.tokenRole === 'fineGrained') {
    // Leave for one repo of it is none for the namespace.
    const given = grantsOf(actor, { ownerId: facts.ownerId })
    if (!given.some((one) => need.permissions.includes(one))) return no('token_scope_too_small')
  }
  if (!isOwnWord && (actor.isAdmin || actor.id === facts.ownerId)) return yes
  if (facts.role === undefined || !need.roles.includes(facts.role)) return no('role_too_low')
  return facts.isTokenRefused ? no('token_not_accepted') : yes
}

/** Decides an act on the actor's own account: profile, tokens, sessions. A token makes no stronger one. */
export const decideOwnAccount = (actor: Actor): Decision => {
  if (actor.kind === 'anonymous') return no('not_signed_in')
  if (actor.kind === 'system') return yes
  if (actor.tokenRole === 'read') return no('token_is_read_only')
  if (actor.tokenRole === 'write') return yes
  const may = grantsOf(actor, { ownerId: actor.id }).includes('user.manage')
  return may ? yes : no('token_scope_too_small')
}

/** Decides an act on the hub itself. */
export const decideHub = (actor: Actor): Decision => {
  if (actor.kind === 'system') return yes
  if (actor.kind === 'anonymous') return no('not_signed_in')
  if (actor.tokenRole === 'read') return no('token_is_read_only')
  if (!actor.isAdmin) return no('not_an_admin')
  return actor.tokenRole === 'write' ? yes : no('token_scope_too_small')
}
