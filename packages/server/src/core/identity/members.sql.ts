import type { Querier } from '#db/flavor.ts'
import type { NewRow, RoleName, Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'
import { inForce } from '../policy/index.ts'

/** A role that somebody has already is replaced, and so is its end. */
export const upsertMembership = async (q: Querier, row: NewRow<'membership'>): Promise<void> => {
  const { role, expires_at_ms = null } = row
  await q
    .insertInto('membership')
    .values(row)
    .onConflict((c) => c.columns(['org_id', 'user_id']).doUpdateSet({ role, expires_at_ms }))
    .execute()
}

const current = (q: Querier, nowMs: number) =>
  q.selectFrom('membership').where(inForce('membership', nowMs))

export const membershipIn = async (
  q: Querier,
  key: { orgId: AccountId; userId: AccountId; nowMs: number },
): Promise<Row<'membership'> | undefined> =>
  current(q, key.nowMs)
    .selectAll()
    .where('org_id', '=', key.orgId)
    .where('user_id', '=', key.userId)
    .executeTakeFirst()

/** Answers whether there was a membership whose end has come: it may have been prolonged, or be gone. */
export const deleteEnded = async (
  q: Querier,
  { orgId, userId, nowMs }: { orgId: AccountId; userId: AccountId; nowMs: number },
): Promise<boolean> => {
  const { numDeletedRows } = await q
    .deleteFrom('membership')
    .where('org_id', '=', orgId)
    .where('user_id', '=', userId)
    .where('expires_at_ms', '<=', nowMs)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** With the places in teams that came with it. */
export const deleteMembership = async (
  q: Querier,
  orgId: AccountId,
  userId: AccountId,
): Promise<void> => {
  await q
    .deleteFrom('team_member')
    .where('user_id', '=', userId)
    .where('team_id', 'in', (eb) => eb.selectFrom('team').select('id').where('org_id', '=', orgId))
    .execute()
  await q
    .deleteFrom('membership')
    .where('org_id', '=', orgId)
    .where('user_id', '=', userId)
    .execute()
}

/** Organisations of the user in which nobody else is an administrator for good. */
export const soleAdminOf = async (
  q: Querier,
  userId: AccountId,
  orgId: AccountId | undefined,
): Promise<{ id: AccountId; name: string } | undefined> => {
  return q
    .selectFrom('membership')
    .innerJoin('account', 'account.id', 'membership.org_id')
    .select(['account.id', 'account.name'])
    .where('membership.user_id', '=', userId)
    .where('membership.role', '=', 'admin')
    .where('membership.expires_at_ms', 'is', null)
    .where('account.disabled_at_ms', 'is', null)
    .$if(orgId !== undefined, (query) =>
      // A cast because the condition stands only where there is one.
      query.where('membership.org_id', '=', orgId as AccountId),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('membership as other')
            .innerJoin('account as person', 'person.id', 'other.user_id')
            .select('other.user_id')
            .where('other.org_id', '=', eb.ref('membership.org_id'))
            .where('other.user_id', '!=', userId)
            .where('other.role', '=', 'admin')
            .where('other.expires_at_ms', 'is', null)
            .where('person.disabled_at_ms', 'is', null)
            .where('person.service_of', 'is', null),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst()
}

export interface MembershipOf {
  org_id: AccountId
  org_name: string
  org_full_name: string
  role: RoleName
}

export const membershipsOf = async (
  q: Querier,
  userId: AccountId,
  { nowMs, limit }: { nowMs: number; limit: number },
): Promise<MembershipOf[]> =>
  current(q, nowMs)
    .innerJoin('account', 'account.id', 'membership.org_id')
    .select([
      'membership.org_id',
      'account.name as org_name',
      'account.full_name as org_full_name',
      'membership.role',
    ])
    .where('membership.user_id', '=', userId)
    .orderBy('account.name_key')
    .limit(limit)
    .execute()

export interface MemberRow {
  user_id: AccountId
  name: string
  name_key: string
  full_name: string
  role: RoleName
  created_at_ms: number
  expires_at_ms: number | null
}

/** In order of name; those whose membership has ended are none. */
export const membersOf = async (
  q: Querier,
  orgId: AccountId,
  { nowMs, after, limit }: { nowMs: number; after: string; limit: number },
): Promise<MemberRow[]> =>
  current(q, nowMs)
    .innerJoin('account', 'account.id', 'membership.user_id')
    .select([
      'membership.user_id',
      'account.name',
      'account.name_key',
      'account.full_name',
      'membership.role',
      'membership.created_at_ms',
      'membership.expires_at_ms',
    ])
    .where('membership.org_id', '=', orgId)
    .where('account.name_key', '>', after)
    .orderBy('account.name_key')
    .limit(limit)
    .execute()

export const countMembers = async (q: Querier, orgId: AccountId): Promise<number> => {
  const row = await q
    .selectFrom('membership')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export const deleteAllMemberships = async (q: Querier, orgId: AccountId): Promise<void> => {
  await q.deleteFrom('membership').where('org_id', '=', orgId).execute()
}

interface At {
  readonly orgId: AccountId
  readonly nowMs: number
}

/** Those who administer an organisation now, in order of name. */
const admins = (q: Querier, { orgId, nowMs }: At) =>
  current(q, nowMs)
    .innerJoin('account', 'account.id', 'membership.user_id')
    .where('membership.org_id', '=', orgId)
    .where('membership.role', '=', 'admin')
    .where('account.disabled_at_ms', 'is', null)
    .orderBy('account.name_key')

export const adminNames = async (q: Querier, at: At, limit: number): Promise<string[]> =>
  (await admins(q, at).select('account.name').limit(limit).execute()).map(({ name }) => name)

/** Their mail addresses, of those who gave one. */
export const adminAddresses = async (q: Querier, at: At, limit: number): Promise<string[]> => {
  const rows = await admins(q, at)
    .select('account.email')
    .where('account.email', 'is not', null)
    .limit(limit)
    .execute()
  return rows.flatMap(({ email }) => email ?? [])
}
