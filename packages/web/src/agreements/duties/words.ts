/** Duties and counts in words: when something is due, what was shown, how full a count is. */
import { parseCertificate } from '@weighhouse/formats/agreement/certificate.ts'
import { plainName } from '../../parts/words.ts'
import { payloadIn } from '../payload.ts'
import type { Duty, Meter } from './data.ts'

export type When = 'overdue' | 'soon' | 'later' | 'undated' | 'answer' | 'settled'

export const whenWords: Readonly<Record<When, string>> = {
  overdue: 'Overdue',
  answer: 'To be looked at',
  soon: 'Due within 30 days',
  later: 'Later',
  undated: 'Without a date',
  settled: 'Settled',
}

const soonMs = 30 * 24 * 3_600_000

export const whenOf = ({ state, dueAt }: Pick<Duty, 'state' | 'dueAt'>, nowMs: number): When => {
  if (state === 'done' || state === 'waived') return 'settled'
  if (state === 'fulfilled') return 'answer'
  if (state === 'overdue') return 'overdue'
  if (dueAt === null) return 'undated'
  return Date.parse(dueAt) - nowMs <= soonMs ? 'soon' : 'later'
}

const dutyNames: Readonly<Record<string, string>> = {
  attribute: 'Name the model in publications',
  inform: 'Inform the other side',
  delete: 'Delete all copies',
  certifyDestruction: 'Certify that copies are deleted',
  reportUsage: 'Report use',
  reportIncident: 'Report an incident',
  passThroughRestrictions: 'Pass the restrictions on',
  includeLicenseText: 'Include the licence text',
  stateChanges: 'Say what was changed',
  returnDerivative: 'Give a derived model back',
  acceptAudit: 'Accept an audit',
  revalidate: 'Validate the model again',
}

export const dutyName = (name: string): string => dutyNames[name] ?? name

export const stateWords: Readonly<Record<Duty['state'], string>> = {
  open: 'Open',
  overdue: 'Overdue',
  fulfilled: 'Shown, not answered',
  done: 'Done',
  waived: 'Waived',
}

const operandNames: Readonly<Record<string, string>> = {
  callsPerCalendarMonth: 'Calls this month',
  tokensPerCalendarMonth: 'Tokens this month',
  downloadsTotal: 'Downloads in all',
  bytesTotal: 'Bytes downloaded in all',
  namedUsers: 'Named users',
}

export const operandName = (operand: string): string => operandNames[operand] ?? operand

export interface UsageLine {
  readonly project: string
  readonly operand: string
  readonly amount: number
}

/** What may be taken off when it was counted too high. */
export const isCorrectable = (
  line: UsageLine,
): line is UsageLine & { operand: 'downloadsTotal' | 'bytesTotal' } =>
  line.operand === 'downloadsTotal' || line.operand === 'bytesTotal'

export const lineWords = ({ project, operand }: UsageLine): string =>
  `${plainName(project)}, ${operandName(operand)
    .toLowerCase()
    .replace(/ in all$/, '')}`

/** Of a month as the hub has sealed it: JSON of its envelope. None where it cannot be read. */
export const usageLines = (envelope: string): readonly UsageLine[] => {
  try {
    // A cast because the hub has written and sealed it.
    return (payloadIn(JSON.parse(envelope)) as { lines: UsageLine[] }).lines
  } catch {
    return []
  }
}

/** The marks at which the hub gives notice. */
export const marks = [80, 95, 100] as const

/** Whole percents, rounded down: 100 only when nothing is left. */
export const percentOf = ({
  used,
  reserved,
  most,
}: Pick<Meter, 'used' | 'reserved' | 'most'>): number | undefined =>
  most === null
    ? undefined
    : most === 0
      ? 100
      : Math.min(100, Math.floor(((used + reserved) / most) * 100))

export const methods = [
  { value: 'deleted', label: 'Deleted' },
  { value: 'overwritten', label: 'Overwritten' },
  { value: 'cryptoErased', label: 'Their key was destroyed' },
  { value: 'mediaDestroyed', label: 'The media were destroyed' },
] as const

type Line = readonly [name: string, value: string]

const certificateLines = (envelope: unknown): Line[] => {
  const said = parseCertificate(payloadIn(envelope))
  const { deleted, places, method, deletedAt, person, remaining } = said
  const what = deleted.map(({ path, revisions }) =>
    revisions.length === 0 ? path : `${path} (${revisions.join(', ')})`,
  )
  return [
    ['Deleted', what.join(', ')],
    ['Where it was', places.join(', ')],
    ['How', methods.find(({ value }) => value === method)?.label ?? method],
    ['When', deletedAt.slice(0, 10)],
    ['Who answers for it', `${person.name}, ${person.title}`],
    ['What remains', remaining ?? 'Nothing'],
  ]
}

const evidenceNames: Readonly<Record<string, string>> = {
  text: 'What was done',
  link: 'Document',
  sha256: 'SHA-256 of a file',
}

/** The evidence that a party showed, for people: text, link, hash, or a certificate. */
export const evidenceLines = (evidence: string | null): readonly Line[] => {
  if (evidence === null) return []
  try {
    const read: unknown = JSON.parse(evidence)
    if (typeof read !== 'object' || read === null) return []
    return Object.entries(read).flatMap(([name, value]: [string, unknown]): readonly Line[] =>
      name === 'certificate'
        ? certificateLines(value)
        : [
            [
              evidenceNames[name] ?? name,
              typeof value === 'string' ? value : JSON.stringify(value),
            ],
          ],
    )
  } catch {
    return [['As it was sent', evidence]]
  }
}
