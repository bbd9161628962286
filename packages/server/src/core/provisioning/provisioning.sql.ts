import type { Querier } from '#db/flavor.ts'
import type { NewRow, RoleName, Row } from '#db/schema.ts'
import type { AccountId, TeamId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'

export type UserRow = Row<'scim_user'> & {
  account_name: string
  /** Of the membership, while there is one. */
  role: RoleName | null
}

const users = (q: Querier, orgId: AccountId) =>
  q
    .selectFrom('scim_user')
    .innerJoin('account', 'account.id', 'scim_user.account_id')
    .leftJoin('membership', (join) =>
      join
        .onRef('membership.user_id', '=', 'scim_user.account_id')
        .onRef('membership.org_id', '=', 'scim_user.org_id'),
    )
    .selectAll('scim_user')
    .select(['account.name as account_name', 'membership.role'])
    .where('scim_user.org_id', '=', orgId)

export const userById = async (
  q: Querier,
  orgId: AccountId,
  id: AccountId,
): Promise<UserRow | undefined> =>
  users(q, orgId).where('scim_user.account_id', '=', id).executeTakeFirst()

export const userByName = async (
  q: Querier,
  orgId: AccountId,
  nameKey: string,
): Promise<UserRow | undefined> =>
  users(q, orgId).where('scim_user.user_name_key', '=', nameKey).executeTakeFirst()

export const usersBy = async (
  q: Querier,
  orgId: AccountId,
  { by, value, limit }: { by: 'userName' | 'externalId'; value: string; limit: number },
): Promise<UserRow[]> =>
  users(q, orgId)
    .where(
      by === 'userName' ? 'scim_user.user_name_key' : 'scim_user.external_id',
      '=',
      by === 'userName' ? value.toLowerCase() : value,
    )
    .orderBy('scim_user.account_id')
    .limit(limit)
    .execute()

export interface IndexPage<Id extends string> {
  /** The id after which it begins, '' for the first. */
  readonly after: Id
  /** How many are passed over from there. */
  readonly offset: number
  readonly limit: number
}

/** In order of id. */
export const usersOf = async (
  q: Querier,
  orgId: AccountId,
  { after, offset, limit }: IndexPage<AccountId>,
): Promise<UserRow[]> =>
  users(q, orgId)
    .where('scim_user.account_id', '>', after)
    .orderBy('scim_user.account_id')
    .limit(limit)
    .offset(offset)
    .execute()

export const countUsers = async (
  q: Querier,
  orgId: AccountId,
  { onlyActive }: { onlyActive: boolean },
): Promise<number> => {
  const row = await q
    .selectFrom('scim_user')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('org_id', '=', orgId)
    .$if(onlyActive, (query) => query.where('is_active', '=', 1))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export const insertUser = async (q: Querier, row: NewRow<'scim_user'>): Promise<void> => {
  await q.insertInto('scim_user').values(row).execute()
}

export const setUser = async (
  q: Querier,
  key: { orgId: AccountId; id: AccountId },
  changes: Partial<Omit<Row<'scim_user'>, 'org_id' | 'account_id'>>,
): Promise<void> => {
  await q
    .updateTable('scim_user')
    .set(changes)
    .where('org_id', '=', key.orgId)
    .where('account_id', '=', key.id)
    .execute()
}

export const deleteUser = async (q: Querier, orgId: AccountId, id: AccountId): Promise<void> => {
  await q.deleteFrom('scim_user').where('org_id', '=', orgId).where('account_id', '=', id).execute()
}

/**
 * People who are members and whom neither this directory knows nor another one manages, by name or address: what another organisation's
 * directory says of its accounts is its own word. Both are lower-cased; at most three come.
 */
export const membersLike = async (
  q: Querier,
  orgId: AccountId,
  { nameKey, emails }: { nameKey: string; emails: readonly string[] },
): Promise<{ id: AccountId; name: string; name_key: string; role: RoleName }[]> =>
  q
    .selectFrom('membership')
    .innerJoin('account', 'account.id', 'membership.user_id')
    .select(['account.id', 'account.name', 'account.name_key', 'membership.role'])
    .where('membership.org_id', '=', orgId)
    .where('account.service_of', 'is', null)
    .where('account.disabled_at_ms', 'is', null)
    .where((eb) =>
      eb.or([
        eb('account.name_key', '=', nameKey),
        ...(emails.length === 0
          ? []
          : [eb(eb.fn<string>('lower', ['account.email']), 'in', emails)]),
      ]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('scim_user')
            .select('scim_user.account_id')
            .whereRef('scim_user.account_id', '=', 'account.id')
            .where((of) =>
              of.or([of('scim_user.org_id', '=', orgId), of('scim_user.is_managed', '=', 1)]),
            ),
        ),
      ),
    )
    .limit(3)
    .execute()

export interface TeamOfUser {
  account_id: AccountId
  team_id: TeamId
  display_name: string
}

/** Groups that these people are in, or wait for, in order of name. */
export const groupsOfUsers = async (
  q: Querier,
  orgId: AccountId,
  ids: readonly AccountId[],
): Promise<TeamOfUser[]> =>
  ids.length === 0
    ? []
    : q
        .selectFrom('team_member')
        .innerJoin('scim_group', 'scim_group.team_id', 'team_member.team_id')
        .select([
          'team_member.user_id as account_id',
          // Named, so that SQLite finds them in the order of both halves.
          'scim_group.team_id as team_id',
          'scim_group.display_name as display_name',
        ])
        .where('scim_group.org_id', '=', orgId)
        .where('team_member.user_id', 'in', ids)
        .union((eb) =>
          eb
            .selectFrom('scim_waiting')
            .innerJoin('scim_group', 'scim_group.team_id', 'scim_waiting.team_id')
            .select(['scim_waiting.account_id', 'scim_group.team_id', 'scim_group.display_name'])
            .where('scim_waiting.org_id', '=', orgId)
            .where('scim_waiting.account_id', 'in', ids),
        )
        .orderBy('display_name')
        .orderBy('team_id')
        // Bounded by the teams of an organisation for each of a page of people.
        .limit(500_000)
        .execute()

export type GroupRow = Row<'scim_group'>

const groups = (q: Querier, orgId: AccountId) =>
  q.selectFrom('scim_group').selectAll().where('org_id', '=', orgId)

export const groupById = async (
  q: Querier,
  orgId: AccountId,
  id: TeamId,
): Promise<GroupRow | undefined> => groups(q, orgId).where('team_id', '=', id).executeTakeFirst()

/** In order of id. */
export const groupsOf = async (
  q: Querier,
  orgId: AccountId,
  { after, offset, limit }: IndexPage<TeamId>,
): Promise<GroupRow[]> =>
  groups(q, orgId)
    .where('team_id', '>', after)
    .orderBy('team_id')
    .limit(limit)
    .offset(offset)
    .execute()

export const countGroups = async (q: Querier, orgId: AccountId): Promise<number> => {
  const row = await q
    .selectFrom('scim_group')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Members whom the directory knows, those who wait included, in order of id: who was added by hand is not its business. */
export const membersOf = async (
  q: Querier,
  orgId: AccountId,
  teamId: TeamId,
): Promise<AccountId[]> => {
  const rows = await q
    .selectFrom('team_member')
    .innerJoin('scim_user', 'scim_user.account_id', 'team_member.user_id')
    .select('scim_user.account_id as account_id')
    .where('scim_user.org_id', '=', orgId)
    .where('team_member.team_id', '=', teamId)
    .union((eb) =>
      eb
        .selectFrom('scim_waiting')
        .select('account_id')
        .where('org_id', '=', orgId)
        .where('team_id', '=', teamId),
    )
    .orderBy('account_id')
    .limit(limits.membersPerOrgMax + limits.directoryUsersPerOrgMax)
    .execute()
  return rows.map((row) => row.account_id)
}

/** Of these, the people of the directory, and whether they are active. */
export const usersAmong = async (
  q: Querier,
  orgId: AccountId,
  ids: readonly AccountId[],
): Promise<{ account_id: AccountId; is_active: number }[]> =>
  ids.length === 0
    ? []
    : q
        .selectFrom('scim_user')
        .select(['account_id', 'is_active'])
        .where('org_id', '=', orgId)
        .where('account_id', 'in', ids)
        .execute()

export const insertWaiting = async (
  q: Querier,
  orgId: AccountId,
  teamId: TeamId,
  ids: readonly AccountId[],
): Promise<void> => {
  if (ids.length === 0) return
  const values = ids.map((id) => ({ team_id: teamId, org_id: orgId, account_id: id }))
  await q
    .insertInto('scim_waiting')
    .values(values)
    .onConflict((c) => c.doNothing())
    .execute()
}

export const deleteWaiting = async (
  q: Querier,
  teamId: TeamId,
  ids: readonly AccountId[],
): Promise<void> => {
  if (ids.length === 0) return
  await q
    .deleteFrom('scim_waiting')
    .where('team_id', '=', teamId)
    .where('account_id', 'in', ids)
    .execute()
}

/** Groups that the person waited for, which is over with this. */
export const takeWaiting = async (
  q: Querier,
  orgId: AccountId,
  id: AccountId,
): Promise<TeamId[]> => {
  const rows = await q
    .deleteFrom('scim_waiting')
    .where('org_id', '=', orgId)
    .where('account_id', '=', id)
    .returning('team_id')
    .execute()
  return rows.map((row) => row.team_id)
}

export const teamNamed = async (
  q: Querier,
  orgId: AccountId,
  name: string,
): Promise<TeamId | undefined> =>
  (
    await q
      .selectFrom('team')
      .select('id')
      .where('org_id', '=', orgId)
      .where('name_key', '=', name.toLowerCase())
      .executeTakeFirst()
  )?.id

export const insertGroup = async (q: Querier, row: NewRow<'scim_group'>): Promise<void> => {
  await q.insertInto('scim_group').values(row).execute()
}

export const setGroup = async (
  q: Querier,
  id: TeamId,
  changes: Partial<Pick<Row<'scim_group'>, 'display_name' | 'external_id' | 'updated_at_ms'>>,
): Promise<void> => {
  await q.updateTable('scim_group').set(changes).where('team_id', '=', id).execute()
}

export const directoryOf = async (
  q: Querier,
  orgId: AccountId,
): Promise<Row<'scim_directory'> | undefined> =>
  q.selectFrom('scim_directory').selectAll().where('org_id', '=', orgId).executeTakeFirst()

export const putDirectory = async (q: Querier, row: NewRow<'scim_directory'>): Promise<void> => {
  const { org_id: _org, ...rest } = row
  await q
    .insertInto('scim_directory')
    .values(row)
    .onConflict((c) => c.column('org_id').doUpdateSet(rest))
    .execute()
}
