/** When each kind of statement may be said, as far as the state alone tells. */
import type { Life, Talk } from './folder-types.ts'
import type { StatementKind } from './statement.ts'

const openTalks: readonly Talk[] = ['proposed', 'countered', 'agreed', 'signing']
const runningLives: readonly Life[] = ['scheduled', 'active', 'suspended']

interface Rule {
  readonly talks?: readonly Talk[]
  readonly lives?: readonly Life[]
  /** Does a party speak, or the hub's clock? Either for those that are left out. */
  readonly by?: 'party' | 'clock'
  /** Must it be about exactly the bytes that are on the table? */
  readonly aboutCandidate?: true
}

/** When each kind may be said. */
export const rules: Partial<Record<StatementKind, Rule>> = {
  drafted: {
    talks: ['none', 'draft', 'rejected', 'withdrawn', 'lapsed'],
    lives: ['none', 'active', 'suspended', 'scheduled'],
    by: 'party',
  },
  proposed: { talks: ['draft'], by: 'party', aboutCandidate: true },
  countered: { talks: ['proposed', 'countered', 'agreed'], by: 'party' },
  agreed: { talks: ['proposed', 'countered'], by: 'party', aboutCandidate: true },
  rejected: { talks: openTalks, by: 'party' },
  withdrawn: { talks: ['draft', ...openTalks], by: 'party' },
  lapsed: { talks: openTalks, by: 'clock' },
  first_signed: { talks: ['agreed', 'signing'], by: 'party', aboutCandidate: true },
  signed: { talks: ['agreed', 'signing'], by: 'party', aboutCandidate: true },
  activated: { lives: ['scheduled'], by: 'clock' },
  suspended: { lives: ['active', 'scheduled'] },
  resumed: { lives: ['suspended'] },
  expired: { lives: runningLives, by: 'clock' },
  // By a party at once, or by time when a notice is over.
  terminated: { lives: runningLives },
  notice_given: { lives: runningLives, by: 'party' },
  rescinded: { lives: runningLives, by: 'party' },
  closed: { lives: ['closing'] },
  event_reported: { lives: ['active', 'suspended', 'closing'], by: 'party' },
  duty_opened: { lives: ['active', 'suspended', 'closing'], by: 'clock' },
  duty_fulfilled: { lives: ['active', 'suspended', 'closing'], by: 'party' },
  // By the other side, or by time: who says nothing against it for long has accepted it.
  duty_done: { lives: ['active', 'suspended', 'closing'] },
  duty_disputed: { lives: ['active', 'suspended', 'closing'], by: 'party' },
  // By the other side, or by time: what comes back while the agreement is in force ends with it.
  duty_waived: { lives: ['active', 'suspended', 'closing'] },
  duty_overdue: { lives: ['active', 'suspended', 'closing'], by: 'clock' },
  meter_notice: { by: 'clock' },
  usage_stated: { by: 'clock' },
  usage_disputed: { by: 'party' },
  usage_corrected: { by: 'party' },
  attestation_given: { by: 'party' },
  attestation_ended: { by: 'party' },
}
