/** Likes and collections. */
import type { AccountId, CollectionId, CollectionItemId, RepoId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'
import type { RepoType } from './repos.ts'

export interface RepoLikeTable {
  account_id: AccountId
  repo_id: RepoId
  created_at_ms: number
}

export interface CollectionTable {
  id: CollectionId
  owner_id: AccountId
  title: string
  slug: string
  description: string | null
  theme: string
  is_private: Flag
  position: number
  created_at_ms: number
  updated_at_ms: number
}

export interface CollectionItemTable {
  id: CollectionItemId
  collection_id: CollectionId
  kind: RepoType | 'collection'
  target_id: RepoId | CollectionId
  note: string | null
  position: number
  created_at_ms: number
}

export interface CollectionLikeTable {
  account_id: AccountId
  collection_id: CollectionId
  created_at_ms: number
}

export interface SocialTables {
  repo_like: RepoLikeTable
  collection: CollectionTable
  collection_item: CollectionItemTable
  collection_like: CollectionLikeTable
}
