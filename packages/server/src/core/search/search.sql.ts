/** Repos that somebody may see, found and listed; what is inside is asked only where it may be told. */
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { expressionBuilder, sql, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { RepoType, Row, Schema } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { RepoId } from '../kernel/ids.ts'
import { likePattern } from '../kernel/like.ts'
import { browsableRepos, visibleRepos } from '../policy/index.ts'

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
export const isTold =
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
export const found = (q: Querier, looker: Insider, filter: RepoFilter) => {
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
