/** What repos are made of, and what their licences come to. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import type { AccountId, AgreementId, LicenceOverrideId, RepoId } from '#core/kernel/ids.ts'

/** lineage: what a repo says it was made from. Kept when its repo is gone, for as long as others name it. */
export interface RepoLineageTable {
  child_id: RepoId
  /** In the order of the card. */
  position: number
  /** `card`, or `hub` for what the hub itself has copied. */
  origin: 'card' | 'hub'
  type: 'model' | 'dataset' | 'space' | 'kernel'
  /** As the card writes it. */
  name: string
  /** The repo of that name which its writer saw here; null for what is elsewhere. */
  parent_id: RepoId | null
  relation: string
  /** What the card says the licence of the parent is. */
  licence: string | null
  /** The card it was read from: its blob. */
  revision: GitOid | null
}

/** lineage: what was made of it. Kept like the lineage. */
export interface RepoLicenceTable {
  repo_id: RepoId
  owner_id: AccountId
  path: string
  /** The card that was read: its blob. */
  card_oid: GitOid | null
  /** JSON object: the keys of the card that matter. */
  stated: string
  /** As SPDX spells what the card says; null when it says nothing clear. */
  expression: string | null
  /** JSON: effective terms, findings, proposal. */
  terms: string
  findings: string
  proposal: string
  verdict: 'ok' | 'warn' | 'ask' | 'conflict' | 'unknown' | 'block'
  /** Why only its owner's people may read it, and from when on: later than now while a steward's decision holds. */
  stop: 'LICENSE_UNKNOWN' | 'LICENSE_CONFLICT' | null
  stop_from_ms: number
  /** Beside a violation: from when on what is not known stops as well; null where all is known. */
  unknown_from_ms: number | null
  /** ISO codes, comma-separated: organisations with a seat there do not get it under an agreement. */
  excludes: string | null
  table_version: string
  judged_at_ms: number
}

/** lineage: a steward's decision about findings. */
export interface LicenceOverrideTable {
  id: LicenceOverrideId
  repo_id: RepoId
  /** JSON list: keys of the findings it is about. */
  covers: string
  reason: string
  counsel: string | null
  by_id: AccountId | null
  created_at_ms: number
  expires_at_ms: number
  ended_at_ms: number | null
}

/** lineage: an agreement under which the owner got what the repo was made from. */
export interface RepoInheritsTable {
  repo_id: RepoId
  agreement_id: AgreementId
  parent_id: RepoId
}

export interface LineageTables {
  repo_lineage: RepoLineageTable
  repo_licence: RepoLicenceTable
  licence_override: LicenceOverrideTable
  repo_inherits: RepoInheritsTable
}
