/** Agreements in words: what a state means, what comes next and for whom, what a statement says. */
import type { AgreementBody, Clause } from '@weighhouse/formats/agreement/body.ts'
import { overStates } from '@weighhouse/formats/agreement/phase.ts'
import type { Statement, StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import { dayWords, plural } from '../parts/words.ts'
import type { Agreement, Phase } from './data.ts'

export const phases: readonly { readonly value: Phase; readonly label: string }[] = [
  { value: 'needs', label: 'Needs you' },
  { value: 'talk', label: 'In talk' },
  { value: 'force', label: 'In force' },
  { value: 'ended', label: 'Ended' },
]

type Told = Pick<Agreement, 'state' | 'talk' | 'may' | 'parties' | 'candidate' | 'to'>

/** Life without an end has begun, and nobody has written a text yet. */
const isBare = ({ state, candidate }: Told): boolean => state === 'draft' && candidate === null

export const othersOf = ({ parties }: Pick<Agreement, 'parties'>, org: string): string[] =>
  parties.filter(({ name }) => name.toLowerCase() !== org.toLowerCase()).map(({ name }) => name)

const waitWords: Readonly<Record<string, string>> = {
  proposed: 'to answer the offer',
  countered: 'to answer the counter-offer',
  agreed: 'to sign',
  signing: 'to sign',
}

/** One sentence for a row. */
export const nextStep = (one: Told, org: string): string => {
  const others = othersOf(one, org).join(', ')
  if (isBare(one)) return 'Write the text.'
  if (one.may.includes('signed')) return 'Sign it.'
  if (one.may.includes('agreed'))
    return `Answer ${one.talk === 'countered' ? 'the counter-offer' : 'the offer'} of ${others}.`
  if (one.may.includes('proposed')) return `Propose it to ${others}.`
  if (one.talk === 'draft' && one.candidate !== null) return 'Another version is being written.'
  const wait = waitWords[one.talk]
  if (wait !== undefined && !overStates.has(one.state)) return `Wait for ${others} ${wait}.`
  return lifeWords(one)
}

const lifeWords = ({ state, to }: Told): string => {
  if (state === 'active')
    return to === null
      ? 'Nothing. It has no end.'
      : `Nothing until it ends on ${dayWords(Date.parse(to))}.`
  if (state === 'scheduled') return 'Wait for its first day.'
  if (state === 'suspended') return 'Nobody has access until it is resumed.'
  return 'Nothing.'
}

const states: Readonly<Record<string, string>> = {
  draft: 'Draft',
  proposed: 'Proposed',
  countered: 'Countered',
  agreed: 'Agreed',
  signing: 'Being signed',
  scheduled: 'Signed',
  active: 'Active',
  suspended: 'Suspended',
  closing: 'Ending',
  closed: 'Closed',
  expired: 'Expired',
  terminated: 'Ended early',
  rescinded: 'Undone',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  lapsed: 'Lapsed',
}

export const stateWords = (state: string): string => states[state] ?? state

export interface Step {
  readonly label: string
  readonly state: 'done' | 'now' | 'next'
  readonly at: string | undefined
}

/** The first talk about it, or the newest, as a line of stations. */
export const stepsOf = (
  one: Pick<Agreement, 'state' | 'talk' | 'candidate' | 'parties' | 'from' | 'inForce'>,
  statements: readonly Pick<Statement, 'kind' | 'at'>[],
): Step[] => {
  const last = (...kinds: StatementKind[]): string | undefined =>
    statements.findLast(({ kind }) => kinds.includes(kind))?.at
  const isTalk = one.candidate !== null
  const order = ['draft', 'proposed', 'countered', 'agreed', 'signing', 'active']
  const now =
    isTalk || one.inForce === null ? order.indexOf(one.talk === 'none' ? 'draft' : one.talk) : 5
  const signed = one.candidate?.signedBy.length ?? 0
  const wasCountered = statements.some(({ kind }) => kind === 'countered')
  const all: readonly { label: string; at: string | undefined }[] = [
    { label: 'Draft', at: last('drafted') },
    { label: 'Proposed', at: last('proposed') },
    { label: 'Countered', at: last('countered') },
    { label: 'Agreed', at: now >= 3 ? last('agreed') : undefined },
    {
      label: now === 5 ? 'Signed' : `Signed ${signed} of ${one.parties.length}`,
      at: now >= 4 ? last('signed') : undefined,
    },
    {
      label: now === 5 ? stateWords(one.state) : 'Active',
      at: now === 5 ? last('activated') : undefined,
    },
  ]
  return all.flatMap(({ label, at }, i): Step[] => {
    if (i === 2 && !wasCountered && now !== 2 && now > 1) return []
    const isSettled = i === 5 && one.state !== 'scheduled'
    const state = i < now || (i === now && isSettled) ? 'done' : i === now ? 'now' : 'next'
    return [{ label, at, state }]
  })
}

const statementWords: Readonly<Record<StatementKind, string>> = {
  created: 'began it',
  drafted: 'wrote',
  proposed: 'proposed',
  countered: 'countered with',
  agreed: 'agreed to',
  rejected: 'rejected it',
  withdrawn: 'withdrew it',
  lapsed: 'The offer lapsed.',
  first_signed: 'was the first of two to sign',
  signed: 'signed',
  activated: 'It came into force.',
  suspended: 'suspended it',
  resumed: 'resumed it',
  expired: 'It expired.',
  terminated: 'ended it early',
  rescinded: 'asked to undo it',
  notice_given: 'gave notice to end it',
  closed: 'It is closed.',
  grant_given: 'gave somebody access',
  grant_ended: 'ended somebody’s access',
  assent_given: 'accepted the use policy',
  precondition_done: 'noted that a condition is met',
  event_reported: 'reported that something happened',
  duty_opened: 'A duty began.',
  duty_fulfilled: 'showed that a duty is done',
  duty_done: 'was content with it',
  duty_disputed: 'disputed it',
  duty_waived: 'waived a duty',
  duty_overdue: 'A duty is overdue.',
  meter_notice: 'A count came near its limit.',
  usage_stated: 'The use of a month was stated.',
  usage_disputed: 'disputed the use of a month',
  usage_corrected: 'corrected the use of a month',
  attestation_given: 'attested something of its people',
  attestation_ended: 'ended an attestation',
}

/** `lab proposed version 2` */
export const statementText = (
  { kind, org, data }: Pick<Statement, 'kind' | 'org' | 'data'>,
  nameOf: (org: string) => string,
): string => {
  const words = statementWords[kind] ?? kind.replaceAll('_', ' ')
  const about = data.version === undefined ? '' : ` version ${data.version}`
  const said = org === null ? words : `${nameOf(org)} ${words}${about}`
  return org === null && kind === 'suspended' ? 'The hub suspended it.' : said
}

export type Strength = Clause['strength']
export type Strengths = Readonly<Record<Strength, number>>

export const strengthsOf = (clauses: readonly Pick<Clause, 'strength'>[]): Strengths => {
  const count = (strength: Strength): number =>
    clauses.filter((one) => one.strength === strength).length
  return { E: count('E'), M: count('M'), A: count('A'), N: count('N') }
}

/** `7 enforced by the hub, 3 metered, 4 attested, 2 text only` */
export const strengthWords = ({ E, M, A, N }: Strengths): string => {
  const parts = [
    [E, 'enforced by the hub'],
    [M, 'metered'],
    [A, 'attested'],
    [N, 'text only'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return said.length === 0 ? 'no clauses' : said.join(', ')
}

/** How a clause is checked: the sentence beneath it. */
export const checkWords: Readonly<Record<Strength, string>> = {
  E: 'The hub refuses otherwise.',
  M: 'The hub counts it and reports.',
  A: 'Somebody answers for it. The hub cannot see what they do.',
  N: 'Between the parties alone.',
}

/** A hash in groups of four, to be compared by eye or by telephone. */
export const hashGroups = (hash: string): string[] => hash.match(/.{1,4}/g) ?? []

export const aboutWords = ({ scope }: Pick<AgreementBody, 'scope'>): string => {
  const [first, ...others] = scope.repos.map(({ path }) => path)
  return others.length === 0 ? (first ?? '') : `${first} and ${plural(others.length, 'other')}`
}

export const roleWords: Readonly<Record<string, string>> = {
  provider: 'gives',
  consumer: 'receives',
  member: 'gives and receives',
  coordinator: 'coordinates',
}
