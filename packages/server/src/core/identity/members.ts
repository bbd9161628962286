/** Members of organisations and their roles. An organisation is never left without an administrator. */
import type { Querier } from '#db/flavor.ts'
import type { RoleName } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { AccountPermit, NamespacePermit, NamespaceRef } from '../policy/index.ts'
import type { Page } from './account.ts'
import { refuseUser } from './account.ts'
import type { IdentityDeps } from './accounts.ts'
import { needAccount, refuseLastAdmin } from './need.ts'
import { raiseEpoch } from './identity.sql.ts'
import * as sql from './members.sql.ts'

export interface Membership {
  readonly orgId: AccountId
  readonly orgName: string
  readonly orgFullName: string
  readonly role: RoleName
}

export interface Member {
  readonly id: AccountId
  readonly name: string
  readonly fullName: string
  readonly role: RoleName
  readonly sinceMs: number
  readonly expiresAtMs: number | undefined
}

export interface NewMember {
  readonly userId: AccountId
  readonly userName: string
  readonly role: RoleName
  readonly expiresAtMs?: number
}

type OrgPermit = NamespacePermit<'namespace.manage'>

export interface Members {
  /**
   * Adds a member or changes its role, and when that ends by itself. Errors: `account_not_found`; `conflict` when the last administrator
   * would be none any more; `invalid` for a service account of another organisation or an end in the past.
   */
  addMember(
    ctx: Ctx,
    permit: OrgPermit,
    userName: string,
    role: RoleName,
    expiresAtMs?: number,
  ): Promise<void>
  /** The same inside the caller's transaction, for those who have decided already. */
  putMember(tx: Tx, org: NamespaceRef, member: NewMember): Promise<void>
  /** Teams of the organisation are left with it. Repeating it is no error. Errors: `account_not_found`, `conflict`. */
  removeMember(ctx: Ctx, permit: OrgPermit, userName: string): Promise<void>
  /** Inside the caller's transaction. Errors: `conflict`. */
  dropMember(tx: Tx, org: NamespaceRef, user: { id: AccountId; name: string }): Promise<void>
  /** A member goes by itself. Errors: `account_not_found`, `conflict` for the last administrator. */
  leave(ctx: Ctx, permit: AccountPermit, orgName: string): Promise<void>
  /** In order of name. */
  members(permit: OrgPermit | NamespacePermit<'namespace.audit'>, page: Page): Promise<Member[]>
  /** The role that is in force, or undefined. Inside a transaction with its querier. */
  roleIn(orgId: AccountId, userId: AccountId, q?: Querier): Promise<RoleName | undefined>
  memberships(userId: AccountId): Promise<Membership[]>
  /** Where letters to an organisation go: to its administrators who gave an address, up to a limit. */
  addressesOf(orgId: AccountId, q?: Querier): Promise<string[]>
  /** Whom its people can turn to: those who administer it, by name, up to a limit. */
  administratorsOf(orgId: AccountId): Promise<string[]>
}

const membershipsMax = 1_000
const addressesMax = 20
const administratorsMax = 5

/** Takes a membership away when its end has come, with all that hangs on it. */
const endJob = 'end-membership'

interface End {
  readonly orgId: AccountId
  readonly userId: AccountId
}

