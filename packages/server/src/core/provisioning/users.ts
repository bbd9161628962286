/** People of a directory: found, made, changed and ended. */
import type { RoleName } from '#db/schema.ts'
import { refuseUser } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import { type AccountId, isId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespaceRef } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import { noteChange } from './brake.ts'
import { asAccountId, type DirectoryPage, type OrgPermit, type ProvisioningDeps } from './index.ts'
import { makeLeaving } from './leaving.ts'
import { accountNameOf, candidates } from './names.ts'
import {
  type DirectoryUser,
  memberLike,
  refuseWish,
  staleVersion,
  toUser,
  type UserWish,
} from './person.ts'
import * as sql from './provisioning.sql.ts'

export interface DirectoryUsers {
  /** Errors: `entry_not_found`, also for people of other organisations. */
  getUser(permit: OrgPermit, id: string): Promise<DirectoryUser>
  /** By its name in any letter case, or by what the directory calls it; at most 500 come. */
  findUsers(
    permit: OrgPermit,
    key: { readonly by: 'userName' | 'externalId'; readonly value: string },
  ): Promise<DirectoryUser[]>
  /** In order of id; at most 500 come. */
  listUsers(permit: OrgPermit, page: DirectoryPage): Promise<DirectoryUser[]>
  countUsers(permit: OrgPermit): Promise<number>
  /**
   * The account in force that the organisation's directory made for one of these names, tried in order: for its own sign-in, which the same
   * people answer for. Undefined for members whom the directory merely recognised.
   */
  managedAs(orgId: AccountId, names: readonly string[]): Promise<AccountId | undefined>
  /**
   * A member with this name or address is recognised; anybody else gets a new account, whose name is made of theirs and is nobody's.
   * Errors: `exists` for somebody whom the directory knows; `too_many`, `too_large`.
   */
  createUser(ctx: Ctx, permit: OrgPermit, wish: UserWish): Promise<DirectoryUser>
  /**
   * Says everything anew. With `version`, only while it is still that. Errors: `entry_not_found`; `exists` for a name of another;
   * `conflict` (details.reason `version_moved`, `last_admin`, `braked`, `disabled_by_hub`).
   */
  replaceUser(
    ctx: Ctx,
    permit: OrgPermit,
    id: string,
    change: { readonly wish: UserWish; readonly version?: string },
  ): Promise<DirectoryUser>
  /** Ends every access, and forgets the person. Errors: `entry_not_found`, `conflict`. */
  deleteUser(ctx: Ctx, permit: OrgPermit, id: string, version?: string): Promise<void>
}

const usersPageMax = 500

