/**
 * The provisioning room: an organisation's directory says who its people are and in which groups. People become members with accounts of
 * their own, groups become teams; who leaves the directory loses every access at once.
 *
 * Invariants: a directory sees and changes its own organisation's people only; an account that exists is never taken over, only a member
 * is recognised; nobody becomes an administrator by a directory; the last administrator stays; an accident does not remove everybody.
 */
import type { Database } from '#db/connect.ts'
import type { Events } from '../events/index.ts'
import type { Identity } from '../identity/index.ts'
import type { AccountId, TeamId } from '../kernel/ids.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { Organisations } from '../organisations/index.ts'
import type { NamespacePermit } from '../policy/index.ts'
import { type Brake, makeBrake } from './brake.ts'
import { type DirectoryGroups, makeGroups } from './groups.ts'
import { type DirectoryUsers, makeUsers } from './users.ts'

export type { DirectoryState } from './brake.ts'
export type { DirectoryGroup, GroupWish } from './groups.ts'
export type { DirectoryUser, UserWish } from './person.ts'

export type OrgPermit = NamespacePermit<'namespace.manage'>

/** Part of a list in order of id: after the given one ('' for the first), passing over so many. */
export interface DirectoryPage {
  readonly after: string
  readonly offset: number
  readonly limit: number
}

export interface ProvisioningDeps {
  readonly db: Database
  readonly identity: Identity
  readonly organisations: Organisations
  readonly events: Events
  readonly clock: Clock
  readonly chance: Chance
}

export interface Provisioning extends DirectoryUsers, DirectoryGroups, Brake {}

/** Ids as a directory sends them: any text has its place in the order, and names nobody or one. */
export const asAccountId = (text: string): AccountId => text as AccountId
export const asTeamId = (text: string): TeamId => text as TeamId

export const makeProvisioning = (deps: ProvisioningDeps): Provisioning => ({
  ...makeUsers(deps),
  ...makeGroups(deps),
  ...makeBrake(deps),
})