export const makeMembers = ({ db, events, jobs, clock, systemCtx }: IdentityDeps): Members => {
  const raise = async ({ q }: Tx, org: AccountId, user: AccountId): Promise<void> => {
    await raiseEpoch(q, org)
    await raiseEpoch(q, user)
  }

  const put = async (tx: Tx, org: NamespaceRef, member: NewMember): Promise<void> => {
    const { userId, userName, role, expiresAtMs } = member
    // Two administrators that demote each other at the same time go one after the other.
    await db.flavor.lockEvents(tx.q)
    const staysAdmin = role === 'admin' && expiresAtMs === undefined
    if (!staysAdmin) await refuseLastAdmin(tx.q, { id: userId, name: userName }, org.id)
    const nowMs = clock.nowMs()
    const found = await sql.membershipIn(tx.q, { orgId: org.id, userId, nowMs })
    if (found === undefined && (await sql.countMembers(tx.q, org.id)) >= limits.membersPerOrgMax) {
      const message = `${org.name} has ${limits.membersPerOrgMax} members, more are not kept.`
      throw new HubError('too_many', message)
    }
    await sql.upsertMembership(tx.q, {
      org_id: org.id,
      user_id: userId,
      role,
      created_at_ms: nowMs,
      expires_at_ms: expiresAtMs ?? null,
    })
    if (expiresAtMs !== undefined) {
      const payload: End = { orgId: org.id, userId }
      const workKey = `${endJob}:${org.id}:${userId}:${expiresAtMs}`
      await jobs.enqueue(tx, { kind: endJob, workKey, payload, runAtMs: expiresAtMs })
    }
    await raise(tx, org.id, userId)
    await events.append(tx, 'member_added', { orgId: org.id, userId, role })
  }

  jobs.handle(endJob, async (payload) => {
    // A cast because only this room queues these.
    const { orgId, userId } = payload as End
    await db.tx(async (q, after) => {
      if (!(await sql.deleteEnded(q, { orgId, userId, nowMs: clock.nowMs() }))) return
      const tx = { q, after, ctx: systemCtx('a membership has ended') }
      await sql.deleteMembership(q, orgId, userId)
      await raise(tx, orgId, userId)
      await events.append(tx, 'member_removed', { orgId, userId })
    })
  })

  const drop: Members['dropMember'] = async (tx, org, user) => {
    await db.flavor.lockEvents(tx.q)
    await refuseLastAdmin(tx.q, user, org.id)
    await sql.deleteMembership(tx.q, org.id, user.id)
    await raise(tx, org.id, user.id)
    await events.append(tx, 'member_removed', { orgId: org.id, userId: user.id })
  }

  return {
    async addMember(ctx, { namespace }, userName, role, expiresAtMs) {
      refuseUser(namespace)
      const user = await needAccount(db.read, userName, 'user')
      if (user.service_of !== null && user.service_of !== namespace.id) {
        throw new HubError(
          'invalid',
          `"${user.name}" is a service account of another organisation.`,
        )
      }
      if (expiresAtMs !== undefined && expiresAtMs <= clock.nowMs()) {
        throw new HubError('invalid', 'The membership would have ended already: name a later time.')
      }
      const end = expiresAtMs === undefined ? {} : { expiresAtMs }
      const member = { userId: user.id, userName: user.name, role, ...end }
      await db.tx((q, after) => put({ q, after, ctx }, namespace, member))
    },

    putMember: put,
    dropMember: drop,

    async removeMember(ctx, { namespace }, userName) {
      refuseUser(namespace)
      const user = await needAccount(db.read, userName, 'user')
      await db.tx((q, after) => drop({ q, after, ctx }, namespace, user))
    },

    async leave(ctx, { actor }, orgName) {
      const org = await needAccount(db.read, orgName, 'org')
      await db.tx((q, after) => drop({ q, after, ctx }, org, actor))
    },

    members: async ({ namespace }, { after, limit }) => {
      const most = Math.min(limit, limits.apiPageMax)
      const page = { nowMs: clock.nowMs(), after: after.toLowerCase(), limit: most }
      return (await sql.membersOf(db.read, namespace.id, page)).map((row) => ({
        id: row.user_id,
        name: row.name,
        fullName: row.full_name,
        role: row.role,
        sinceMs: row.created_at_ms,
        expiresAtMs: row.expires_at_ms ?? undefined,
      }))
    },

    async roleIn(orgId, userId, q = db.read) {
      const key = { orgId, userId, nowMs: clock.nowMs() }
      return (await sql.membershipIn(q, key))?.role
    },

    addressesOf: (orgId, q = db.read) =>
      sql.adminAddresses(q, { orgId, nowMs: clock.nowMs() }, addressesMax),

    administratorsOf: (orgId) =>
      sql.adminNames(db.read, { orgId, nowMs: clock.nowMs() }, administratorsMax),

    memberships: async (userId) => {
      const page = { nowMs: clock.nowMs(), limit: membershipsMax }
      return (await sql.membershipsOf(db.read, userId, page)).map((row) => ({
        orgId: row.org_id,
        orgName: row.org_name,
        orgFullName: row.org_full_name,
        role: row.role,
      }))
    },
  }
}
