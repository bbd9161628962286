/** Repos and their git objects. */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { AccountId, GroupId, RepoId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'

export type RepoType = 'model' | 'dataset' | 'space' | 'kernel'

export type Visibility = 'public' | 'internal' | 'private'

export interface RepoTable {
  id: RepoId
  type: RepoType
  owner_id: AccountId
  name: string
  name_key: string
  visibility: Visibility
  /** Stands above everybody's rights; who placed it and why is in the trail. */
  hold: HoldKind | null
  created_at_ms: number
  updated_at_ms: number
  /** Raised whenever access facts change: tickets minted under an older epoch are decided again. */
  policy_epoch: number
  downloads: number
  likes: number
  /** Content asks for an accepted request: given at once, or by a person. Null for no gate. */
  gate: GateKind | null
  /** Do members of the owning organisation who may only read need one too? */
  gate_covers_members: Flag
  /** By which template its owner agrees with organisations, where the gate opens by an agreement and by nothing else. */
  gate_template: string | null
  /** Resource group: within one, membership alone opens nothing. */
  group_id: GroupId | null
}

export type HoldKind = 'legal_hold' | 'takedown' | 'quarantine'

export type GateKind = 'auto' | 'manual'

/** repos: old `owner/name` keys that lead to a moved repo. */
export interface RepoAliasTable {
  type: RepoType
  path_key: string
  repo_id: RepoId
  created_at_ms: number
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
  /** JSON list of the formats of its files; null while nothing is known of them. */
  formats: string | null
}

export interface RepoTagTable {
  tag: string
  repo_id: RepoId
}

export interface ReposTables {
  repo: RepoTable
  repo_alias: RepoAliasTable
  git_object: GitObjectTable
  ref: RefTable
  repo_fact: RepoFactTable
  repo_tag: RepoTagTable
}
