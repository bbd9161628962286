/** Duties as others see them, and who owes and is owed them. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Trigger } from '@weighhouse/formats/terms/vocabulary.ts'
import type { DutyState, Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { AccountId, AgreementId, DutyId, RepoId } from '../kernel/ids.ts'
import type { Step } from './chain.ts'
import type { Expectation } from './commands.ts'
import type { EvidenceWish } from './duty-evidence.ts'
import type { LookPermit, OrgPermit } from './index.ts'

export interface Duty {
  readonly id: DutyId
  readonly agreement: AgreementId
  readonly rule: string
  readonly name: string
  readonly debtor: AccountId
  /** `activation`, `end`, `event:` and the number of the statement that reported it, `derivative:` and the id of the repo. */
  readonly cause: string
  /** What a duty for a derivative is about; its debtor sees it, others may not. */
  readonly derivative: RepoId | undefined
  readonly round: number
  readonly openedMs: number
  readonly dueMs: number | undefined
  readonly suspends: boolean
  readonly state: DutyState
  /** Canonical JSON of what was shown last. */
  readonly evidence: string | undefined
  readonly reason: string | undefined
  readonly updatedAtMs: number
}

export interface EventWish {
  readonly event: Trigger
  /** The party it happened to, by name; who reports it where nothing is said. */
  readonly about?: string
  /** In the past; for what happened to oneself. */
  readonly atMs?: number
  readonly text: string
}

/** Which duty of which agreement. */
export interface DutyName {
  readonly agreement: AgreementId
  readonly duty: DutyId
}

export interface Duties {
  /** In order of opening. Errors: `entry_not_found`. */
  duties(
    permit: LookPermit,
    id: AgreementId,
    page: { after: string; limit: number },
  ): Promise<Duty[]>
  /** What an organisation owes and is owed, by date; `after` is the `<due>:<id>` of the last one seen. */
  calendar(
    permit: LookPermit,
    range: { fromMs: number; toMs: number; after: string; limit: number },
  ): Promise<(Duty & { title: string })[]>
  /** Tells the others that something happened; duties that follow from it begin. Errors: `invalid`, `conflict`, `entry_not_found`. */
  report(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    wish: EventWish,
    at?: Expectation,
  ): Promise<void>
  /** Shows what was done. Errors: `entry_not_found`, `permission_denied` for others than the debtor, `invalid`, `conflict`. */
  fulfil(
    ctx: Ctx,
    permit: OrgPermit,
    name: DutyName,
    wish: EvidenceWish,
    at?: Expectation,
  ): Promise<void>
  /** The other side is content. Errors: `entry_not_found`, `permission_denied`, `conflict`. */
  acceptEvidence(ctx: Ctx, permit: OrgPermit, name: DutyName, at?: Expectation): Promise<void>
  /** The other side is not: it is owed again. Errors: as `acceptEvidence`, and `invalid`. */
  disputeEvidence(
    ctx: Ctx,
    permit: OrgPermit,
    name: DutyName,
    reason: string,
    at?: Expectation,
  ): Promise<void>
  /** The other side lets it be. Errors: as `disputeEvidence`. */
  waive(
    ctx: Ctx,
    permit: OrgPermit,
    name: DutyName,
    reason: string,
    at?: Expectation,
  ): Promise<void>
}

/** Before the id of the repo. */
export const derivativeCause = 'derivative:'

export const toDuty = (row: Row<'agreement_duty'>): Duty => ({
  id: row.id,
  agreement: row.agreement_id,
  rule: row.rule,
  name: row.name,
  debtor: row.debtor_id,
  cause: row.cause,
  derivative: row.cause.startsWith(derivativeCause)
    ? // A cast because only `derivatives.ts` writes these causes.
      (row.cause.slice(derivativeCause.length) as RepoId)
    : undefined,
  round: row.round,
  openedMs: row.opened_ms,
  dueMs: row.due_ms ?? undefined,
  suspends: row.suspends === 1,
  state: row.state,
  evidence: row.evidence ?? undefined,
  reason: row.reason ?? undefined,
  updatedAtMs: row.updated_at_ms,
})

/** Is somebody owed it: a party on the other side of the rule? A member of a consortium owes it to the other members. */
export const isCreditor = (
  folder: Folder,
  { org, debtor, side }: { org: string; debtor: string; side: 'provider' | 'consumer' },
): boolean =>
  org !== debtor &&
  folder.parties.some(
    (party) => party.org === org && (party.role === 'member' || party.role !== side),
  )

/** When the last duty that suspended it is no longer late, it goes on. */
export const resumeStep = (
  folder: Folder,
  late: readonly Row<'agreement_duty'>[],
  settled: DutyId,
): readonly Step[] => {
  const isHubs = folder.life === 'suspended' && folder.suspendedBy === null
  const others = late.filter(({ id, suspends }) => id !== settled && suspends === 1)
  if (!isHubs || others.length > 0) return []
  const data = { code: 'duty_overdue', subject: settled, reason: 'The duty is no longer late.' }
  return [{ said: { kind: 'resumed', org: null, actor: null, data } }]
}
