/** Collections as somebody may see them: items that the caller may not know of are left out. */
import type { GateKind, RepoType, Visibility } from '#db/schema.ts'
import type { Database } from '#db/connect.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { AccountId, CollectionId, CollectionItemId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { Policy } from '../policy/index.ts'
import * as sql from './collections.sql.ts'

interface ItemBase {
  readonly id: CollectionItemId
  readonly note: string | undefined
  readonly position: number
}

export type CollectionItem =
  | (ItemBase & {
      readonly kind: RepoType
      /** `owner/name`. */
      readonly path: string
      readonly repo: {
        readonly id: RepoId
        readonly owner: string
        readonly visibility: Visibility
        readonly gate: GateKind | undefined
        readonly downloads: number
        readonly likes: number
        readonly updatedAtMs: number
      }
    })
  | (ItemBase & {
      readonly kind: 'collection'
      readonly slug: string
      readonly target: { readonly id: CollectionId; readonly title: string }
    })

export interface Collection {
  readonly id: CollectionId
  /** `owner/words-of-the-title-id`: the words and the owner may be old ones, the id finds it. */
  readonly slug: string
  readonly owner: {
    readonly id: AccountId
    readonly kind: 'user' | 'org'
    readonly name: string
    readonly fullName: string
  }
  readonly title: string
  readonly description: string | undefined
  readonly theme: string
  readonly isPrivate: boolean
  readonly position: number
  readonly updatedAtMs: number
  readonly upvotes: number
  /** In their order. */
  readonly items: readonly CollectionItem[]
}

export const slugOf = (row: { owner_name: string; slug: string; id: string }): string =>
  `${row.owner_name}/${row.slug}-${row.id}`

const repoItem = (item: sql.ItemRow, repo: sql.RepoItemRow): CollectionItem => ({
  id: item.id,
  note: item.note ?? undefined,
  position: item.position,
  kind: repo.type,
  path: `${repo.owner_name}/${repo.name}`,
  repo: {
    id: repo.id,
    owner: repo.owner_name,
    visibility: repo.visibility,
    gate: repo.gate ?? undefined,
    downloads: repo.downloads,
    likes: repo.likes,
    updatedAtMs: repo.updated_at_ms,
  },
})

export interface Viewing {
  /** May the caller see what only the namespace's own people see? */
  browses(ctx: Ctx, owner: string): Promise<boolean>
  isVisible(ctx: Ctx, row: sql.CollectionRow): Promise<boolean>
  toCollection(ctx: Ctx, row: sql.CollectionRow, itemsMax: number): Promise<Collection>
}

export const makeViewing = (deps: { db: Database; policy: Policy; clock: Clock }): Viewing => {
  const { db, policy, clock } = deps

  const browses: Viewing['browses'] = ({ actor }, owner) =>
    policy.allowsNamespace(actor, 'namespace.browse', owner)

  const isVisible: Viewing['isVisible'] = async (ctx, row) =>
    row.is_private === 0 || browses(ctx, row.owner_name)

  const visibleRepos = async (ctx: Ctx, items: readonly sql.ItemRow[]) => {
    const wanted = items.filter(({ kind }) => kind !== 'collection')
    if (wanted.length === 0) return new Map<string, sql.RepoItemRow>()
    const viewer = { actor: ctx.actor, nowMs: clock.nowMs() }
    // A cast because the kind says whose ids they are.
    const ids = wanted.map((item) => item.target_id as RepoId)
    const rows = await sql.visibleItems(db.read, viewer, ids)
    return new Map<string, sql.RepoItemRow>(rows.map((row) => [row.id, row]))
  }

  const visibleCollections = async (ctx: Ctx, items: readonly sql.ItemRow[]) => {
    const wanted = items.filter(({ kind }) => kind === 'collection')
    const found = new Map<string, sql.CollectionRow>()
    if (wanted.length === 0) return found
    const ids = wanted.map((item) => item.target_id as CollectionId)
    for (const row of await sql.collectionsByIds(db.read, ids)) {
      if (await isVisible(ctx, row)) found.set(row.id, row)
    }
    return found
  }

  const itemsOf = async (ctx: Ctx, id: CollectionId, itemsMax: number) => {
    const rows = await sql.itemsInOrder(db.read, id, limits.collectionItemsMax)
    const repos = await visibleRepos(ctx, rows)
    const nested = await visibleCollections(ctx, rows)
    const shown = rows.flatMap((item): CollectionItem[] => {
      const repo = repos.get(item.target_id)
      if (item.kind !== 'collection') return repo === undefined ? [] : [repoItem(item, repo)]
      const target = nested.get(item.target_id)
      if (target === undefined) return []
      const base = { id: item.id, note: item.note ?? undefined, position: item.position }
      const { title } = target
      return [
        { ...base, kind: 'collection', slug: slugOf(target), target: { id: target.id, title } },
      ]
    })
    return shown.slice(0, itemsMax)
  }

  return {
    browses,
    isVisible,
    toCollection: async (ctx, row, itemsMax) => ({
      id: row.id,
      slug: slugOf(row),
      owner: {
        id: row.owner_id,
        kind: row.owner_kind,
        name: row.owner_name,
        fullName: row.owner_full_name,
      },
      title: row.title,
      description: row.description ?? undefined,
      theme: row.theme,
      isPrivate: row.is_private === 1,
      position: row.position,
      updatedAtMs: row.updated_at_ms,
      upvotes: Number(row.upvotes),
      items: await itemsOf(ctx, row.id, itemsMax),
    }),
  }
}
