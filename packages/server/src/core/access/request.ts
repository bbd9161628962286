/** A request as the rest of the hub sees it. */
import type { AccessState } from '#db/schema.ts'
import type { AccessRequestId, AccountId, AgreementId } from '../kernel/ids.ts'
import type { RequestRow } from './access.sql.ts'
import type { Answers } from './form.ts'

export interface AccessRequest {
  readonly id: AccessRequestId
  readonly state: AccessState
  /** Accepted once, and the time is over. */
  readonly isEnded: boolean
  /** Given by a manager of the repo, not asked for. */
  readonly isGrant: boolean
  readonly subject: {
    readonly id: AccountId
    readonly kind: 'user' | 'org'
    readonly name: string
    readonly fullName: string
    /** Of somebody who asked, and so chose to be known. */
    readonly email: string | undefined
  }
  readonly fields: Answers
  readonly termsSha256: string | undefined
  readonly createdAtMs: number
  readonly reviewedAtMs: number | undefined
  readonly reviewedBy:
    | { readonly id: AccountId; readonly name: string; readonly fullName: string }
    | undefined
  readonly reason: string | undefined
  readonly expiresAtMs: number | undefined
  /** At a gate that opens by an agreement: whose, and which, where there is one. */
  readonly agreeing:
    | { readonly organization: string; readonly agreement: AgreementId | undefined }
    | undefined
}

/** An acceptance ends by itself. */
export const isOver = (row: Pick<RequestRow, 'expires_at_ms'>, nowMs: number): boolean =>
  row.expires_at_ms !== null && row.expires_at_ms <= nowMs

export const describe = (row: RequestRow, nowMs: number): AccessRequest => ({
  id: row.id,
  state: row.state,
  isEnded: isOver(row, nowMs),
  isGrant: row.is_grant === 1,
  subject: {
    id: row.subject_id,
    kind: row.subject_kind,
    name: row.subject_name,
    fullName: row.subject_full_name,
    email: row.is_grant === 1 ? undefined : (row.subject_email ?? undefined),
  },
  // A cast because only this room writes the column.
  fields: JSON.parse(row.fields) as Answers,
  termsSha256: row.terms_sha256 ?? undefined,
  createdAtMs: row.created_at_ms,
  reviewedAtMs: row.reviewed_at_ms ?? undefined,
  reviewedBy:
    row.reviewed_by === null || row.reviewer_name === null
      ? undefined
      : {
          id: row.reviewed_by,
          name: row.reviewer_name,
          fullName: row.reviewer_full_name ?? row.reviewer_name,
        },
  reason: row.reason ?? undefined,
  expiresAtMs: row.expires_at_ms ?? undefined,
  agreeing:
    row.agreeing_name === null
      ? undefined
      : { organization: row.agreeing_name, agreement: row.agreement_id ?? undefined },
})