export const makeUsers = (deps: ProvisioningDeps): DirectoryUsers => {
  const { db, identity, clock, chance } = deps
  const { end, bringBack } = makeLeaving(deps)

  const known = (userName: string): HubError =>
    new HubError('exists', `The directory has a user "${userName}" already.`)

  const orKnown = (error: unknown, userName: string): never => {
    throw db.flavor.isUniqueViolation(error) ? known(userName) : error
  }

  const load = async (q: Tx['q'], orgId: AccountId, rows: readonly sql.UserRow[]) => {
    const ids = rows.map((row) => row.account_id)
    const teams = await sql.groupsOfUsers(q, orgId, ids)
    return rows.map((row) => toUser(row, teams))
  }

  const need = async (q: Tx['q'], org: NamespaceRef, id: string) => {
    const row = isId(id) ? await sql.userById(q, org.id, asAccountId(id)) : undefined
    const [user] = row === undefined ? [] : await load(q, org.id, [row])
    if (row !== undefined && user !== undefined) return { row, user }
    throw new HubError(
      'entry_not_found',
      `The directory of ${org.name} has no user "${id.slice(0, 100)}".`,
    )
  }

  const store = async (
    tx: Tx,
    org: NamespaceRef,
    wish: UserWish,
    who: { id: AccountId; name: string; isManaged: boolean; role: RoleName | undefined },
  ): Promise<void> => {
    const { q } = tx
    if (
      (await sql.countUsers(q, org.id, { onlyActive: false })) >= limits.directoryUsersPerOrgMax
    ) {
      throw new HubError(
        'too_many',
        `A directory holds ${limits.directoryUsersPerOrgMax} people of an organisation, more are not kept.`,
      )
    }
    const nowMs = clock.nowMs()
    await sql.insertUser(q, {
      org_id: org.id,
      account_id: who.id,
      user_name: wish.userName,
      user_name_key: wish.userName.toLowerCase(),
      external_id: wish.externalId ?? null,
      is_active: 1,
      is_managed: who.isManaged ? 1 : 0,
      attributes: JSON.stringify(wish.attributes),
      active_since_ms: nowMs,
      disabled_at_ms: null,
      created_at_ms: nowMs,
      updated_at_ms: nowMs,
    })
    await setRole(tx, org, wish, who)
    const { id: userId, isManaged } = who
    await deps.events.append(tx, 'user_provisioned', { orgId: org.id, userId, isManaged })
    await noteChange(deps, tx, org)
    if (wish.isActive === false) await end(tx, org, (await need(q, org, who.id)).row)
  }

  /** An administrator stays one: a directory makes none, and takes none away but by ending the person. */
  const setRole = async (
    tx: Tx,
    org: NamespaceRef,
    wish: UserWish,
    who: { id: AccountId; name: string; role: RoleName | undefined },
  ): Promise<void> => {
    const role = wish.role ?? who.role ?? 'read'
    if (who.role === 'admin' || who.role === role) return
    await identity.putMember(tx, org, { userId: who.id, userName: who.name, role })
  }

  /** True when a member was recognised and attached. */
  const attach = (ctx: Ctx, org: NamespaceRef, wish: UserWish): Promise<AccountId | undefined> =>
    db.tx(async (q, after) => {
      await db.flavor.lockEvents(q)
      if ((await sql.userByName(q, org.id, wish.userName.toLowerCase())) !== undefined) {
        throw known(wish.userName)
      }
      const member = await memberLike(q, org, wish)
      if (member === undefined) return undefined
      const { id, name, role } = member
      await store({ q, after, ctx }, org, wish, { id, name, role, isManaged: false })
      return id
    })

  const makeAccount = async (ctx: Ctx, permit: OrgPermit, wish: UserWish): Promise<AccountId> => {
    const org = permit.namespace
    const [email] = wish.emails
    const tail = (): string => chance.bytes(4).toString('hex')
    for (const name of candidates(accountNameOf(wish.userName), tail)) {
      if (!(await identity.isFreeName(name))) continue
      const user = {
        name,
        fullName: wish.fullName ?? wish.userName,
        ...(email === undefined ? {} : { email }),
      }
      try {
        const made = await identity.createManaged(ctx, permit, user, (tx, id) =>
          store(tx, org, wish, { id, name, role: undefined, isManaged: true }),
        )
        return made.id
      } catch (error) {
        // Somebody took the name in between: the next one.
        if (!isHubError(error, 'exists')) throw error
      }
    }
    throw new HubError('busy', `No free name was found for "${wish.userName}". Try again.`)
  }

  return {
    getUser: async ({ namespace }, id) => (await need(db.read, namespace, id)).user,

    findUsers: async ({ namespace: { id } }, key) =>
      load(db.read, id, await sql.usersBy(db.read, id, { ...key, limit: usersPageMax })),

    async listUsers({ namespace: { id } }, { after, offset, limit }) {
      const page = { after: asAccountId(after), offset, limit: Math.min(limit, usersPageMax) }
      return load(db.read, id, await sql.usersOf(db.read, id, page))
    },

    countUsers: ({ namespace: { id } }) => sql.countUsers(db.read, id, { onlyActive: false }),

    async managedAs(orgId, names) {
      for (const value of names) {
        const found = await sql.usersBy(db.read, orgId, { by: 'userName', value, limit: 1 })
        const [row] = found
        if (row?.is_managed === 1 && row.is_active === 1) return row.account_id
      }
      return undefined
    },

    async createUser(ctx, permit, wish) {
      const { namespace: org } = permit
      refuseUser(org)
      refuseWish(wish)
      const id = await attach(ctx, org, wish)
        .then((found) => found ?? makeAccount(ctx, permit, wish))
        .catch((error: unknown) => orKnown(error, wish.userName))
      return (await need(db.read, org, id)).user
    },

    async replaceUser(ctx, { namespace: org }, id, { wish, version }) {
      refuseWish(wish)
      await db
        .tx(async (q, after) => {
          await db.flavor.lockEvents(q)
          const tx = { q, after, ctx }
          const { row, user } = await need(q, org, id)
          if (version !== undefined && version !== user.version) throw staleVersion()
          await sql.setUser(
            q,
            { orgId: org.id, id: row.account_id },
            {
              user_name: wish.userName,
              user_name_key: wish.userName.toLowerCase(),
              external_id: wish.externalId ?? null,
              attributes: JSON.stringify(wish.attributes),
              updated_at_ms: clock.nowMs(),
            },
          )
          const isActive = wish.isActive ?? user.isActive
          if (user.isManaged) {
            const said = { fullName: wish.fullName ?? wish.userName, email: wish.emails[0] }
            await identity.describeManaged(tx, row.account_id, said)
          }
          if (user.isActive && !isActive) await end(tx, org, row)
          if (!user.isActive && isActive) await bringBack(tx, org, row, wish.role ?? 'read')
          if (user.isActive && isActive && row.role !== null) {
            const who = { id: row.account_id, name: row.account_name, role: row.role }
            await setRole(tx, org, wish, who)
          }
          await noteChange(deps, tx, org)
        })
        .catch((error: unknown) => orKnown(error, wish.userName))
      return (await need(db.read, org, id)).user
    },

    deleteUser: (ctx, { namespace: org }, id, version) =>
      db.tx(async (q, after) => {
        await db.flavor.lockEvents(q)
        const tx = { q, after, ctx }
        const { row, user } = await need(q, org, id)
        if (version !== undefined && version !== user.version) throw staleVersion()
        if (user.isActive) await end(tx, org, row)
        await sql.deleteUser(q, org.id, row.account_id)
        await noteChange(deps, tx, org)
      }),
  }
}
