/**
 * The social room: what people like, and the collections they put together. Nothing here gives access to anything.
 *
 * Invariants: whoever looks sees only repos and collections that they may see; a repo's count of likes moves with its likes, in one
 * transaction; a collection is found by its id, whatever it was called before.
 */
import type { Repos } from '../repos/index.ts'
import { type Collections, type CollectionsDeps, makeCollections } from './collections.ts'
import { type Likes, makeLikes } from './likes.ts'

export type { CollectionListWish, Collections } from './collections.ts'
export type { Likes } from './likes.ts'
export type { Collection, CollectionItem } from './view.ts'

export interface Social extends Likes {
  readonly collections: Collections
}

export const makeSocial = (deps: CollectionsDeps & { readonly repos: Repos }): Social => ({
  ...makeLikes(deps),
  collections: makeCollections(deps),
})
