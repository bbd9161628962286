import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { expressionBuilder, sql, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, RepoType, Row, Schema } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { RepoId } from '../kernel/ids.ts'
import { likePattern } from '../kernel/like.ts'
import { browsableRepos, visibleRepos } from '../policy/index.ts'

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

const sortColumns = {
  createdAt: 'repo.created_at_ms',
  lastModified: 'repo.updated_at_ms',
  downloads: 'repo.downloads',
  likes: 'repo.likes',
  parameters: 'repo_fact.parameters',
} as const

export type SortKey = keyof typeof sortColumns

export interface ParameterRange {
  readonly min?: number
  readonly max?: number
}

export interface RepoFilter {
  readonly type: RepoType
  /** Each must be part of `owner/name`, in any letter case. */
  readonly words: readonly string[]
  readonly authorKey: string | undefined
  /** Each must be a tag of the repo. */
  readonly tags: readonly string[]
  readonly isGated: boolean | undefined
  /** How many it has, both ends included; what says nothing of it is in no range. */
  readonly parameters: ParameterRange | undefined
  /** Repos among these only: what the rarest tag leaves. */
  readonly among: readonly RepoId[] | undefined
}

export interface ListFilter extends RepoFilter {
  readonly sort: SortKey
  /** Sort value and id of the last row of the page before. */
  readonly after: { readonly value: number; readonly id: RepoId } | undefined
  readonly limit: number
}

export type ListedRow = Omit<
  Row<'repo'>,
  'name_key' | 'policy_epoch' | 'gate_covers_members' | 'gate_template' | 'group_id'
> & {
  owner_name: string
  facts: string | null
  /** By the owner's own rules, or by an agreement that was asked. */
  is_told: SqlBool
  sort_value: number
}

/** Who looks, and when: what is visible depends on both. */
export interface Looker {
  readonly actor: Actor
  readonly nowMs: number
}

/** One who asks by what is inside. */
export interface Insider extends Looker {
  /** Repos that agreements let it look into. */
  readonly byAgreement: readonly RepoId[]
}

type Outer = Parameters<ReturnType<typeof visibleRepos>>[0]

/** Whether what is inside may be told: else nothing is found, counted or put in order by it. */
const isTold =
  ({ actor, nowMs, byAgreement }: Insider) =>
  (eb: unknown) => {
    // A cast because the filter speaks of `repo` only, whatever else is joined.
    const outer = eb as Outer
    const told = browsableRepos(actor, nowMs)(outer)
    return byAgreement.length === 0 ? told : outer.or([told, outer('repo.id', 'in', byAgreement)])
  }

/** Of this type, seen by an agreement, and not to be looked into by the owner's own rules. */
export const seenFromOutside = async (
  q: Querier,
  looker: Looker,
  type: RepoType,
  limit: number,
): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('repo')
    .select('repo.id')
    .where('repo.type', '=', type)
    // What no agreement is about need not be looked at.
    .where('repo.id', 'in', (eb) => eb.selectFrom('agreement_repo').select('repo_id'))
    .where(visibleRepos(looker.actor, looker.nowMs))
    .where((eb) => eb.not(isTold({ ...looker, byAgreement: [] })(eb)))
    .orderBy('repo.updated_at_ms', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Does it ask by what is inside? */
export const asksInside = ({
  tags,
  parameters,
}: Pick<RepoFilter, 'tags' | 'parameters'>): boolean => tags.length > 0 || parameters !== undefined

/** Repos that the looker may see and the filter lets through. */
const found = (q: Querier, looker: Insider, filter: RepoFilter) => {
  const { actor, nowMs } = looker
  let query = q
    .selectFrom('repo')
    .innerJoin('account as owner', 'owner.id', 'repo.owner_id')
    .where('repo.type', '=', filter.type)
    // A cast because the filter speaks of `repo` only, whatever else is joined.
    .where((eb) => visibleRepos(actor, nowMs)(eb as unknown as Outer))
  if (asksInside(filter)) query = query.where(isTold(looker))
  if (filter.authorKey !== undefined) query = query.where('owner.name_key', '=', filter.authorKey)
  if (filter.among !== undefined) query = query.where('repo.id', 'in', filter.among)
  if (filter.isGated !== undefined) {
    query = query.where('repo.gate', filter.isGated ? 'is not' : 'is', null)
  }
  if (filter.parameters !== undefined) {
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = filter.parameters
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('repo_fact as size')
          .select('size.repo_id')
          .whereRef('size.repo_id', '=', 'repo.id')
          .where('size.parameters', '>=', min)
          .where('size.parameters', '<=', max),
      ),
    )
  }
  for (const word of filter.words) {
    const pattern = likePattern(word)
    query = query.where(
      sql<SqlBool>`(owner.name_key || '/' || repo.name_key) like ${pattern} escape '\\'`,
    )
  }
  for (const tag of filter.tags) {
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('repo_tag')
          .select('repo_tag.repo_id')
          .where('repo_tag.tag', '=', tag)
          .whereRef('repo_tag.repo_id', '=', 'repo.id'),
      ),
    )
  }
  return query
}

/** Visible repos, greatest sort value first, ties by id. */
export const listRepos = async (
  q: Querier,
  looker: Insider,
  filter: ListFilter,
): Promise<ListedRow[]> => {
  const column = sortColumns[filter.sort]
  const value =
    filter.sort === 'parameters'
      ? sql<number>`case when ${isTold(looker)(expressionBuilder<Schema, 'repo'>())} then coalesce(repo_fact.parameters, 0) else 0 end`
      : sql<number>`${sql.ref(column)}`
  let query = found(q, looker, filter)
    .leftJoin('repo_fact', 'repo_fact.repo_id', 'repo.id')
    .select([
      'repo.id',
      'repo.type',
      'repo.owner_id',
      'repo.name',
      'repo.visibility',
      'repo.hold',
      'repo.created_at_ms',
      'repo.updated_at_ms',
      'repo.downloads',
      'repo.likes',
      'repo.gate',
      'owner.name as owner_name',
      'repo_fact.facts',
    ])
    .select((eb) => sql<SqlBool>`${isTold(looker)(eb)}`.as('is_told'))
    .select(value.as('sort_value'))
  const { after } = filter
  if (after !== undefined) {
    query = query.where(
      sql<SqlBool>`(${value} < ${after.value} or (${value} = ${after.value} and repo.id < ${after.id}))`,
    )
  }
  return query.orderBy(value, 'desc').orderBy('repo.id', 'desc').limit(filter.limit).execute()
}

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

/** Visible repos that hold a content, on whatever branch. */
export const reposWithContent = async (
  q: Querier,
  { actor, nowMs }: Looker,
  sha256: Sha256,
  limit: number,
): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('content_link')
    .innerJoin('repo', 'repo.id', 'content_link.repo_id')
    .select('repo.id')
    .where('content_link.sha256', '=', sha256)
    // A cast because the filter speaks of `repo` only, whatever else is joined.
    .where((eb) => visibleRepos(actor, nowMs)(eb as unknown as Outer))
    .orderBy('repo.updated_at_ms', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
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
