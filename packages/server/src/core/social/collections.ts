/** Collections: lists of repos that a namespace puts together. */
import type { Database } from '#db/connect.ts'
import type { Row } from '#db/schema.ts'
import type { Events } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import {
  type AccountId,
  type CollectionId,
  type IdMaker,
  isId,
  type RepoId,
} from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { AccountPermit, NamespacePermit, Permit, Policy } from '../policy/index.ts'
import * as sql from './collections.sql.ts'
import { makeItems } from './items.ts'
import { badCursor, cutPage } from './likes.ts'
import { move, slugWords } from './order.ts'
import { type Collection, makeViewing, slugOf } from './view.ts'

export type Curating = NamespacePermit<'namespace.curate'>

export interface CollectionWish {
  readonly title: string
  readonly description?: string
  readonly isPrivate: boolean
}

export interface CollectionChange {
  readonly title?: string
  /** Null takes it away. */
  readonly description?: string | null
  readonly theme?: string
  readonly isPrivate?: boolean
  /** Place among the owner's collections, from 0. */
  readonly position?: number
}

export interface CollectionListWish {
  /** Names of owners. */
  readonly owners?: readonly string[]
  /** Those that hold one of these repos. */
  readonly holding?: readonly Permit<'repo.see'>[]
  readonly word?: string
  readonly sort: 'lastModified' | 'upvotes'
  readonly limit: number
  readonly cursor?: string
}

/** What an item points at. */
export type ItemTarget = Permit<'repo.see'> | { readonly collection: Collection }

export interface ItemChange {
  readonly itemId: string
  /** Null takes it away. */
  readonly note?: string | null
  /** Place in the collection, from 0. */
  readonly position?: number
}

export interface Collections {
  /** With the first few items of each. Errors: `invalid` cursor. */
  list(
    ctx: Ctx,
    wish: CollectionListWish,
  ): Promise<{ items: Collection[]; next: string | undefined }>
  /** By its slug, of which the id at the end counts. Errors: `entry_not_found`, for hidden ones too. */
  get(ctx: Ctx, slug: string): Promise<Collection>
  /** Errors: `exists` (details.slug) when the namespace has one of that title; `too_many`. */
  create(ctx: Ctx, permit: Curating, wish: CollectionWish): Promise<Collection>
  /** Errors: `entry_not_found`, `invalid` theme. */
  change(ctx: Ctx, permit: Curating, id: CollectionId, change: CollectionChange): Promise<void>
  /** Errors: `entry_not_found`. */
  delete(ctx: Ctx, permit: Curating, id: CollectionId): Promise<void>
  /** At the end. Errors: `entry_not_found`, `exists`, `too_many`. */
  addItem(
    permit: Curating,
    id: CollectionId,
    item: { target: ItemTarget; note?: string },
  ): Promise<void>
  /** All of them or none. Errors: `entry_not_found`. */
  changeItems(permit: Curating, id: CollectionId, changes: readonly ItemChange[]): Promise<void>
  /** Errors: `entry_not_found`. */
  removeItem(permit: Curating, id: CollectionId, itemId: string): Promise<void>
  /** Repeating it is no error. */
  upvote(permit: AccountPermit, collection: Collection, wanted: boolean): Promise<void>
}

export interface CollectionsDeps {
  readonly db: Database
  readonly events: Events
  readonly policy: Policy
  readonly clock: Clock
  readonly ids: IdMaker
}

const themes = ['orange', 'blue', 'green', 'purple', 'pink', 'indigo']

const parseCursor = (text: string | undefined): sql.CollectionFilter['after'] => {
  if (text === undefined) return undefined
  const [value, id] = Buffer.from(text, 'base64url').toString().split(':')
  if (id === undefined || !isId(id) || !Number.isSafeInteger(Number(value))) throw badCursor()
  // A cast because the form is all there is to an id.
  return { value: Number(value), id: id as CollectionId }
}

const columnsOf = (change: CollectionChange) => {
  const { title, description, theme, isPrivate } = change
  if (theme !== undefined && !themes.includes(theme)) {
    throw new HubError('invalid', `"theme" must be one of ${themes.join(', ')}, found "${theme}".`)
  }
  return {
    ...(title === undefined ? {} : { title, slug: slugWords(title) }),
    ...(description === undefined ? {} : { description }),
    ...(theme === undefined ? {} : { theme }),
    ...(isPrivate === undefined ? {} : { is_private: isPrivate ? (1 as const) : (0 as const) }),
  }
}

const noCollection = (): HubError => new HubError('entry_not_found', 'Collection not found')

