/** What the index keeps of a repo's default branch. */
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { RepoId } from '../kernel/ids.ts'

export const factsRow = async (q: Querier, id: RepoId): Promise<Row<'repo_fact'> | undefined> =>
  q.selectFrom('repo_fact').selectAll().where('repo_id', '=', id).executeTakeFirst()

export const replaceFacts = async (
  q: Querier,
  row: NewRow<'repo_fact'>,
  tags: readonly string[],
): Promise<void> => {
  await q
    .insertInto('repo_fact')
    .values(row)
    .onConflict((c) => c.column('repo_id').doUpdateSet({ ...row }))
    .execute()
  await q.deleteFrom('repo_tag').where('repo_id', '=', row.repo_id).execute()
  for (let i = 0; i < tags.length; i += 200) {
    const rows = tags.slice(i, i + 200).map((tag) => ({ tag, repo_id: row.repo_id }))
    await q.insertInto('repo_tag').values(rows).execute()
  }
}

export const repoExists = async (q: Querier, id: RepoId): Promise<boolean> =>
  (await q.selectFrom('repo').select('id').where('id', '=', id).executeTakeFirst()) !== undefined

/** Ids of repos with a tag, at most `limit`. */
export const idsWithTag = async (q: Querier, tag: string, limit: number): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('repo_tag')
    .select('repo_id')
    .where('tag', '=', tag)
    .limit(limit)
    .execute()
  return rows.map((row) => row.repo_id)
}
