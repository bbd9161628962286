import type { Querier } from '#db/flavor.ts'
import type { NewRow, RepoType, Row } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AgreementId, LicenceOverrideId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { visibleRepos } from '../policy/index.ts'

const inheritedMax = 5_000

export const licenceOf = async (q: Querier, id: RepoId): Promise<Row<'repo_licence'> | undefined> =>
  q.selectFrom('repo_licence').selectAll().where('repo_id', '=', id).executeTakeFirst()

export const licencesOf = async (
  q: Querier,
  ids: readonly RepoId[],
): Promise<Row<'repo_licence'>[]> =>
  ids.length === 0
    ? []
    : q.selectFrom('repo_licence').selectAll().where('repo_id', 'in', ids).execute()

export const putLicence = async (q: Querier, row: NewRow<'repo_licence'>): Promise<void> => {
  const { repo_id: _, ...rest } = row
  await q
    .insertInto('repo_licence')
    .values(row)
    .onConflict((c) => c.column('repo_id').doUpdateSet(rest))
    .execute()
}

/** In the order of the cards, those that the hub wrote itself first. */
export const tiesOf = async (q: Querier, ids: readonly RepoId[]): Promise<Row<'repo_lineage'>[]> =>
  ids.length === 0
    ? []
    : q
        .selectFrom('repo_lineage')
        .selectAll()
        .where('child_id', 'in', ids)
        .orderBy('child_id')
        .orderBy('origin', 'desc')
        .orderBy('position')
        .execute()

/** Puts these in the place of what the card said before. */
export const putTies = async (
  q: Querier,
  child: RepoId,
  rows: readonly NewRow<'repo_lineage'>[],
): Promise<void> => {
  await q
    .deleteFrom('repo_lineage')
    .where('child_id', '=', child)
    .where('origin', '=', 'card')
    .execute()
  if (rows.length > 0) {
    await q
      .insertInto('repo_lineage')
      .values([...rows])
      .execute()
  }
}

export const insertTie = async (q: Querier, row: NewRow<'repo_lineage'>): Promise<void> => {
  await q.insertInto('repo_lineage').values(row).execute()
}

/** Repos that name this one, in order of id, after the given one. */
export const childrenOf = async (
  q: Querier,
  parent: RepoId,
  { after, limit }: { after: string; limit: number },
): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('repo_lineage')
    .select('child_id')
    .distinct()
    .where('parent_id', '=', parent)
    // A cast because a cursor is compared and not looked up.
    .where('child_id', '>', after as RepoId)
    .orderBy('child_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.child_id)
}

/** Those that are there and were judged by another version of the table, in order of id, after the given one. */
export const judgedBefore = async (
  q: Querier,
  version: string,
  { after, limit }: { after: string; limit: number },
): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('repo_licence')
    .innerJoin('repo', 'repo.id', 'repo_licence.repo_id')
    .select('repo_licence.repo_id')
    .where('repo_licence.table_version', '!=', version)
    // A cast because a cursor is compared and not looked up.
    .where('repo_licence.repo_id', '>', after as RepoId)
    .orderBy('repo_licence.repo_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.repo_id)
}

/** Takes away what was remembered of a repo that nobody names. */
export const forget = async (q: Querier, id: RepoId): Promise<void> => {
  await q.deleteFrom('repo_lineage').where('child_id', '=', id).execute()
  await q.deleteFrom('repo_licence').where('repo_id', '=', id).execute()
}

/** Agreements that go along with any of these, each repo's in order. */
export const inheritedBy = async (
  q: Querier,
  ids: readonly RepoId[],
): Promise<Row<'repo_inherits'>[]> =>
  ids.length === 0
    ? []
    : q
        .selectFrom('repo_inherits')
        .selectAll()
        .where('repo_id', 'in', ids)
        .orderBy('repo_id')
        .orderBy('agreement_id')
        .limit(inheritedMax)
        .execute()

/** The same agreements, each once: no more than one organisation may have, since they are all of one owner's repos. */
export const agreementsAlong = async (
  q: Querier,
  ids: readonly RepoId[],
): Promise<AgreementId[]> => {
  if (ids.length === 0) return []
  const rows = await q
    .selectFrom('repo_inherits')
    .select('agreement_id')
    .distinct()
    .where('repo_id', 'in', ids)
    .orderBy('agreement_id')
    .limit(limits.agreementsPerOrgMax)
    .execute()
  return rows.map((row) => row.agreement_id)
}

export const putInherited = async (
  q: Querier,
  id: RepoId,
  rows: readonly NewRow<'repo_inherits'>[],
): Promise<void> => {
  await q.deleteFrom('repo_inherits').where('repo_id', '=', id).execute()
  if (rows.length > 0) {
    await q
      .insertInto('repo_inherits')
      .values([...rows])
      .execute()
  }
}

/** Decisions about a repo, the newest first. */
export const overridesOf = async (
  q: Querier,
  id: RepoId,
  limit: number,
): Promise<Row<'licence_override'>[]> =>
  q
    .selectFrom('licence_override')
    .selectAll()
    .where('repo_id', '=', id)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

export const insertOverride = async (
  q: Querier,
  row: NewRow<'licence_override'>,
): Promise<void> => {
  await q.insertInto('licence_override').values(row).execute()
}

/** False when there is none of this id that still holds. */
export const endOverride = async (
  q: Querier,
  { id, repoId, atMs }: { id: LicenceOverrideId; repoId: RepoId; atMs: number },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('licence_override')
    .set({ ended_at_ms: atMs })
    .where('id', '=', id)
    .where('repo_id', '=', repoId)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Those that the actor may see, with where they are. */
export const visibleAmong = async (
  q: Querier,
  { actor, nowMs }: { actor: Actor; nowMs: number },
  ids: readonly RepoId[],
): Promise<{ id: RepoId; type: RepoType; path: string }[]> => {
  if (ids.length === 0) return []
  const rows = await q
    .selectFrom('repo')
    .innerJoin('account', 'account.id', 'repo.owner_id')
    .select(['repo.id', 'repo.type', 'repo.name', 'account.name as owner_name'])
    .where('repo.id', 'in', ids)
    .where(visibleRepos(actor, nowMs))
    .execute()
  return rows.map(({ id, type, name, owner_name: owner }) => ({
    id,
    type,
    path: `${owner}/${name}`,
  }))
}

/** Those that are still there, whoever may see them. */
export const standing = async (q: Querier, ids: readonly RepoId[]): Promise<RepoId[]> => {
  if (ids.length === 0) return []
  const rows = await q.selectFrom('repo').select('id').where('id', 'in', ids).execute()
  return rows.map((row) => row.id)
}
