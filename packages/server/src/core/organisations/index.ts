/**
 * The organisations room: how people work together. Teams, resource groups and grants say who reaches what; invitations bring members;
 * rules say which tokens an organisation accepts and what only two people do together. Members themselves, and the programs that work
 * for an organisation, are accounts and belong to identity.
 *
 * Invariants: whatever changes access raises the organisation's policy epoch in the same transaction; only who manages the namespace
 * changes any of it; what the two-person rule guards is never done by one person, and is done in the transaction of the second one's
 * word.
 */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Consumer, Events } from '../events/index.ts'
import type { Identity } from '../identity/index.ts'
import type { IdMaker } from '../kernel/ids.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { Mail } from '../mail/index.ts'
import type { NamespacePermit, NamespaceRef, Policy } from '../policy/index.ts'
import type { Repos, ShareGuard } from '../repos/index.ts'
import { type Acts, makeActs, makeCarryOut } from './acts.ts'
import { makeGrantConsumer } from './consumer.ts'
import { type Grants, makeGrants } from './grants.ts'
import { type Groups, makeGroups } from './groups.ts'
import { type Invitations, makeInvitations } from './invitations.ts'
import { type Life, makeLife, makePerform } from './life.ts'
import { makeRules, type Rules } from './rules.ts'
import { makeTeamWrites, type TeamWrites } from './team-writes.ts'
import { makeTeams, type Teams } from './teams.ts'

export type { Act, PendingAct } from './acts.ts'
export type { GrantTarget, GrantWish, ListedGrant } from './grants.ts'
export type { Group } from './groups.ts'
export type { Invitation, InvitationWish } from './invitations.ts'
export type { OrgPolicy, TakingRules } from './rules.ts'
export type { Team } from './teams.ts'

export type OrgPermit = NamespacePermit<'namespace.manage'>

/** `after` is where the page before ended, '' for the first; at most `limit` and 1,000 come. */
export interface OrgPage {
  readonly after: string
  readonly limit: number
}

export interface Organisations
  extends Teams, TeamWrites, Groups, Grants, Invitations, Rules, Acts, Life {
  /** Ends what was given on repos that changed hands. */
  readonly consumer: Consumer
}

/** Asked inside the transaction that ends an organisation: what binds it to others. Errors: `conflict`. */
export interface EndGuard {
  refuse(q: Querier, org: NamespaceRef): Promise<void>
}

export interface OrganisationsDeps {
  readonly db: Database
  readonly endGuard: EndGuard
  readonly shareGuard: Pick<ShareGuard, 'refuseGiving'>
  readonly policy: Policy
  readonly identity: Identity
  readonly repos: Repos
  readonly events: Events
  readonly mail: Mail
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
}

export const makeOrganisations = (deps: OrganisationsDeps): Organisations => {
  const perform = makePerform(deps)
  const carryOut = makeCarryOut(deps, perform)
  const writes = makeTeamWrites(deps)
  return {
    ...writes,
    ...makeTeams(deps, writes),
    ...makeGroups(deps),
    ...makeGrants(deps, carryOut),
    ...makeInvitations(deps),
    ...makeRules(deps, carryOut),
    ...makeActs(deps, perform),
    ...makeLife(deps, carryOut),
    consumer: makeGrantConsumer(deps.db),
  }
}