export const makeCollections = (deps: CollectionsDeps): Collections => {
  const { db, events, clock, ids } = deps
  const { browses, isVisible, toCollection } = makeViewing(deps)

  /** Errors: `entry_not_found` for one of another namespace. */
  const owned = async (q: Database['read'], { namespace }: Curating, id: CollectionId) => {
    const row = await sql.collectionById(q, id)
    if (row?.owner_id === namespace.id) return row
    throw noCollection()
  }

  const browsedAmong = async (ctx: Ctx, owners: readonly string[] | undefined) => {
    const asked = owners ?? (ctx.actor.kind === 'user' ? [ctx.actor.name] : [])
    const found: string[] = []
    for (const name of asked) if (await browses(ctx, name)) found.push(name.toLowerCase())
    return found
  }

  const reorder = async (q: Database['read'], ownerId: AccountId, id: CollectionId, to: number) => {
    const rows = await sql.collectionsInOrder(q, ownerId, limits.collectionsPerOwnerMax)
    for (const { id: one, position } of move(rows, id, to)) {
      await sql.updateCollection(q, one, { position })
    }
  }

  return {
    ...makeItems({ ...deps, owned }),

    async list(ctx, { owners, holding, word, sort, limit, cursor }) {
      if (owners?.length === 0 || holding?.length === 0) return { items: [], next: undefined }
      const rows = await sql.listCollections(db.read, {
        owners: owners?.map((name) => name.toLowerCase()),
        browsed: await browsedAmong(ctx, owners),
        targets: holding?.map(({ repo }): RepoId => repo.id),
        word,
        sort,
        after: parseCursor(cursor),
        limit: limit + 1,
      })
      const { kept, next } = cutPage(rows, limit, (last) => {
        const value = sort === 'upvotes' ? last.upvotes : last.updated_at_ms
        return Buffer.from(`${value}:${last.id}`).toString('base64url')
      })
      const items: Collection[] = []
      for (const row of kept) {
        items.push(await toCollection(ctx, row, limits.collectionPreviewItems))
      }
      return { items, next }
    },

    async get(ctx, slug) {
      const id = slug.slice(-24)
      // A cast because the form is all there is to an id.
      const row = isId(id) ? await sql.collectionById(db.read, id as CollectionId) : undefined
      if (row === undefined || !(await isVisible(ctx, row))) throw noCollection()
      return toCollection(ctx, row, limits.collectionItemsMax)
    },

    async create(ctx, { namespace }, { title, description, isPrivate }) {
      const slug = slugWords(title)
      const nowMs = clock.nowMs()
      const id = ids<CollectionId>()
      const max = limits.collectionsPerOwnerMax
      await db.tx(async (q, after) => {
        const found = await sql.collectionBySlug(q, namespace.id, slug)
        if (found !== undefined) {
          const there = slugOf({ owner_name: namespace.name, slug, id: found.id })
          const message = `${namespace.name} has a collection of this title: ${there}.`
          throw new HubError('exists', message, { slug: there })
        }
        const others = await sql.collectionsInOrder(q, namespace.id, max)
        if (others.length >= max) {
          throw new HubError('too_many', `A namespace has at most ${max} collections.`)
        }
        const row: Row<'collection'> = {
          id,
          owner_id: namespace.id,
          title,
          slug,
          description: description ?? null,
          theme: 'orange',
          is_private: isPrivate ? 1 : 0,
          position: (others.at(-1)?.position ?? -1) + 1,
          created_at_ms: nowMs,
          updated_at_ms: nowMs,
        }
        await sql.insertCollection(q, row)
        const payload = { collectionId: id, ownerId: namespace.id, title }
        await events.append({ q, after, ctx }, 'collection_created', payload)
      })
      const row = await sql.collectionById(db.read, id)
      if (row === undefined) throw noCollection()
      return toCollection(ctx, row, limits.collectionItemsMax)
    },

    change: (_ctx, permit, id, change) =>
      db.tx(async (q) => {
        await owned(q, permit, id)
        const columns = { ...columnsOf(change), updated_at_ms: clock.nowMs() }
        await sql.updateCollection(q, id, columns)
        if (change.position !== undefined) {
          await reorder(q, permit.namespace.id, id, change.position)
        }
      }),

    delete: (ctx, permit, id) =>
      db.tx(async (q, after) => {
        const { title } = await owned(q, permit, id)
        await sql.deleteCollection(q, id)
        const payload = { collectionId: id, ownerId: permit.namespace.id, title }
        await events.append({ q, after, ctx }, 'collection_deleted', payload)
      }),

    upvote: ({ actor }, { id }, wanted) =>
      db.tx(async (q) => {
        const row = { account_id: actor.id, collection_id: id, created_at_ms: clock.nowMs() }
        if (wanted) await sql.insertUpvote(q, row)
        else await sql.deleteUpvote(q, actor.id, id)
      }),
  }
}
