import type { Querier } from '#db/flavor.ts'
import type { NewRow, RepoType, RoleName, Row } from '#db/schema.ts'
import type { AccountId, GroupId, RepoId, TeamId } from '../kernel/ids.ts'
import { inForce } from '../policy/index.ts'

type Named = 'team' | 'resource_group'

export interface NamedPage {
  readonly after: string
  readonly limit: number
}

/** In order of name, after the given one. */
export const namedOf = async <T extends Named>(
  q: Querier,
  table: T,
  orgId: AccountId,
  page: NamedPage,
): Promise<Row<'team' | 'resource_group'>[]> =>
  q
    // A cast because both tables have these columns.
    .selectFrom(table as 'team')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('name_key', '>', page.after.toLowerCase())
    .orderBy('name_key')
    .limit(page.limit)
    .execute()

export const namedBy = async <T extends Named>(
  q: Querier,
  table: T,
  orgId: AccountId,
  name: string,
): Promise<Row<T> | undefined> => {
  const row = await q
    .selectFrom(table as 'team')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('name_key', '=', name.toLowerCase())
    .executeTakeFirst()
  return row as Row<T> | undefined
}

export const countNamed = async (q: Querier, table: Named, orgId: AccountId): Promise<number> => {
  const row = await q
    .selectFrom(table as 'team')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export const insertTeam = async (q: Querier, row: NewRow<'team'>): Promise<void> => {
  await q.insertInto('team').values(row).execute()
}

export const insertGroup = async (q: Querier, row: NewRow<'resource_group'>): Promise<void> => {
  await q.insertInto('resource_group').values(row).execute()
}

export const renameTeam = async (q: Querier, id: TeamId, name: string): Promise<void> => {
  const names = { name, name_key: name.toLowerCase() }
  await q.updateTable('team').set(names).where('id', '=', id).execute()
}

/** With its members and what it was given. */
export const deleteTeam = async (q: Querier, id: TeamId): Promise<void> => {
  await q.deleteFrom('access_grant').where('grantee_id', '=', id).execute()
  await q.deleteFrom('team_member').where('team_id', '=', id).execute()
  await q.deleteFrom('team').where('id', '=', id).execute()
}

/** With what was given on it. Its repos are taken out before. */
export const deleteGroup = async (q: Querier, id: GroupId): Promise<void> => {
  await q.deleteFrom('access_grant').where('target_id', '=', id).execute()
  await q.deleteFrom('resource_group').where('id', '=', id).execute()
}

export const putTeamMember = async (q: Querier, row: NewRow<'team_member'>): Promise<void> => {
  await q
    .insertInto('team_member')
    .values(row)
    .onConflict((c) => c.columns(['team_id', 'user_id']).doNothing())
    .execute()
}

export const hasTeamMember = async (
  q: Querier,
  teamId: TeamId,
  userId: AccountId,
): Promise<boolean> => {
  const row = await q
    .selectFrom('team_member')
    .select('user_id')
    .where('team_id', '=', teamId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

export const dropTeamMember = async (
  q: Querier,
  teamId: TeamId,
  userId: AccountId,
): Promise<void> => {
  await q
    .deleteFrom('team_member')
    .where('team_id', '=', teamId)
    .where('user_id', '=', userId)
    .execute()
}

export const teamMembers = async (
  q: Querier,
  teamId: TeamId,
  page: NamedPage,
): Promise<{ id: AccountId; name: string; full_name: string }[]> =>
  q
    .selectFrom('team_member')
    .innerJoin('account', 'account.id', 'team_member.user_id')
    .select(['account.id', 'account.name', 'account.full_name'])
    .where('team_member.team_id', '=', teamId)
    .where('account.name_key', '>', page.after.toLowerCase())
    .orderBy('account.name_key')
    .limit(page.limit)
    .execute()

export interface GroupRepoRow {
  id: RepoId
  type: RepoType
  name: string
}

/** Repos of a group in order of id, after the given one. */
export const reposIn = async (
  q: Querier,
  groupId: GroupId,
  page: NamedPage,
): Promise<GroupRepoRow[]> =>
  q
    .selectFrom('repo')
    .select(['id', 'type', 'name'])
    .where('group_id', '=', groupId)
    // A cast because any text has its place in the order.
    .where('id', '>', page.after as RepoId)
    .orderBy('id')
    .limit(page.limit)
    .execute()

export const hasRepos = async (q: Querier, ownerId: AccountId): Promise<boolean> => {
  const row = await q
    .selectFrom('repo')
    .select('id')
    .where('owner_id', '=', ownerId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Has anybody been let through the gate of the repo? */
export const hasAccepted = async (q: Querier, repoId: RepoId): Promise<boolean> => {
  const row = await q
    .selectFrom('access_request')
    .select('id')
    .where('repo_id', '=', repoId)
    .where('state', '=', 'accepted')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Teams, groups, grants and open invitations of an organisation that closes. */
export const clearOrg = async (q: Querier, orgId: AccountId): Promise<void> => {
  const groups = q.selectFrom('resource_group').select('id').where('org_id', '=', orgId)
  const teams = q.selectFrom('team').select('id').where('org_id', '=', orgId)
  await q.deleteFrom('access_grant').where('target_id', 'in', groups).execute()
  await q.deleteFrom('access_grant').where('grantee_id', 'in', teams).execute()
  await q.deleteFrom('team_member').where('team_id', 'in', teams).execute()
  await q.deleteFrom('team').where('org_id', '=', orgId).execute()
  await q.deleteFrom('resource_group').where('org_id', '=', orgId).execute()
  await q
    .deleteFrom('invitation')
    .where('purpose', '=', 'membership')
    .where('account_id', '=', orgId)
    .execute()
}

export const putGrant = async (q: Querier, row: NewRow<'access_grant'>): Promise<void> => {
  const { role, rank, created_by, created_at_ms, expires_at_ms } = row
  await q
    .insertInto('access_grant')
    .values(row)
    .onConflict((c) =>
      c
        .columns(['target_id', 'grantee_id'])
        .doUpdateSet({ role, rank, created_by, created_at_ms, expires_at_ms }),
    )
    .execute()
}

export interface GrantRow {
  target_id: RepoId | GroupId
  target_kind: 'repo' | 'group'
  target_name: string | null
  target_type: RepoType | null
  grantee_id: AccountId | TeamId
  grantee_kind: 'user' | 'team'
  grantee_name: string | null
  member_role: RoleName | null
  service_of: AccountId | null
  role: RoleName
  created_at_ms: number
  expires_at_ms: number | null
}

export interface GrantPage {
  /** Only those on this repo or group. */
  readonly targetId: string | undefined
  /** The target and grantee after which the page begins. */
  readonly after: { readonly targetId: string; readonly granteeId: string }
  readonly limit: number
  readonly nowMs: number
}

/** In order of target and grantee; ended ones are listed until they are withdrawn. */
export const grantsOf = async (
  q: Querier,
  ownerId: AccountId,
  { targetId, after, limit, nowMs }: GrantPage,
): Promise<GrantRow[]> =>
  q
    .selectFrom('access_grant')
    .leftJoin('repo', 'repo.id', 'access_grant.target_id')
    .leftJoin('resource_group', 'resource_group.id', 'access_grant.target_id')
    .leftJoin('account as person', 'person.id', 'access_grant.grantee_id')
    .leftJoin('team', 'team.id', 'access_grant.grantee_id')
    .leftJoin('membership', (join) =>
      join
        .onRef('membership.user_id', '=', 'access_grant.grantee_id')
        .on('membership.org_id', '=', ownerId)
        .on(() => inForce('membership', nowMs)),
    )
    .select((eb) => [
      'access_grant.target_id',
      'access_grant.target_kind',
      'repo.type as target_type',
      'access_grant.grantee_id',
      'access_grant.grantee_kind',
      'membership.role as member_role',
      'person.service_of',
      'access_grant.role',
      'access_grant.created_at_ms',
      'access_grant.expires_at_ms',
      eb.fn.coalesce('repo.name', 'resource_group.name').as('target_name'),
      eb.fn.coalesce('person.name', 'team.name').as('grantee_name'),
    ])
    .where((eb) =>
      eb.or([eb('repo.owner_id', '=', ownerId), eb('resource_group.org_id', '=', ownerId)]),
    )
    .$if(targetId !== undefined, (query) =>
      query.where('access_grant.target_id', '=', targetId as RepoId),
    )
    .where((eb) =>
      eb.or([
        eb('access_grant.target_id', '>', after.targetId as RepoId),
        eb.and([
          eb('access_grant.target_id', '=', after.targetId as RepoId),
          eb('access_grant.grantee_id', '>', after.granteeId as AccountId),
        ]),
      ]),
    )
    .orderBy('access_grant.target_id')
    .orderBy('access_grant.grantee_id')
    .limit(limit)
    .execute()

/** Answers whether there was one. */
export const deleteGrant = async (
  q: Querier,
  { targetId, granteeId }: { targetId: string; granteeId: string },
): Promise<boolean> => {
  const { numDeletedRows } = await q
    .deleteFrom('access_grant')
    .where('target_id', '=', targetId as RepoId)
    .where('grantee_id', '=', granteeId as AccountId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** What one person was given of an organisation's, by name. Answers what it was on. */
export const deleteGrantsIn = async (
  q: Querier,
  orgId: AccountId,
  userId: AccountId,
): Promise<(RepoId | GroupId)[]> => {
  const rows = await q
    .deleteFrom('access_grant')
    .where('grantee_id', '=', userId)
    .where((eb) =>
      eb.or([
        eb('target_id', 'in', eb.selectFrom('repo').select('id').where('owner_id', '=', orgId)),
        eb(
          'target_id',
          'in',
          eb.selectFrom('resource_group').select('id').where('org_id', '=', orgId),
        ),
      ]),
    )
    .returning('target_id')
    .execute()
  return rows.map((row) => row.target_id)
}

/** What was given on a repo until then: by an owner that it left, or before it was deleted. */
export const deleteGrantsUntil = async (
  q: Querier,
  targetId: string,
  atMs: number,
): Promise<void> => {
  await q
    .deleteFrom('access_grant')
    .where('target_id', '=', targetId as RepoId)
    .where('created_at_ms', '<=', atMs)
    .execute()
}

/** Is this a repo or resource group of the owner? */
export const isTargetOf = async (
  q: Querier,
  ownerId: AccountId,
  targetId: string,
): Promise<boolean> => {
  const repo = await q
    .selectFrom('repo')
    .select('id')
    .where('id', '=', targetId as RepoId)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst()
  if (repo !== undefined) return true
  const group = await q
    .selectFrom('resource_group')
    .select('id')
    .where('id', '=', targetId as GroupId)
    .where('org_id', '=', ownerId)
    .executeTakeFirst()
  return group !== undefined
}
