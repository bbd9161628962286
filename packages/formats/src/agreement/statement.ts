/**
 * Statements about an agreement: what was done, by whom, for which party, each naming the hash of the one before. All parties hold the same
 * chain, and anybody can check it. The form is version 1 and does not change; documented in `docs/reference/agreement-chain.md`.
 */
import { FormatError } from '../error.ts'
import { canonicalBytes } from '../json/canonical.ts'

/** DSSE payload type of what is agreed. */
export const agreementType = 'application/vnd.weighhouse.agreement.v1+json'
/** DSSE payload type of what happened to it: one never passes for the other. */
export const statementType = 'application/vnd.weighhouse.agreement-event.v1+json'
/** DSSE payload type of what was used in a month. */
export const usageType = 'application/vnd.weighhouse.usage-statement.v1+json'

const statementKinds = [
  'created',
  'drafted',
  'proposed',
  'countered',
  'agreed',
  'rejected',
  'withdrawn',
  'lapsed',
  'first_signed',
  'signed',
  'activated',
  'suspended',
  'resumed',
  'expired',
  'terminated',
  'rescinded',
  'closed',
  // Those below change nothing of the state.
  'grant_given',
  'grant_ended',
  'assent_given',
  'precondition_done',
  'event_reported',
  'duty_opened',
  'duty_fulfilled',
  'duty_done',
  'duty_disputed',
  'duty_waived',
  'duty_overdue',
  'meter_notice',
  'usage_stated',
  'usage_disputed',
  'usage_corrected',
  'attestation_given',
  'attestation_ended',
  'notice_given',
] as const
export type StatementKind = (typeof statementKinds)[number]

export type PartyRole = 'provider' | 'consumer' | 'member' | 'coordinator'

/** What a statement of each kind says beside who and when. */
export interface StatementData {
  readonly parties?: readonly {
    readonly org: string
    readonly name: string
    readonly role: PartyRole
  }[]
  /** Which version of the body is spoken of, and the SHA-256 of its canonical JSON. */
  readonly version?: number
  readonly sha256?: string
  readonly reason?: string
  readonly code?: string
  readonly until?: string
  readonly keyid?: string
  readonly sig?: string
  /** The record of a person's assent, as canonical JSON. */
  readonly assent?: string
  /** What shows that a duty was done, as canonical JSON. */
  readonly evidence?: string
  readonly subject?: string
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

export interface Statement {
  readonly format: 'weighhouse.agreement-event.v1'
  readonly agreement: string
  /** From 1, without gaps. */
  readonly seq: number
  /** SHA-256, hex, of the canonical JSON of the statement before; null for the first. */
  readonly prev: string | null
  /** UTC with milliseconds. */
  readonly at: string
  readonly kind: StatementKind
  /** The party that speaks; null for the hub's own clock. */
  readonly org: string | null
  /** The person who acted for it. */
  readonly actor: { readonly id: string; readonly name: string } | null
  readonly data: StatementData
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** SHA-256 of the canonical JSON, hex. */
export const hashOf = async (value: unknown): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', canonicalBytes(value))))

const hashForm = /^[0-9a-f]{64}$/
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** Throws FormatError for what is no statement. What `data` holds is looked at where it counts. */
export const parseStatement = (value: unknown): Statement => {
  // A cast because each member is looked at below.
  const found = (value ?? {}) as Partial<Record<keyof Statement, unknown>>
  const isSound =
    found.format === 'weighhouse.agreement-event.v1' &&
    typeof found.agreement === 'string' &&
    Number.isSafeInteger(found.seq) &&
    (found.prev === null || (typeof found.prev === 'string' && hashForm.test(found.prev))) &&
    typeof found.at === 'string' &&
    instantForm.test(found.at) &&
    statementKinds.some((kind) => kind === found.kind) &&
    (found.org === null || typeof found.org === 'string') &&
    (found.actor === null || typeof found.actor === 'object') &&
    typeof found.data === 'object' &&
    found.data !== null
  if (isSound) return found as Statement
  const shown = JSON.stringify(value)?.slice(0, 100) ?? 'nothing'
  throw new FormatError(
    `statement: expected the form weighhouse.agreement-event.v1, found ${shown}`,
  )
}
