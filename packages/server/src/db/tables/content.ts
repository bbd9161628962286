/** Bytes: contents, uploads, and the chunks of Xet. */
import type { GitOid, Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { AccountId, RepoId, UploadId } from '#core/kernel/ids.ts'

/** content: one row per byte sequence the hub holds. */
export interface ContentTable {
  sha256: Sha256
  size_bytes: number
  /** How the bytes are held: whole in the byte store, or as chunks, which `xet_hash` names. */
  held: 'whole' | 'chunks'
  git_oid: GitOid | null
  /** The Xet file by which the chunks are read. Others may have the same SHA-256: clients cut differently. */
  xet_hash: XetHash | null
  created_at_ms: number
  /** Set while the sweep takes the bytes away: nothing may link to it any more. */
  doomed_at_ms: number | null
}

/** content: a repo's right to a content. No link, no bytes, whoever knows the hash. */
export interface ContentLinkTable {
  repo_id: RepoId
  sha256: Sha256
  size_bytes: number
  created_at_ms: number
}

/** content: a file on its way in. */
export interface UploadTable {
  id: UploadId
  repo_id: RepoId
  actor_id: AccountId
  sha256: Sha256
  size_bytes: number
  part_bytes: number
  parts: number
  created_at_ms: number
  expires_at_ms: number
}

export interface UploadPartTable {
  upload_id: UploadId
  number: number
  size_bytes: number
  sha256: Sha256
  created_at_ms: number
}

/** chunks: a group of chunks, stored as one object of the xorb store. */
export interface XorbTable {
  hash: XetHash
  /** Of the stored object. */
  size_bytes: number
  raw_bytes: number
  chunks: number
  created_at_ms: number
  /** Last upload, last time a file named it, or the time when the last file that did was forgotten. */
  used_at_ms: number
  /** First time a file named it; null for an upload that was not finished yet. */
  named_at_ms: number | null
  /** Set while the sweep takes the bytes away: nothing may name it any more. */
  doomed_at_ms: number | null
  /** When every hash in it was last found right. */
  checked_at_ms: number
  /** Set when its bytes were found wrong; the next upload of the same xorb mends it. */
  damaged_at_ms: number | null
}

/** chunks: what is where in a xorb. Apart from `xorb`, whose rows are read often and must stay short. */
export interface XorbIndexTable {
  hash: XetHash
  /** See `formats/xet/xorb.ts`: 40 bytes a chunk. */
  body: Uint8Array
}

/** chunks: who has sent a xorb whole, and so may name it again. */
export interface XorbHolderTable {
  account_id: AccountId
  xorb_hash: XetHash
  created_at_ms: number
}

/** chunks: where a chunk that clients may ask for lies. Only some chunks: each file's first, and one in 1,024. */
export interface XorbChunkTable {
  chunk_hash: XetHash
  xorb_hash: XetHash
  position: number
}

/** chunks: a file as a list of terms, verified. */
export interface XetFileTable {
  hash: XetHash
  sha256: Sha256
  size_bytes: number
  /** 44 bytes a term, see `core/chunks/terms.ts`. */
  terms: Uint8Array
  created_at_ms: number
}

/** chunks: which xorbs a file needs. */
export interface XetFileXorbTable {
  file_hash: XetHash
  xorb_hash: XetHash
}

export interface QuotaTable {
  account_id: AccountId
  storage_bytes_max: number
}

export interface ContentTables {
  content: ContentTable
  content_link: ContentLinkTable
  upload: UploadTable
  upload_part: UploadPartTable
  xorb: XorbTable
  xorb_index: XorbIndexTable
  xorb_holder: XorbHolderTable
  xorb_chunk: XorbChunkTable
  xet_file: XetFileTable
  xet_file_xorb: XetFileXorbTable
  quota: QuotaTable
}
