/** Groups of a directory: each is a team of the organisation, made by the directory and ended by it. */
import { refuseUser, sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { type AccountId, type TeamId, isId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespaceRef } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import { noteChange } from './brake.ts'
import {
  asAccountId,
  asTeamId,
  type DirectoryPage,
  type OrgPermit,
  type ProvisioningDeps,
} from './index.ts'
import { teamNameOf } from './names.ts'
import * as sql from './provisioning.sql.ts'
import { staleVersion } from './person.ts'

export interface GroupWish {
  readonly displayName: string
  readonly externalId: string | undefined
  /** Ids of people of the directory. */
  readonly members: readonly string[]
}

export interface DirectoryGroup {
  readonly id: TeamId
  readonly displayName: string
  readonly externalId: string | undefined
  /** In order of id; who is not active is in the team once they are. */
  readonly members: readonly AccountId[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** Another text whenever something of the above has changed. */
  readonly version: string
}

export interface DirectoryGroups {
  /** Errors: `entry_not_found`, also for teams that the directory has not made. */
  getGroup(permit: OrgPermit, id: string): Promise<DirectoryGroup>
  /** In order of id; with members, fewer come than asked for where there are many. Without, `version` says nothing. */
  listGroups(
    permit: OrgPermit,
    page: DirectoryPage & { readonly withMembers: boolean },
  ): Promise<DirectoryGroup[]>
  countGroups(permit: OrgPermit): Promise<number>
  /** Errors: `exists` for a name that a team has; `invalid` for members whom the directory does not know; `too_many`. */
  createGroup(ctx: Ctx, permit: OrgPermit, wish: GroupWish): Promise<DirectoryGroup>
  /** Errors: as `createGroup`; `entry_not_found`; `conflict` (details.reason `version_moved`). */
  replaceGroup(
    ctx: Ctx,
    permit: OrgPermit,
    id: string,
    change: { readonly wish: GroupWish; readonly version?: string },
  ): Promise<DirectoryGroup>
  /** With what the team was given. Errors: `entry_not_found`, `conflict`. */
  deleteGroup(ctx: Ctx, permit: OrgPermit, id: string, version?: string): Promise<void>
}

const toGroup = (row: sql.GroupRow, members: readonly AccountId[]): DirectoryGroup => {
  const facts = {
    id: row.team_id,
    displayName: row.display_name,
    externalId: row.external_id ?? undefined,
    members,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
  return { ...facts, version: sha256Hex(JSON.stringify(facts)).slice(0, 16) }
}

export const makeGroups = (deps: ProvisioningDeps): DirectoryGroups => {
  const { db, organisations, clock } = deps

  const load = async (q: Tx['q'], orgId: AccountId, row: sql.GroupRow) =>
    toGroup(row, await sql.membersOf(q, orgId, row.team_id))

  const need = async (q: Tx['q'], org: NamespaceRef, id: string): Promise<DirectoryGroup> => {
    const row = isId(id) ? await sql.groupById(q, org.id, asTeamId(id)) : undefined
    if (row !== undefined) return load(q, org.id, row)
    throw new HubError(
      'entry_not_found',
      `The directory of ${org.name} has no group "${id.slice(0, 100)}".`,
    )
  }

  const taken = (name: string): HubError =>
    new HubError(
      'exists',
      `There is a team "${name}" already that this group has not made. Rename one of them.`,
    )

  const orTaken = (error: unknown, name: string): never => {
    throw db.flavor.isUniqueViolation(error) ? taken(name) : error
  }

  /** The group's own name, or one like it where letters had to go and somebody has it. */
  const freeName = async (q: Tx['q'], org: NamespaceRef, wish: GroupWish, own?: TeamId) => {
    const name = teamNameOf(wish.displayName)
    const isFree = async (one: string): Promise<boolean> => {
      const id = await sql.teamNamed(q, org.id, one)
      return id === undefined || id === own
    }
    if (await isFree(name)) return name
    if (name === wish.displayName) throw taken(name)
    for (let number = 2; number <= 9; number += 1) {
      const other = `${name.slice(0, 60).trimEnd()} ${number}`
      if (await isFree(other)) return other
    }
    throw taken(name)
  }

  const setMembers = async (
    tx: Tx,
    org: NamespaceRef,
    id: TeamId,
    { has, wants }: { has: readonly AccountId[]; wants: readonly AccountId[] },
  ): Promise<void> => {
    const wanted = new Set(wants)
    const present = new Set(has)
    const add = [...wanted].filter((one) => !present.has(one))
    const remove = has.filter((one) => !wanted.has(one))
    if (add.length + remove.length === 0) return
    if (add.length + remove.length > limits.directoryGroupChangesMax) {
      throw new HubError(
        'too_many',
        `One call changes at most ${limits.directoryGroupChangesMax} members, found ${add.length + remove.length}. Divide it.`,
      )
    }
    const known = await sql.usersAmong(tx.q, org.id, [...add, ...remove])
    const active = new Map(known.map((one) => [one.account_id, one.is_active === 1]))
    const stranger = add.find((one) => !active.has(one))
    if (stranger !== undefined) {
      throw new HubError(
        'invalid',
        `"${stranger.slice(0, 100)}" is nobody of the directory of ${org.name}; only its people are members of its groups.`,
      )
    }
    // Teams hold members of the organisation: who is not active waits.
    const isActive = (one: AccountId): boolean => active.get(one) === true
    const waits = add.filter((one) => !isActive(one))
    await sql.insertWaiting(tx.q, org.id, id, waits)
    await sql.deleteWaiting(tx.q, id, remove)
    const change = { add: add.filter(isActive), remove: remove.filter(isActive) }
    await organisations.changeTeam(tx, org, id, change)
  }

  return {
    getGroup: ({ namespace }, id) => need(db.read, namespace, id),

    async listGroups({ namespace: { id } }, { after, offset, limit, withMembers }) {
      const page = { after: asTeamId(after), offset, limit: Math.min(limit, limits.scimPageMax) }
      const rows = await sql.groupsOf(db.read, id, page)
      if (!withMembers) return rows.map((row) => toGroup(row, []))
      const groups: DirectoryGroup[] = []
      let members = 0
      for (const row of rows) {
        const group = await load(db.read, id, row)
        members += group.members.length
        if (groups.length > 0 && members > limits.scimMembersListedMax) break
        groups.push(group)
      }
      return groups
    },

    countGroups: ({ namespace: { id } }) => sql.countGroups(db.read, id),

    async createGroup(ctx, { namespace: org }, wish) {
      refuseUser(org)
      const id = await db
        .tx(async (q, after) => {
          await db.flavor.lockEvents(q)
          const tx = { q, after, ctx }
          const team = await organisations.addTeam(tx, org, await freeName(q, org, wish))
          const nowMs = clock.nowMs()
          await sql.insertGroup(q, {
            team_id: team.id,
            org_id: org.id,
            display_name: wish.displayName,
            external_id: wish.externalId ?? null,
            created_at_ms: nowMs,
            updated_at_ms: nowMs,
          })
          await setMembers(tx, org, team.id, { has: [], wants: wish.members.map(asAccountId) })
          await noteChange(deps, tx, org)
          return team.id
        })
        .catch((error: unknown) => orTaken(error, wish.displayName))
      return need(db.read, org, id)
    },

    async replaceGroup(ctx, { namespace: org }, id, { wish, version }) {
      await db
        .tx(async (q, after) => {
          await db.flavor.lockEvents(q)
          const tx = { q, after, ctx }
          const group = await need(q, org, id)
          if (version !== undefined && version !== group.version) throw staleVersion()
          if (wish.displayName !== group.displayName) {
            const name = await freeName(q, org, wish, group.id)
            await organisations.nameTeam(tx, org, group.id, name)
          }
          await sql.setGroup(q, group.id, {
            display_name: wish.displayName,
            external_id: wish.externalId ?? null,
            updated_at_ms: clock.nowMs(),
          })
          const wants = wish.members.map(asAccountId)
          await setMembers(tx, org, group.id, { has: group.members, wants })
          await noteChange(deps, tx, org)
        })
        .catch((error: unknown) => orTaken(error, wish.displayName))
      return need(db.read, org, id)
    },

    deleteGroup: (ctx, { namespace: org }, id, version) =>
      db.tx(async (q, after) => {
        await db.flavor.lockEvents(q)
        const tx = { q, after, ctx }
        const group = await need(q, org, id)
        if (version !== undefined && version !== group.version) throw staleVersion()
        await organisations.dropTeam(tx, org, group.id)
        await noteChange(deps, tx, org)
      }),
  }
}
