/** What people like, and what there is to say of people and organisations in numbers. */
import type { Database } from '#db/connect.ts'
import type { RepoType, RoleName } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { type AccountId, isId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { AccountPermit, Permit } from '../policy/index.ts'
import type { Repos } from '../repos/index.ts'
import * as sql from './likes.sql.ts'

export interface Person {
  readonly id: AccountId
  readonly kind: 'user' | 'org'
  readonly name: string
  readonly fullName: string
}

export interface Liked {
  readonly type: RepoType
  readonly path: string
  readonly likedAtMs: number
}

export interface Page {
  readonly limit: number
  /** Where the page before ended, as it was given out. */
  readonly cursor?: string
}

export interface Likes {
  /** Repeating it is no error. */
  like(permit: Permit<'repo.see'>, account: AccountPermit): Promise<void>
  /** Repeating it is no error. */
  unlike(permit: Permit<'repo.see'>, account: AccountPermit): Promise<void>
  isLikedBy(permit: Permit<'repo.see'>, accountId: AccountId): Promise<boolean>
  /** Repos that an account likes and the caller may see, newest like first. Errors: `invalid` cursor. */
  liked(
    ctx: Ctx,
    accountId: AccountId,
    page: Page,
  ): Promise<{ items: Liked[]; next: string | undefined }>
  /** In order of account. Errors: `invalid` cursor. */
  likers(
    permit: Permit<'repo.see'>,
    page: Page,
  ): Promise<{ items: Person[]; next: string | undefined }>
  /** Repos of the account that the caller may see, by type. */
  repoCounts(ctx: Ctx, accountId: AccountId): Promise<ReadonlyMap<RepoType, number>>
  likeCount(ctx: Ctx, accountId: AccountId): Promise<number>
  memberCount(orgId: AccountId): Promise<number>
  /** People in an organisation, in order of name. `word` is part of a name. */
  members(
    orgId: AccountId,
    page: Page & { word: string },
  ): Promise<{ items: (Person & { role: RoleName })[]; next: string | undefined }>
}

interface LikesDeps {
  readonly db: Database
  readonly repos: Repos
  readonly clock: Clock
}

export const badCursor = (): HubError =>
  new HubError('invalid', 'This "cursor" was not given out by this hub. Start again without one.')

const parseAfter = (text: string | undefined): sql.After | undefined => {
  if (text === undefined) return undefined
  const [at, id] = Buffer.from(text, 'base64url').toString().split(':')
  if (id === undefined || !isId(id) || !Number.isSafeInteger(Number(at))) throw badCursor()
  return { atMs: Number(at), id }
}

const toPerson = (row: sql.PersonRow): Person => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  fullName: row.full_name,
})

/** Cuts off the one row too many, which says that there is more. */
export const cutPage = <T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): { kept: T[]; next: string | undefined } => {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { kept, next: rows.length > limit && last !== undefined ? cursorOf(last) : undefined }
}

export const makeLikes = ({ db, repos, clock }: LikesDeps): Likes => {
  const viewer = ({ actor }: Ctx): sql.Viewer => ({ actor, nowMs: clock.nowMs() })

  return {
    like: ({ repo }, { actor }) =>
      db.tx(async (q) => {
        const row = { account_id: actor.id, repo_id: repo.id, created_at_ms: clock.nowMs() }
        if (await sql.insertLike(q, row)) await repos.addLikes(q, repo.id, 1)
      }),

    unlike: ({ repo }, { actor }) =>
      db.tx(async (q) => {
        if (await sql.deleteLike(q, actor.id, repo.id)) await repos.addLikes(q, repo.id, -1)
      }),

    isLikedBy: ({ repo }, accountId) => sql.hasLike(db.read, accountId, repo.id),

    async liked(ctx, accountId, { limit, cursor }) {
      const page = { after: parseAfter(cursor), limit: limit + 1 }
      const rows = await sql.likedBy(db.read, viewer(ctx), accountId, page)
      const { kept, next } = cutPage(rows, limit, (last) =>
        Buffer.from(`${last.liked_at_ms}:${last.id}`).toString('base64url'),
      )
      const items = kept.map((row) => ({
        type: row.type,
        path: `${row.owner_name}/${row.name}`,
        likedAtMs: row.liked_at_ms,
      }))
      return { items, next }
    },

    async likers({ repo }, { limit, cursor = '' }) {
      if (cursor !== '' && !isId(cursor)) throw badCursor()
      const page = { after: cursor, limit: limit + 1 }
      const rows = await sql.likersOf(db.read, repo.id, page)
      const { kept, next } = cutPage(rows, limit, (last) => last.id)
      return { items: kept.map(toPerson), next }
    },

    async repoCounts(ctx, accountId) {
      const rows = await sql.countRepos(db.read, viewer(ctx), accountId)
      return new Map(rows.map(({ type, count }) => [type, count]))
    },

    likeCount: (ctx, accountId) => sql.countLikes(db.read, viewer(ctx), accountId),

    memberCount: (orgId) => sql.countMembers(db.read, orgId, clock.nowMs()),

    async members(orgId, { limit, cursor = '', word }) {
      const page = { nowMs: clock.nowMs(), word, after: cursor, limit: limit + 1 }
      const rows = await sql.membersOf(db.read, orgId, page)
      const { kept, next } = cutPage(rows, limit, (last) => last.name.toLowerCase())
      return { items: kept.map((row) => ({ ...toPerson(row), role: row.role })), next }
    },
  }
}
