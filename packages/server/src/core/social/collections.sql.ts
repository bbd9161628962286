import { type ExpressionBuilder, sql } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { GateKind, NewRow, RepoType, Row, Schema, Visibility } from '#db/schema.ts'
import type { AccountId, CollectionId, CollectionItemId, RepoId } from '../kernel/ids.ts'
import { likePattern } from '../kernel/like.ts'
import { seen, type Viewer } from './likes.sql.ts'

export type CollectionRow = Row<'collection'> & {
  owner_kind: 'user' | 'org'
  owner_name: string
  owner_full_name: string
  upvotes: number
}

/** In a query that joins `collection`. */
type Joined = ExpressionBuilder<Schema & { owner: Schema['account'] }, 'collection' | 'owner'>

const upvotes = (eb: Joined) =>
  eb
    .selectFrom('collection_like')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('collection_like.collection_id', '=', eb.ref('collection.id'))

const collections = (q: Querier) =>
  q
    .selectFrom('collection')
    .innerJoin('account as owner', 'owner.id', 'collection.owner_id')
    .selectAll('collection')
    .select([
      'owner.kind as owner_kind',
      'owner.name as owner_name',
      'owner.full_name as owner_full_name',
    ])
    // A cast because the count speaks of `collection` only.
    .select((eb) => upvotes(eb as unknown as Joined).as('upvotes'))
    .$castTo<CollectionRow>()

export const collectionById = async (
  q: Querier,
  id: CollectionId,
): Promise<CollectionRow | undefined> =>
  collections(q).where('collection.id', '=', id).executeTakeFirst()

export const collectionsByIds = async (
  q: Querier,
  ids: readonly CollectionId[],
): Promise<CollectionRow[]> => collections(q).where('collection.id', 'in', ids).execute()

export const collectionBySlug = async (
  q: Querier,
  ownerId: AccountId,
  slug: string,
): Promise<{ id: CollectionId } | undefined> =>
  q
    .selectFrom('collection')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('slug', '=', slug)
    .executeTakeFirst()

export interface CollectionFilter {
  /** Name keys of owners; undefined for all. */
  readonly owners: readonly string[] | undefined
  /** Name keys of owners whose private collections the caller may see. */
  readonly browsed: readonly string[]
  /** Collections that hold one of these; undefined for all. */
  readonly targets: readonly RepoId[] | undefined
  readonly word: string | undefined
  readonly sort: 'lastModified' | 'upvotes'
  readonly after: { readonly value: number; readonly id: CollectionId } | undefined
  readonly limit: number
}

/** Greatest sort value first, ties by id. */
export const listCollections = async (
  q: Querier,
  { owners, browsed, targets, word, sort, after, limit }: CollectionFilter,
): Promise<CollectionRow[]> => {
  const valueIn = (eb: Joined) =>
    sort === 'upvotes' ? sql<number>`(${upvotes(eb)})` : sql<number>`collection.updated_at_ms`
  let query = collections(q).where((eb) =>
    eb.or([
      eb('collection.is_private', '=', 0),
      ...(browsed.length === 0 ? [] : [eb('owner.name_key', 'in', browsed)]),
    ]),
  )
  if (owners !== undefined) query = query.where('owner.name_key', 'in', owners)
  if (targets !== undefined) {
    query = query.where('collection.id', 'in', (eb) =>
      eb
        .selectFrom('collection_item')
        .select('collection_item.collection_id')
        .where('collection_item.target_id', 'in', targets),
    )
  }
  if (word !== undefined) {
    const pattern = likePattern(word)
    query = query.where(
      sql<boolean>`lower(collection.title || ' ' || coalesce(collection.description, '')) like ${pattern} escape '\\'`,
    )
  }
  if (after !== undefined) {
    query = query.where((eb) => {
      const value = valueIn(eb)
      return eb.or([
        eb(value, '<', after.value),
        eb.and([eb(value, '=', after.value), eb('collection.id', '<', after.id)]),
      ])
    })
  }
  return query
    .orderBy((eb) => valueIn(eb as unknown as Joined), 'desc')
    .orderBy('collection.id', 'desc')
    .limit(limit)
    .execute()
}

