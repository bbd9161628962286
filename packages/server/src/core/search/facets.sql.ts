/** How many of the repos found are of which kind: of what the looker may see, and of what is inside where that may be told. */
import { sql } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import { found, type Insider, isTold, type RepoFilter } from './search.sql.ts'

export const countRepos = async (
  q: Querier,
  looker: Insider,
  filter: RepoFilter,
): Promise<number> => {
  const row = await found(q, looker, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** How many repos have fewer parameters than each bound and not fewer than the one before, by the bound's place; one more for the rest. */
export const countParameters = async (
  q: Querier,
  looker: Insider,
  filter: RepoFilter,
  bounds: readonly number[],
): Promise<{ place: number; count: number }[]> => {
  const cases = bounds.map(
    (bound, place) => sql`when size.parameters < ${sql.lit(bound)} then ${sql.lit(place)}`,
  )
  const place = sql<number>`case ${sql.join(cases, sql` `)} else ${sql.lit(bounds.length)} end`
  const rows = await found(q, looker, filter)
    .innerJoin('repo_fact as size', 'size.repo_id', 'repo.id')
    .where('size.parameters', 'is not', null)
    .where(isTold(looker))
    .select((eb) => [place.as('place'), eb.fn.countAll<number>().as('count')])
    .groupBy('place')
    .execute()
  return rows.map((row) => ({ place: Number(row.place), count: Number(row.count) }))
}

/** Tags in use by the repos found, most used first. */
export const countTags = async (
  q: Querier,
  looker: Insider,
  filter: RepoFilter,
  limit: number,
): Promise<{ tag: string; count: number }[]> => {
  const rows = await found(q, looker, filter)
    .innerJoin('repo_tag as mark', 'mark.repo_id', 'repo.id')
    .where(isTold(looker))
    .select((eb) => ['mark.tag', eb.fn.countAll<number>().as('count')])
    .groupBy('mark.tag')
    .orderBy('count', 'desc')
    .orderBy('mark.tag')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ tag: row.tag, count: Number(row.count) }))
}

/** Owners of the repos found, those with most first. */
export const countOwners = async (
  q: Querier,
  looker: Insider,
  filter: RepoFilter,
  limit: number,
): Promise<{ owner: string; count: number }[]> => {
  const rows = await found(q, looker, filter)
    .select((eb) => ['owner.name', eb.fn.countAll<number>().as('count')])
    .groupBy('owner.name')
    .orderBy('count', 'desc')
    .orderBy('owner.name')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ owner: row.name, count: Number(row.count) }))
}
