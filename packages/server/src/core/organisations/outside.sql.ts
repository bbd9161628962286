import type { Querier } from '#db/flavor.ts'
import type { AccountId, GroupId, RepoId } from '../kernel/ids.ts'
import type { KeyPage } from '../kernel/pages.ts'
import { inForce } from '../policy/index.ts'

/** The repo that a grant is on, or those of the group, by their ids. */
export const reposUnder = async (
  q: Querier,
  targetId: RepoId | GroupId,
  { after, limit }: KeyPage,
): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('repo')
    .select('id')
    .where((eb) =>
      // Casts because the id is of either.
      eb.or([eb('id', '=', targetId as RepoId), eb('group_id', '=', targetId as GroupId)]),
    )
    // Casts here and below because a cursor is compared and not looked up.
    .where('id', '>', after as RepoId)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** People who have a role on a group and are no members of its organisation, by their ids. */
export const outsidersOf = async (
  q: Querier,
  { orgId, groupId, nowMs }: { orgId: AccountId; groupId: GroupId; nowMs: number },
  { after, limit }: KeyPage,
): Promise<AccountId[]> => {
  const rows = await q
    .selectFrom('access_grant')
    .innerJoin('account', 'account.id', 'access_grant.grantee_id')
    .leftJoin('membership', (join) =>
      join
        .onRef('membership.user_id', '=', 'account.id')
        .on('membership.org_id', '=', orgId)
        .on(() => inForce('membership', nowMs)),
    )
    .select('account.id')
    .where('access_grant.target_id', '=', groupId)
    .where('access_grant.grantee_kind', '=', 'user')
    .where(inForce('access_grant', nowMs))
    .where('membership.user_id', 'is', null)
    .where((eb) =>
      eb.or([eb('account.service_of', 'is', null), eb('account.service_of', '!=', orgId)]),
    )
    .where('account.id', '>', after as AccountId)
    .orderBy('account.id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
