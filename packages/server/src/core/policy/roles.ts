/** Roles in their order, and what each lets its holder do. */
import type { RoleName } from '#db/schema.ts'

/** What somebody may do at most. */
export type Standing = 'none' | 'read' | 'write' | 'manage'

const standings: readonly Standing[] = ['none', 'read', 'write', 'manage']

export const lower = (one: Standing, other: Standing): Standing =>
  standings.indexOf(one) < standings.indexOf(other) ? one : other

export const higher = (one: Standing, other: Standing): Standing =>
  lower(one, other) === one ? other : one

/** From the least to the most. An auditor reads everything, the trail included; a contributor proposes changes and writes none. */
const rolesByRank = [
  'read',
  'auditor',
  'contributor',
  'write',
  'maintainer',
  'admin',
] as const satisfies readonly RoleName[]

/** 1 to 6: so that SQL finds the highest of several. */
export const rankOf = (role: RoleName): number => rolesByRank.indexOf(role) + 1

export const roleOfRank = (rank: number | null): RoleName | undefined =>
  rank === null ? undefined : rolesByRank[rank - 1]

export const roleStanding: Record<RoleName, Standing> = {
  read: 'read',
  auditor: 'read',
  contributor: 'read',
  write: 'write',
  maintainer: 'manage',
  admin: 'manage',
}

/** Roles of an organisation that reach its resource groups without a grant. */
export const rolesAcrossGroups = ['admin', 'auditor'] as const satisfies readonly RoleName[]

/** Roles that write to every repo of their organisation. */
export const writingRoles = ['write', 'maintainer', 'admin'] as const satisfies readonly RoleName[]