/** Ids of an owner's collections in their order. */
export const collectionsInOrder = async (
  q: Querier,
  ownerId: AccountId,
  limit: number,
): Promise<{ id: CollectionId; position: number }[]> =>
  q
    .selectFrom('collection')
    .select(['id', 'position'])
    .where('owner_id', '=', ownerId)
    .orderBy('position')
    .orderBy('id')
    .limit(limit)
    .execute()

export const insertCollection = async (q: Querier, row: NewRow<'collection'>): Promise<void> => {
  await q.insertInto('collection').values(row).execute()
}

export const updateCollection = async (
  q: Querier,
  id: CollectionId,
  changes: Partial<Omit<Row<'collection'>, 'id' | 'owner_id'>>,
): Promise<void> => {
  await q.updateTable('collection').set(changes).where('id', '=', id).execute()
}

/** With its items; it leaves the collections that held it. */
export const deleteCollection = async (q: Querier, id: CollectionId): Promise<void> => {
  await q
    .deleteFrom('collection_item')
    .where('kind', '=', 'collection')
    .where('target_id', '=', id)
    .execute()
  await q.deleteFrom('collection').where('id', '=', id).execute()
}

export type ItemRow = Row<'collection_item'>

/** In their order. */
export const itemsInOrder = async (
  q: Querier,
  collectionId: CollectionId,
  limit: number,
): Promise<ItemRow[]> =>
  q
    .selectFrom('collection_item')
    .selectAll()
    .where('collection_id', '=', collectionId)
    .orderBy('position')
    .orderBy('id')
    .limit(limit)
    .execute()

export interface RepoItemRow {
  id: RepoId
  type: RepoType
  name: string
  owner_name: string
  visibility: Visibility
  gate: GateKind | null
  downloads: number
  likes: number
  updated_at_ms: number
}

/** Those of these repos that the viewer may see. */
export const visibleItems = async (
  q: Querier,
  viewer: Viewer,
  ids: readonly RepoId[],
): Promise<RepoItemRow[]> =>
  q
    .selectFrom('repo')
    .innerJoin('account as owner', 'owner.id', 'repo.owner_id')
    .select([
      'repo.id',
      'repo.type',
      'repo.name',
      'owner.name as owner_name',
      'repo.visibility',
      'repo.gate',
      'repo.downloads',
      'repo.likes',
      'repo.updated_at_ms',
    ])
    .where('repo.id', 'in', ids)
    .where(seen(viewer))
    .execute()

export const insertItem = async (q: Querier, row: NewRow<'collection_item'>): Promise<void> => {
  await q.insertInto('collection_item').values(row).execute()
}

export const updateItem = async (
  q: Querier,
  id: CollectionItemId,
  changes: { note?: string | null; position?: number },
): Promise<void> => {
  await q.updateTable('collection_item').set(changes).where('id', '=', id).execute()
}

export const deleteItem = async (q: Querier, id: CollectionItemId): Promise<void> => {
  await q.deleteFrom('collection_item').where('id', '=', id).execute()
}

export const insertUpvote = async (q: Querier, row: NewRow<'collection_like'>): Promise<void> => {
  await q
    .insertInto('collection_like')
    .values(row)
    .onConflict((c) => c.columns(['account_id', 'collection_id']).doNothing())
    .execute()
}

export const deleteUpvote = async (
  q: Querier,
  accountId: AccountId,
  collectionId: CollectionId,
): Promise<void> => {
  await q
    .deleteFrom('collection_like')
    .where('account_id', '=', accountId)
    .where('collection_id', '=', collectionId)
    .execute()
}
