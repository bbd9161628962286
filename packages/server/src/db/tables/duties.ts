/** What is owed, counted and attested under agreements. */
import type { AccountId, AgreementId, AttestationId, DutyId, RepoId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'

/** agreements: what a party owes, opened by a rule and by something that happened. */
export interface AgreementDutyTable {
  id: DutyId
  agreement_id: AgreementId
  /** The body that holds the rule. */
  version: number
  rule: string
  name: string
  debtor_id: AccountId
  /** What opened it: unique with the rule and the debtor. */
  cause: string
  /** From 1, of what comes back; counted from `start_ms`. */
  round: number
  start_ms: number
  opened_ms: number
  /** The first instant that is too late; null for what has no date. */
  due_ms: number | null
  /** Is the agreement suspended while it is late? */
  suspends: Flag
  state: DutyState
  /** JSON: what its debtor showed last. */
  evidence: string | null
  fulfilled_ms: number | null
  /** What was said last, by the other side. */
  reason: string | null
  by_id: AccountId | null
  /** When its debtor is reminded next. */
  tell_ms: number | null
  updated_at_ms: number
}

/** agreements: a repo that was made of what came under it. */
export interface AgreementDerivativeTable {
  agreement_id: AgreementId
  repo_id: RepoId
  /** The party that got what it was made of, and owes what follows. */
  taker_id: AccountId
  at_ms: number
}

/** agreements: what an organisation has used of what its terms count. */
export interface AgreementMeterTable {
  agreement_id: AgreementId
  org_id: AccountId
  operand: string
  /** `all`, or a month of the agreement's time zone such as `2026-01`. */
  period: string
  used: number
  /** By what runs at this moment. */
  reserved: number
  /** Grows with each change: who counts on a number finds out that it is another. */
  version: number
}

/** agreements: one use that is under way or was counted, by a key that makes it the same use again. */
export interface AgreementUseTable {
  agreement_id: AgreementId
  use_key: string
  org_id: AccountId
  account_id: AccountId
  project: string
  /** JSON: amounts by operand and period. */
  amounts: string
  state: 'reserved' | 'counted' | 'released'
  at_ms: number
  /** When a use that never ended is given back, and when its key is forgotten. */
  expires_ms: number
}

/** agreements: what a party says of its people or projects, with a document behind it. */
export interface AgreementAttestationTable {
  id: AttestationId
  agreement_id: AgreementId
  org_id: AccountId
  kind: 'userTraining' | 'ethicsApproval'
  word: string
  subject_kind: 'org' | 'user' | 'project'
  /** An account, or the name of a project. */
  subject_id: string
  link: string | null
  sha256: string | null
  to_ms: number | null
  ended_at_ms: number | null
  created_at_ms: number
}

/** agreements: what was used in a month of the agreement's time zone, by project. */
export interface AgreementUsageTable {
  agreement_id: AgreementId
  org_id: AccountId
  month: string
  project: string
  operand: string
  amount: number
}

/** agreements: what the hub stated of a month. */
export interface AgreementUsageStatementTable {
  agreement_id: AgreementId
  org_id: AccountId
  month: string
  sha256: string
  /** DSSE, JSON. */
  envelope: string
  disputed: string | null
  at_ms: number
}

export type DutyState = 'open' | 'overdue' | 'fulfilled' | 'done' | 'waived'

export interface DutiesTables {
  agreement_derivative: AgreementDerivativeTable
  agreement_duty: AgreementDutyTable
  agreement_attestation: AgreementAttestationTable
  agreement_meter: AgreementMeterTable
  agreement_usage: AgreementUsageTable
  agreement_usage_statement: AgreementUsageStatementTable
  agreement_use: AgreementUseTable
}
