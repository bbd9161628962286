import type { Querier } from '#db/flavor.ts'
import type { Flag, GateKind, HoldKind, NewRow, RepoType, Row, Visibility } from '#db/schema.ts'
import type { AccountId, GroupId, RepoId } from '../kernel/ids.ts'

export const insertRepo = async (q: Querier, row: NewRow<'repo'>): Promise<void> => {
  await q.insertInto('repo').values(row).execute()
}

export const repoById = async (q: Querier, id: RepoId): Promise<Row<'repo'> | undefined> =>
  q.selectFrom('repo').selectAll().where('id', '=', id).executeTakeFirst()

export const repoIdByName = async (
  q: Querier,
  name: { type: RepoType; ownerId: AccountId; nameKey: string },
): Promise<RepoId | undefined> => {
  const row = await q
    .selectFrom('repo')
    .select('id')
    .where('type', '=', name.type)
    .where('owner_id', '=', name.ownerId)
    .where('name_key', '=', name.nameKey)
    .executeTakeFirst()
  return row?.id
}

export const deleteRepo = async (q: Querier, id: RepoId): Promise<void> => {
  await q.deleteFrom('repo').where('id', '=', id).execute()
}

export const renameRepo = async (
  q: Querier,
  id: RepoId,
  to: { ownerId: AccountId; name: string; atMs: number },
): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({
      owner_id: to.ownerId,
      name: to.name,
      name_key: to.name.toLowerCase(),
      updated_at_ms: to.atMs,
      policy_epoch: eb('policy_epoch', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
}

export const setVisibility = async (
  q: Querier,
  id: RepoId,
  visibility: Visibility,
): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({ visibility, policy_epoch: eb('policy_epoch', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export const setHold = async (q: Querier, id: RepoId, hold: HoldKind | null): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({ hold, policy_epoch: eb('policy_epoch', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export const setGate = async (
  q: Querier,
  id: RepoId,
  to: { gate: GateKind | null; gate_covers_members: Flag; gate_template: string | null },
): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({ ...to, policy_epoch: eb('policy_epoch', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export const raiseEpoch = async (q: Querier, id: RepoId): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({ policy_epoch: eb('policy_epoch', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** `by` may be negative. */
export const addLikes = async (q: Querier, id: RepoId, by: number): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({ likes: eb('likes', '+', by) }))
    .where('id', '=', id)
    .execute()
}

export const setGroup = async (q: Querier, id: RepoId, groupId: GroupId | null): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({ group_id: groupId, policy_epoch: eb('policy_epoch', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export const touchRepo = async (q: Querier, id: RepoId, atMs: number): Promise<void> => {
  await q.updateTable('repo').set({ updated_at_ms: atMs }).where('id', '=', id).execute()
}

export const addDownloads = async (q: Querier, id: RepoId, count: number): Promise<void> => {
  await q
    .updateTable('repo')
    .set((eb) => ({ downloads: eb('downloads', '+', count) }))
    .where('id', '=', id)
    .execute()
}

export const upsertAlias = async (q: Querier, row: NewRow<'repo_alias'>): Promise<void> => {
  await q
    .insertInto('repo_alias')
    .values(row)
    .onConflict((c) => c.columns(['type', 'path_key']).doUpdateSet({ repo_id: row.repo_id }))
    .execute()
}

export const deleteAlias = async (q: Querier, type: RepoType, pathKey: string): Promise<void> => {
  await q
    .deleteFrom('repo_alias')
    .where('type', '=', type)
    .where('path_key', '=', pathKey)
    .execute()
}

/** All repos in order of id, for tools that look at each. */
export const reposAfter = async (
  q: Querier,
  after: string,
  limit: number,
): Promise<(Row<'repo'> & { owner_name: string })[]> =>
  q
    .selectFrom('repo')
    .innerJoin('account', 'account.id', 'repo.owner_id')
    .selectAll('repo')
    .select('account.name as owner_name')
    .where('repo.id', '>', after as RepoId)
    .orderBy('repo.id')
    .limit(limit)
    .execute()

export const whereabouts = async (
  q: Querier,
  id: RepoId,
): Promise<{ path: string; ownerId: AccountId; visibility: Visibility } | undefined> => {
  const row = await q
    .selectFrom('repo')
    .innerJoin('account as owner', 'owner.id', 'repo.owner_id')
    .select(['repo.name', 'repo.owner_id', 'repo.visibility', 'owner.name as owner_name'])
    .where('repo.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { owner_id: ownerId, visibility } = row
  return { path: `${row.owner_name}/${row.name}`, ownerId, visibility }
}

export const heldRepos = async (
  q: Querier,
  { after, limit }: { after: string; limit: number },
): Promise<{ id: RepoId; type: RepoType; name: string; owner_name: string; hold: HoldKind }[]> =>
  q
    .selectFrom('repo')
    .innerJoin('account', 'account.id', 'repo.owner_id')
    .select(['repo.id', 'repo.type', 'repo.name', 'account.name as owner_name', 'repo.hold'])
    .$narrowType<{ hold: HoldKind }>()
    .where('repo.hold', 'is not', null)
    .where('repo.id', '>', after as RepoId)
    .orderBy('repo.id')
    .limit(limit)
    .execute()
