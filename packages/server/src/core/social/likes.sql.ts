import { sql, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { RepoType, RoleName } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { likePattern } from '../kernel/like.ts'
import { inForce, visibleRepos } from '../policy/index.ts'

/** Who looks, and when: lists show what they may see. */
export interface Viewer {
  readonly actor: Actor
  readonly nowMs: number
}

/** The filter on `repo`, in queries that join more. */
export const seen = ({ actor, nowMs }: Viewer) => {
  const filter = visibleRepos(actor, nowMs)
  // A cast because the filter speaks of `repo` only, whatever else is joined.
  return (eb: unknown) => filter(eb as Parameters<typeof filter>[0])
}

/** Was it new? */
export const insertLike = async (
  q: Querier,
  row: { account_id: AccountId; repo_id: RepoId; created_at_ms: number },
): Promise<boolean> => {
  const rows = await q
    .insertInto('repo_like')
    .values(row)
    .onConflict((c) => c.columns(['account_id', 'repo_id']).doNothing())
    .returning('repo_id')
    .execute()
  return rows.length > 0
}

/** Was it there? */
export const deleteLike = async (
  q: Querier,
  accountId: AccountId,
  repoId: RepoId,
): Promise<boolean> => {
  const rows = await q
    .deleteFrom('repo_like')
    .where('account_id', '=', accountId)
    .where('repo_id', '=', repoId)
    .returning('repo_id')
    .execute()
  return rows.length > 0
}

export const hasLike = async (
  q: Querier,
  accountId: AccountId,
  repoId: RepoId,
): Promise<boolean> => {
  const row = await q
    .selectFrom('repo_like')
    .select('repo_id')
    .where('account_id', '=', accountId)
    .where('repo_id', '=', repoId)
    .executeTakeFirst()
  return row !== undefined
}

/** Where the page before ended. */
export interface After {
  readonly atMs: number
  readonly id: string
}

export interface LikedRow {
  id: RepoId
  type: RepoType
  name: string
  owner_name: string
  liked_at_ms: number
}

/** Newest like first. */
export const likedBy = async (
  q: Querier,
  viewer: Viewer,
  accountId: AccountId,
  { after, limit }: { after: After | undefined; limit: number },
): Promise<LikedRow[]> => {
  let query = q
    .selectFrom('repo_like')
    .innerJoin('repo', 'repo.id', 'repo_like.repo_id')
    .innerJoin('account as owner', 'owner.id', 'repo.owner_id')
    .select([
      'repo.id',
      'repo.type',
      'repo.name',
      'owner.name as owner_name',
      'repo_like.created_at_ms as liked_at_ms',
    ])
    .where('repo_like.account_id', '=', accountId)
    .where(seen(viewer))
  if (after !== undefined) {
    query = query.where((eb) =>
      eb.or([
        eb('repo_like.created_at_ms', '<', after.atMs),
        eb.and([
          eb('repo_like.created_at_ms', '=', after.atMs),
          eb('repo_like.repo_id', '<', after.id as RepoId),
        ]),
      ]),
    )
  }
  return query
    .orderBy('repo_like.created_at_ms', 'desc')
    .orderBy('repo_like.repo_id', 'desc')
    .limit(limit)
    .execute()
}

export interface PersonRow {
  id: AccountId
  kind: 'user' | 'org'
  name: string
  full_name: string
}

/** In order of account. */
export const likersOf = async (
  q: Querier,
  repoId: RepoId,
  { after, limit }: { after: string; limit: number },
): Promise<PersonRow[]> =>
  q
    .selectFrom('repo_like')
    .innerJoin('account', 'account.id', 'repo_like.account_id')
    .select(['account.id', 'account.kind', 'account.name', 'account.full_name'])
    .where('repo_like.repo_id', '=', repoId)
    .where('account.disabled_at_ms', 'is', null)
    .where('account.id', '>', after as AccountId)
    .orderBy('account.id')
    .limit(limit)
    .execute()

export const countLikes = async (
  q: Querier,
  viewer: Viewer,
  accountId: AccountId,
): Promise<number> => {
  const row = await q
    .selectFrom('repo_like')
    .innerJoin('repo', 'repo.id', 'repo_like.repo_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('repo_like.account_id', '=', accountId)
    .where(seen(viewer))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export const countRepos = async (
  q: Querier,
  viewer: Viewer,
  ownerId: AccountId,
): Promise<{ type: RepoType; count: number }[]> => {
  const rows = await q
    .selectFrom('repo')
    .select('repo.type')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('repo.owner_id', '=', ownerId)
    .where(seen(viewer))
    .groupBy('repo.type')
    .execute()
  return rows.map(({ type, count }) => ({ type, count: Number(count) }))
}

const people = (q: Querier, orgId: AccountId, nowMs: number) =>
  q
    .selectFrom('membership')
    .innerJoin('account', 'account.id', 'membership.user_id')
    .where('membership.org_id', '=', orgId)
    .where('account.disabled_at_ms', 'is', null)
    // Service accounts are machines.
    .where('account.service_of', 'is', null)
    .where(inForce('membership', nowMs))

export type MemberRow = PersonRow & { role: RoleName }

/** In order of name. */
export const membersOf = async (
  q: Querier,
  orgId: AccountId,
  page: { nowMs: number; word: string; after: string; limit: number },
): Promise<MemberRow[]> => {
  return people(q, orgId, page.nowMs)
    .select(['account.id', 'account.kind', 'account.name', 'account.full_name', 'membership.role'])
    .where('account.name_key', '>', page.after)
    .$if(page.word !== '', (query) =>
      query.where(sql<SqlBool>`account.name_key like ${likePattern(page.word)} escape '\\'`),
    )
    .orderBy('account.name_key')
    .limit(page.limit)
    .execute()
}

export const countMembers = async (
  q: Querier,
  orgId: AccountId,
  nowMs: number,
): Promise<number> => {
  const row = await people(q, orgId, nowMs)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
