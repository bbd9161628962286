/**
 * Every table, once. Ids are text made by us, times integer milliseconds UTC, booleans 0/1, sizes safe integers, JSON text.
 * A room writes only its own tables; the policy room alone reads the facts of others.
 */
import type { Insertable, Selectable } from 'kysely'
import type { GitOid, Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { AccountId, JobId, RepoId, TokenId, UploadId } from '#core/kernel/ids.ts'

export type Flag = 0 | 1

/** identity: users and organisations share one namespace. */
export interface AccountTable {
  id: AccountId
  kind: 'user' | 'org'
  name: string
  /** Lower-cased name: unique. */
  name_key: string
  full_name: string
  email: string | null
  is_admin: Flag
  disabled_at_ms: number | null
  /** Raised when a membership changes; counts with the epochs of the account's repos. */
  policy_epoch: number
  created_at_ms: number
}

export interface PasswordTable {
  account_id: AccountId
  /** `scrypt$N$r$p$salt$key`, base64url parts. */
  hash: string
  changed_at_ms: number
}

export type RoleName = 'admin' | 'maintainer' | 'write' | 'contributor' | 'read' | 'auditor'

export interface MembershipTable {
  org_id: AccountId
  user_id: AccountId
  role: RoleName
  created_at_ms: number
}

export interface TokenTable {
  id: TokenId
  account_id: AccountId
  label: string
  role: 'read' | 'write'
  /** SHA-256 of the secret, hex: the secret itself is shown once and never stored. */
  secret_sha256: string
  /** Last four characters, so that a person can tell tokens apart. */
  hint: string
  created_at_ms: number
  last_used_at_ms: number | null
  expires_at_ms: number | null
  revoked_at_ms: number | null
}

/** identity: one-time links, such as the first set-up. */
export interface InvitationTable {
  secret_sha256: string
  purpose: 'setup'
  created_at_ms: number
  expires_at_ms: number
}

export type RepoType = 'model' | 'dataset' | 'space' | 'kernel'
export type Visibility = 'public' | 'internal' | 'private'

export interface RepoTable {
  id: RepoId
  type: RepoType
  owner_id: AccountId
  name: string
  name_key: string
  visibility: Visibility
  disabled_at_ms: number | null
  created_at_ms: number
  updated_at_ms: number
  /** Raised whenever access facts change: tickets minted under an older epoch are decided again. */
  policy_epoch: number
  downloads: number
  likes: number
}

/** repos: old `owner/name` keys that lead to a moved repo. */
export interface RepoAliasTable {
  type: RepoType
  path_key: string
  repo_id: RepoId
  created_at_ms: number
}

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

/** refs: git objects, keyed by repo. */
export interface GitObjectTable {
  repo_id: RepoId
  oid: GitOid
  kind: 'commit' | 'tree' | 'blob' | 'tag'
  size_bytes: number
  /** The object's body; null when `content_sha256` says where the bytes are. */
  body: Uint8Array | null
  content_sha256: Sha256 | null
  /** For a blob that is an LFS pointer: what it points at. */
  lfs_sha256: Sha256 | null
  lfs_size_bytes: number | null
}

export interface RefTable {
  repo_id: RepoId
  /** Full name: `refs/heads/main`. */
  name: string
  /** Object the ref names: a commit, or an annotated tag. */
  oid: GitOid
  /** The commit behind it. */
  commit_oid: GitOid
  updated_at_ms: number
}

export interface EventTable {
  seq: number
  name: string
  at_ms: number
  actor_id: string | null
  repo_id: string | null
  request_id: string
  /** JSON object: ids and facts. */
  payload: string
}

export interface EventCursorTable {
  consumer: string
  seq: number
}

export interface JobTable {
  id: JobId
  kind: string
  /** The same work queued twice is one row. */
  work_key: string
  payload: string
  state: 'queued' | 'running' | 'parked'
  run_at_ms: number
  attempts: number
  lease_until_ms: number | null
  last_error: string | null
  created_at_ms: number
}

export interface QuotaTable {
  account_id: AccountId
  storage_bytes_max: number
}

/** search: what the default branch says of itself, derived and rebuildable. */
export interface RepoFactTable {
  repo_id: RepoId
  /** Commit the facts were read from; null for an empty repo. */
  commit_oid: GitOid | null
  /** JSON of RepoFacts. */
  facts: string
  pipeline_tag: string | null
  library_name: string | null
  parameters: number | null
}

export interface RepoTagTable {
  tag: string
  repo_id: RepoId
}

export interface MetaTable {
  key: string
  value: string
}

export interface Schema {
  account: AccountTable
  password: PasswordTable
  membership: MembershipTable
  token: TokenTable
  invitation: InvitationTable
  repo: RepoTable
  repo_alias: RepoAliasTable
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
  git_object: GitObjectTable
  ref: RefTable
  event: EventTable
  event_cursor: EventCursorTable
  job: JobTable
  quota: QuotaTable
  repo_fact: RepoFactTable
  repo_tag: RepoTagTable
  meta: MetaTable
}

export type Row<T extends keyof Schema> = Selectable<Schema[T]>
export type NewRow<T extends keyof Schema> = Insertable<Schema[T]>
