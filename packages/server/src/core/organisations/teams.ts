/** Teams: members of an organisation who are given access together. */
import type { Querier } from '#db/flavor.ts'
import { refuseUser } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, TeamId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespacePermit, NamespaceRef } from '../policy/index.ts'
import type { OrganisationsDeps, OrgPage, OrgPermit } from './index.ts'
import * as sql from './organisations.sql.ts'
import type { TeamWrites } from './team-writes.ts'

export interface Team {
  readonly id: TeamId
  readonly name: string
  readonly createdAtMs: number
}

type Looking = OrgPermit | NamespacePermit<'namespace.audit'>

export interface Teams {
  /** Errors: `invalid` name, `exists`, `too_many`. */
  createTeam(ctx: Ctx, permit: OrgPermit, name: string): Promise<Team>
  /** In order of name. */
  teams(permit: Looking, page: OrgPage): Promise<Team[]>
  /** Errors: `entry_not_found`, `invalid`, `exists`. */
  renameTeam(ctx: Ctx, permit: OrgPermit, name: string, to: string): Promise<Team>
  /** What it was given goes with it. Errors: `entry_not_found`. */
  deleteTeam(ctx: Ctx, permit: OrgPermit, name: string): Promise<void>
  /** Repeating it is no error. Errors: `entry_not_found`, `account_not_found`, `invalid` for who is no member. */
  addToTeam(ctx: Ctx, permit: OrgPermit, name: string, userName: string): Promise<void>
  removeFromTeam(ctx: Ctx, permit: OrgPermit, name: string, userName: string): Promise<void>
  /** The team of this name, inside the caller's transaction. */
  teamIn(q: Querier, orgId: AccountId, name: string): Promise<TeamId | undefined>
  isInTeam(q: Querier, teamId: TeamId, userId: AccountId): Promise<boolean>
  /** In order of name. */
  teamMembers(
    permit: Looking,
    name: string,
    page: OrgPage,
  ): Promise<{ id: AccountId; name: string; fullName: string }[]>
}

export const makeTeams = ({ db, identity }: OrganisationsDeps, writes: TeamWrites): Teams => {
  const need = async ({ id, name: org }: NamespaceRef, name: string) => {
    const row = await sql.namedBy(db.read, 'team', id, name)
    if (row !== undefined) return row
    throw new HubError('entry_not_found', `${org} has no team "${name}".`)
  }

  const taken = (error: unknown, name: string): never => {
    if (!db.flavor.isUniqueViolation(error)) throw error
    throw new HubError('exists', `There is a team "${name}" already.`)
  }

  return {
    async createTeam(ctx, { namespace }, name) {
      refuseUser(namespace)
      return db
        .tx((q, after) => writes.addTeam({ q, after, ctx }, namespace, name))
        .catch((error: unknown) => taken(error, name))
    },

    teams: async ({ namespace }, { after, limit }) => {
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      return (await sql.namedOf(db.read, 'team', namespace.id, page)).map((row) => ({
        // A cast because the rows are of teams.
        id: row.id as TeamId,
        name: row.name,
        createdAtMs: row.created_at_ms,
      }))
    },

    async renameTeam(ctx, { namespace }, name, to) {
      const team = await need(namespace, name)
      await db
        .tx((q, after) => writes.nameTeam({ q, after, ctx }, namespace, team.id, to))
        .catch((error: unknown) => taken(error, to))
      return { id: team.id, name: to, createdAtMs: team.created_at_ms }
    },

    async deleteTeam(ctx, { namespace }, name) {
      const team = await need(namespace, name)
      await db.tx((q, after) => writes.dropTeam({ q, after, ctx }, namespace, team.id))
    },

    async addToTeam(ctx, { namespace }, name, userName) {
      const team = await need(namespace, name)
      const user = await identity.need(userName, 'user')
      const belongs =
        user.serviceOf === namespace.id ||
        (await identity.roleIn(namespace.id, user.id)) !== undefined
      if (!belongs) {
        throw new HubError(
          'invalid',
          `${user.name} is no member of ${namespace.name}: teams hold members. Add ${user.name} first, or grant access to one repository.`,
        )
      }
      const change = { add: [user.id], remove: [] }
      await db.tx((q, after) => writes.changeTeam({ q, after, ctx }, namespace, team.id, change))
    },

    async removeFromTeam(ctx, { namespace }, name, userName) {
      const team = await need(namespace, name)
      const user = await identity.need(userName, 'user')
      const change = { add: [], remove: [user.id] }
      await db.tx((q, after) => writes.changeTeam({ q, after, ctx }, namespace, team.id, change))
    },

    teamIn: async (q, orgId, name) => (await sql.namedBy(q, 'team', orgId, name))?.id,
    isInTeam: (q, teamId, userId) => sql.hasTeamMember(q, teamId, userId),

    async teamMembers({ namespace }, name, { after, limit }) {
      const team = await need(namespace, name)
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      return (await sql.teamMembers(db.read, team.id, page)).map((row) => ({
        id: row.id,
        name: row.name,
        fullName: row.full_name,
      }))
    },
  }
}
