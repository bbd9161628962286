/** Gates: who asked, and on which terms. */
import type { AccessRequestId, AccountId, AgreementId, RepoId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'

export type AccessState = 'pending' | 'accepted' | 'rejected'

/** access: a person's or an organisation's way through the gate of a repo. */
export interface AccessRequestTable {
  id: AccessRequestId
  repo_id: RepoId
  /** A user, or an organisation for all its members and service accounts. */
  subject_id: AccountId
  state: AccessState
  /** Given by a manager of the repo, not asked for. */
  is_grant: Flag
  asked_by: AccountId
  /** JSON object: answers to the gate's form. */
  fields: string
  /** The terms that were shown, in `gate_terms`. */
  terms_sha256: string | null
  created_at_ms: number
  reviewed_at_ms: number | null
  reviewed_by: AccountId | null
  reason: string | null
  expires_at_ms: number | null
  /**
   * Of a request at a gate that opens by an agreement: the organisation that agrees. Such a request says where that stands and
   * opens nothing.
   */
  for_org_id: AccountId | null
  /** The agreement it waits for, or came by. */
  agreement_id: AgreementId | null
}

/** access: texts that somebody accepted, by hash. */
export interface GateTermsTable {
  sha256: string
  body: string
  created_at_ms: number
}

export interface AccessTables {
  access_request: AccessRequestTable
  gate_terms: GateTermsTable
}
