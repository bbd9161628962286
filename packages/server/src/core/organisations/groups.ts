/** Resource groups: repos of an organisation that membership alone does not open. */
import type { RepoType } from '#db/schema.ts'
import { raiseEpoch, refuseUser } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { GroupId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { pagesOf } from '../kernel/pages.ts'
import type { NamespacePermit, NamespaceRef, Permit } from '../policy/index.ts'
import type { OrganisationsDeps, OrgPage, OrgPermit } from './index.ts'
import { refuseGroupName } from './names.ts'
import * as sql from './organisations.sql.ts'
import { outsidersOf } from './outside.sql.ts'

export interface Group {
  readonly id: GroupId
  readonly name: string
  readonly createdAtMs: number
}

type Looking = OrgPermit | NamespacePermit<'namespace.audit'>

export interface Groups {
  /** Errors: `invalid` name, `exists`, `too_many`. */
  createGroup(ctx: Ctx, permit: OrgPermit, name: string): Promise<Group>
  /** In order of name. */
  groups(permit: Looking, page: OrgPage): Promise<Group[]>
  /** What was given on it goes with it. Errors: `entry_not_found`; `conflict` while it holds repos. */
  deleteGroup(ctx: Ctx, permit: OrgPermit, name: string): Promise<void>
  /** In order of id. */
  groupRepos(
    permit: Looking,
    name: string,
    page: OrgPage,
  ): Promise<{ id: RepoId; type: RepoType; path: string }[]>
  /** A repo is in one group at most. Errors: `entry_not_found`, `invalid` for another owner's repo, `licence_blocked`. */
  putInGroup(ctx: Ctx, permit: OrgPermit, name: string, repo: Permit<'repo.admin'>): Promise<void>
  /** Membership opens the repo again. Repeating it is no error. */
  takeOutOfGroup(ctx: Ctx, permit: OrgPermit, repo: Permit<'repo.admin'>): Promise<void>
}

/** Errors: `entry_not_found`. */
export const needGroup = async (
  { db }: OrganisationsDeps,
  { id, name: org }: NamespaceRef,
  name: string,
) => {
  const row = await sql.namedBy(db.read, 'resource_group', id, name)
  if (row !== undefined) return row
  throw new HubError('entry_not_found', `${org} has no resource group "${name}".`)
}

/** Errors: `invalid`. */
export const refuseForeign = (namespace: NamespaceRef, { repo }: Permit<'repo.admin'>): void => {
  if (repo.ownerId === namespace.id) return
  throw new HubError('invalid', `${repo.path} does not belong to ${namespace.name}.`)
}

const outsidersPage = 500

export const makeGroups = (deps: OrganisationsDeps): Groups => {
  const { db, events, clock, ids, repos, shareGuard } = deps

  const put = (
    ctx: Ctx,
    { namespace }: OrgPermit,
    permit: Permit<'repo.admin'>,
    groupId: GroupId | null,
  ): Promise<void> => {
    refuseForeign(namespace, permit)
    return db.tx(async (q, after) => {
      if (groupId !== null) {
        const where = { orgId: namespace.id, groupId, nowMs: clock.nowMs() }
        const pages = pagesOf(
          (page) => outsidersOf(q, where, page),
          (one) => one,
          outsidersPage,
        )
        for await (const outsiders of pages)
          await shareGuard.refuseGiving(q, { ids: [permit.repo.id] }, outsiders)
      }
      await repos.setGroup(q, permit.repo.id, groupId)
      await raiseEpoch(q, namespace.id)
      const payload = { orgId: namespace.id, groupId }
      await events.append({ q, after, ctx }, 'repo_grouped', payload, permit.repo.id)
    })
  }

  return {
    async createGroup(ctx, { namespace }, name) {
      refuseUser(namespace)
      refuseGroupName('resource group', name)
      const id = ids<GroupId>()
      const createdAtMs = clock.nowMs()
      const names = { name, name_key: name.toLowerCase() }
      await db
        .tx(async (q, after) => {
          if ((await sql.countNamed(q, 'resource_group', namespace.id)) >= limits.groupsPerOrgMax) {
            throw new HubError(
              'too_many',
              `${namespace.name} has ${limits.groupsPerOrgMax} groups.`,
            )
          }
          await sql.insertGroup(q, {
            id,
            org_id: namespace.id,
            ...names,
            created_at_ms: createdAtMs,
          })
          const payload = { orgId: namespace.id, groupId: id, name }
          await events.append({ q, after, ctx }, 'group_created', payload)
        })
        .catch((error: unknown) => {
          if (!db.flavor.isUniqueViolation(error)) throw error
          throw new HubError('exists', `There is a resource group "${name}" already.`)
        })
      return { id, name, createdAtMs }
    },

    groups: async ({ namespace }, { after, limit }) => {
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      return (await sql.namedOf(db.read, 'resource_group', namespace.id, page)).map((row) => ({
        // A cast because the rows are of groups.
        id: row.id as GroupId,
        name: row.name,
        createdAtMs: row.created_at_ms,
      }))
    },

    async deleteGroup(ctx, { namespace }, name) {
      const group = await needGroup(deps, namespace, name)
      await db.tx(async (q, after) => {
        const [repo] = await sql.reposIn(q, group.id, { after: '', limit: 1 })
        if (repo !== undefined) {
          throw new HubError(
            'conflict',
            `The group "${name}" still holds repositories, such as ${namespace.name}/${repo.name}. Take them out first.`,
          )
        }
        await sql.deleteGroup(q, group.id)
        await raiseEpoch(q, namespace.id)
        const payload = { orgId: namespace.id, groupId: group.id }
        await events.append({ q, after, ctx }, 'group_deleted', payload)
      })
    },

    async groupRepos({ namespace }, name, { after, limit }) {
      const group = await needGroup(deps, namespace, name)
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      return (await sql.reposIn(db.read, group.id, page)).map((row) => ({
        id: row.id,
        type: row.type,
        path: `${namespace.name}/${row.name}`,
      }))
    },

    async putInGroup(ctx, permit, name, repo) {
      const group = await needGroup(deps, permit.namespace, name)
      await put(ctx, permit, repo, group.id)
    },

    takeOutOfGroup: (ctx, permit, repo) => put(ctx, permit, repo, null),
  }
}
