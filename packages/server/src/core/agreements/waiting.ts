/** What waits for one person, in all organisations that they administer: for the page they arrive at. */
import { type Act, sayableBy } from '@weighhouse/formats/agreement/sayable.ts'
import type { AgreementId } from '../kernel/ids.ts'
import type { AccountPermit } from '../policy/index.ts'
import { folderOf } from './chain.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './waiting.sql.ts'

export interface AgreementWaits {
  readonly id: AgreementId
  readonly title: string
  readonly org: string
  /** The other parties. */
  readonly others: readonly string[]
  /** What the organisation could say. */
  readonly may: readonly Act[]
  readonly sinceMs: number
}

export interface DutyWaits {
  /** Of its agreement. */
  readonly id: AgreementId
  readonly title: string
  readonly org: string
  readonly name: string
  /** Shown by its debtor, for the organisation to answer; else the organisation owes it. */
  readonly isToAnswer: boolean
  readonly isOverdue: boolean
  readonly dueMs: number | undefined
}

export interface Waiting {
  /** Agreements newest first, duties by date; up to a limit of each. */
  waiting(
    permit: AccountPermit,
  ): Promise<{ agreements: readonly AgreementWaits[]; duties: readonly DutyWaits[] }>
}

const shownMax = 50
const soonMs = 30 * 24 * 3_600_000

const toAgreement = (row: sql.WaitingAgreement): AgreementWaits => {
  const folder = folderOf(row)
  return {
    id: row.id,
    title: row.title,
    org: row.org_name,
    others: folder.parties.filter(({ org }) => org !== row.org_id).map(({ name }) => name),
    may: sayableBy(folder, row.org_id),
    sinceMs: row.updated_at_ms,
  }
}

/** What has no date comes last. */
const byDate = (one: sql.WaitingDuty, other: sql.WaitingDuty): number => {
  const [oneMs, otherMs] = [one.due_ms ?? Infinity, other.due_ms ?? Infinity]
  return oneMs === otherMs ? 0 : oneMs - otherMs
}

const toDuty = (row: sql.WaitingDuty): DutyWaits => ({
  id: row.agreement_id,
  title: row.title,
  org: row.org_name,
  name: row.name,
  isToAnswer: row.state === 'fulfilled',
  isOverdue: row.state === 'overdue',
  dueMs: row.due_ms ?? undefined,
})

export const makeWaiting = ({ db, clock }: Pick<AgreementsDeps, 'db' | 'clock'>): Waiting => ({
  async waiting({ own }) {
    const waiter = { accountId: own, nowMs: clock.nowMs() }
    const soon = { beforeMs: waiter.nowMs + soonMs, limit: shownMax }
    const agreements = await sql.waitingAgreements(db.read, waiter, shownMax)
    const owed = await sql.waitingDuties(db.read, waiter, soon)
    const shown = await sql.waitingAnswers(db.read, waiter, shownMax)
    const duties = [...owed, ...shown].toSorted(byDate).slice(0, shownMax)
    return { agreements: agreements.map(toAgreement), duties: duties.map(toDuty) }
  },
})
