/** How far a credential reaches: the role of a token, and the scope of a fine-grained one. Pure. */
import type { Actor, Permission } from '../kernel/actor.ts'
import { unreachable } from '../kernel/errors.ts'
import { higher, type Standing } from './roles.ts'

/** What a fine-grained token was given here. */
export const grantsOf = (
  actor: Actor,
  at: { ownerId: string; repoId?: string },
): readonly Permission[] =>
  actor.kind !== 'user' || actor.token?.scope === undefined
    ? []
    : actor.token.scope.entries
        .filter(
          ({ kind, id }) => kind === 'all' || id === (kind === 'repo' ? at.repoId : at.ownerId),
        )
        .flatMap((entry) => entry.permissions)

const permissionStanding: Partial<Record<Permission, Standing>> = {
  'repo.content.read': 'read',
  'repo.write': 'write',
  'repo.manage': 'manage',
}

/** How far the credential reaches here. */
export const credentialCap = (actor: Actor, at: { ownerId: string; repoId?: string }): Standing => {
  if (actor.kind !== 'user') return 'manage'
  switch (actor.tokenRole) {
    case 'write':
      return 'manage'
    case 'read':
      return 'read'
    case 'fineGrained':
      return grantsOf(actor, at)
        .map((permission) => permissionStanding[permission] ?? 'none')
        .reduce(higher, 'none')
    default:
      return unreachable(actor.tokenRole)
  }
}
