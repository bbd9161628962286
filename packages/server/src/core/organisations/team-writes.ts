/** What is written of teams, inside the caller's transaction: for people's wishes and for a directory's. */
import { raiseEpoch } from '../identity/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, TeamId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespaceRef } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import type { OrganisationsDeps } from './index.ts'
import { refuseGroupName } from './names.ts'
import * as sql from './organisations.sql.ts'
import type { Team } from './teams.ts'

export interface TeamWrites {
  /** Errors: `invalid` name, `too_many`; the engine's unique violation for a name that is taken. */
  addTeam(tx: Tx, org: NamespaceRef, name: string): Promise<Team>
  /** Errors: `invalid`; the engine's unique violation for a name that is taken. */
  nameTeam(tx: Tx, org: NamespaceRef, id: TeamId, name: string): Promise<void>
  /** What it was given goes with it. */
  dropTeam(tx: Tx, org: NamespaceRef, id: TeamId): Promise<void>
  /** Who is added belongs to the organisation: the caller has seen to it. Repeating it changes nothing. */
  changeTeam(
    tx: Tx,
    org: Pick<NamespaceRef, 'id'>,
    id: TeamId,
    change: { readonly add: readonly AccountId[]; readonly remove: readonly AccountId[] },
  ): Promise<void>
  /** Takes back what a person was given by name on the organisation's repos and resource groups. */
  withdrawAll(tx: Tx, org: NamespaceRef, userId: AccountId): Promise<void>
}

export const makeTeamWrites = ({ events, clock, ids }: OrganisationsDeps): TeamWrites => ({
  async addTeam(tx, org, name) {
    refuseGroupName('team', name)
    if ((await sql.countNamed(tx.q, 'team', org.id)) >= limits.teamsPerOrgMax) {
      throw new HubError('too_many', `${org.name} has ${limits.teamsPerOrgMax} teams.`)
    }
    const id = ids<TeamId>()
    const createdAtMs = clock.nowMs()
    const names = { name, name_key: name.toLowerCase() }
    await sql.insertTeam(tx.q, { id, org_id: org.id, ...names, created_at_ms: createdAtMs })
    await events.append(tx, 'team_created', { orgId: org.id, teamId: id, name })
    return { id, name, createdAtMs }
  },

  async nameTeam(tx, org, id, name) {
    refuseGroupName('team', name)
    await sql.renameTeam(tx.q, id, name)
    await events.append(tx, 'team_renamed', { orgId: org.id, teamId: id, name })
  },

  async dropTeam(tx, org, id) {
    await sql.deleteTeam(tx.q, id)
    await raiseEpoch(tx.q, org.id)
    await events.append(tx, 'team_deleted', { orgId: org.id, teamId: id })
  },

  async changeTeam(tx, org, id, { add, remove }) {
    for (const userId of add) {
      const row = { team_id: id, user_id: userId, created_at_ms: clock.nowMs() }
      await sql.putTeamMember(tx.q, row)
      await raiseEpoch(tx.q, userId)
      await events.append(tx, 'team_member_added', { orgId: org.id, teamId: id, userId })
    }
    for (const userId of remove) {
      await sql.dropTeamMember(tx.q, id, userId)
      await raiseEpoch(tx.q, userId)
      await events.append(tx, 'team_member_removed', { orgId: org.id, teamId: id, userId })
    }
    await raiseEpoch(tx.q, org.id)
  },

  async withdrawAll(tx, org, userId) {
    for (const targetId of await sql.deleteGrantsIn(tx.q, org.id, userId)) {
      const payload = { orgId: org.id, targetId, granteeId: userId }
      await events.append(tx, 'access_withdrawn', payload)
    }
    await raiseEpoch(tx.q, org.id)
    await raiseEpoch(tx.q, userId)
  },
})
