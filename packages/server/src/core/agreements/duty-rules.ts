/** From what happened to the statements that open duties: what each rule makes somebody owe. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import { debtorsOf, type Due, duesOf, isCutOff } from '@weighhouse/formats/terms/schedule.ts'
import type { Obligation } from '@weighhouse/formats/terms/terms.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, AgreementId, DutyId, IdMaker, RepoId } from '../kernel/ids.ts'
import type { Said, Step } from './chain.ts'
import type { Series } from './duties.sql.ts'
import { derivativeCause } from './duty-terms.ts'
import * as sql from './duties.sql.ts'

const dayMs = 24 * 3_600_000

/** Days from the due date at which a debtor is reminded. */
const reminders = [-14, -3, 0, 7]

/** The next time to remind somebody, after the given one. */
export const nextReminder = (dueMs: number | null, afterMs: number): number | null => {
  if (dueMs === null) return null
  return reminders.map((days) => dueMs + days * dayMs).find((atMs) => atMs > afterMs) ?? null
}

const shownTime = (atMs: number): string => new Date(atMs).toISOString()

/** What set a series going, as duties name it. */
const causes = { activation: 'activation', end: 'end' } as const

/** When the agreement began, when the version in force was signed, and when it ended. */
export interface Milestones {
  readonly activatedMs: number | undefined
  readonly signedMs: number | undefined
  readonly endedMs: number | undefined
}

/** What was made of what came under the agreement. */
export interface Derivative {
  readonly repo: RepoId
  /** The party that got what it was made of. */
  readonly taker: AccountId
  /** When it was pushed, however late the hub looks at it. */
  readonly atMs: number
}

/** What is known to have set series going, or to do it now. */
export interface Happened {
  readonly known: readonly Series[]
  readonly derivatives: readonly Derivative[]
}

export const hasDerivativeRules = ({ terms }: AgreementBody): boolean =>
  terms.obligations.some(({ trigger }) => trigger === 'derivative')

/** What set the series going, as duties name it: an id, since the other side need not see the repo. */
const causeOf = ({ repo }: Derivative): string => `${derivativeCause}${repo}`

interface Opening {
  readonly rule: Obligation
  readonly debtor: AccountId
  readonly cause: string
  readonly startMs: number
  readonly due: Due
}

export interface RuleDeps {
  readonly ids: IdMaker
  readonly nowMs: number
}

/** One duty as a statement, and its row in the same transaction. */
export const openingStep = (
  { folder, body }: { folder: Folder; body: AgreementBody },
  { rule, debtor, cause, startMs, due }: Opening,
  { ids, nowMs }: RuleDeps,
): Step => {
  const id = ids<DutyId>()
  const dueMs = due.dueMs ?? null
  const said: Said = {
    kind: 'duty_opened',
    org: null,
    actor: null,
    data: {
      subject: id,
      version: body.version,
      ...(dueMs === null ? {} : { until: shownTime(dueMs) }),
      details: { rule: rule.id, name: rule.name, debtor, round: due.round, cause },
    },
  }
  return {
    said,
    beside: ({ q }, next) =>
      sql.insertDuty(q, {
        id,
        // A cast because ids travel as text in folders.
        agreement_id: folder.agreement as AgreementId,
        version: body.version,
        rule: rule.id,
        name: rule.name,
        debtor_id: debtor,
        cause,
        round: due.round,
        start_ms: startMs,
        opened_ms: due.opensMs,
        due_ms: dueMs,
        suspends: rule.whenOverdue === 'suspend' ? 1 : 0,
        state: 'open',
        evidence: null,
        fulfilled_ms: null,
        reason: null,
        by_id: null,
        tell_ms: nextReminder(dueMs, nowMs),
        updated_at_ms: next.atMs,
      }),
  }
}

interface Running extends Pick<Series, 'cause' | 'rounds'> {
  readonly rule: Obligation
  readonly debtor: AccountId
  readonly startMs: number
}

/** What sets series of a rule going, and for whom. */
const beginnings = (
  rule: Obligation,
  { parties }: AgreementBody,
  { activatedMs, signedMs, endedMs }: Milestones,
  derivatives: readonly Derivative[],
): readonly Pick<Running, 'cause' | 'startMs' | 'debtor'>[] => {
  if (activatedMs === undefined) return []
  // A rule that an amendment brought begins with it, not in the past.
  const sinceMs = Math.max(activatedMs, signedMs ?? 0)
  // A cast because bodies hold ids as text.
  const debtors = debtorsOf(rule, parties).map(({ org }) => org as AccountId)
  const ofAll = (cause: string, startMs: number) =>
    debtors.map((debtor) => ({ debtor, cause, startMs }))
  switch (rule.trigger) {
    case 'activation':
      return endedMs === undefined ? ofAll(causes.activation, sinceMs) : []
    case 'agreementEnd':
      return endedMs === undefined ? [] : ofAll(causes.end, endedMs)
    case 'derivative':
      return derivatives
        .filter(({ taker }) => debtors.includes(taker))
        .map((one) => ({
          debtor: one.taker,
          cause: causeOf(one),
          startMs: Math.max(one.atMs, sinceMs),
        }))
    default:
      return []
  }
}

/** What may have something to open: series that run, and those that the agreement's beginning, a new version, a derivative or its end set going. */
const runningSeries = (
  body: AgreementBody,
  { known, derivatives }: Happened,
  milestones: Milestones,
): readonly Running[] =>
  body.terms.obligations.flatMap((rule) => {
    const series = known.filter((one) => one.rule === rule.id)
    const goesOn = series.map(
      ({ cause, rounds, start_ms: startMs, debtor_id: debtor }): Running => ({
        rule,
        cause,
        rounds,
        startMs,
        debtor,
      }),
    )
    const begun = new Set(series.map(({ debtor_id: debtor, cause }) => `${debtor} ${cause}`))
    const fresh = beginnings(rule, body, milestones, derivatives)
      .filter(({ debtor, cause }) => !begun.has(`${debtor} ${cause}`))
      .map((one): Running => ({ ...one, rule, rounds: 0 }))
    return [...goesOn, ...fresh]
  })

/** What its rules open now, and when to look again; undefined when nothing can come by itself. */
export const openingsOf = (
  body: AgreementBody,
  happened: Happened,
  milestones: Milestones,
  nowMs: number,
): { readonly openings: readonly Opening[]; readonly nextMs: number | undefined } => {
  const { endedMs } = milestones
  const found = runningSeries(body, happened, milestones).map((one) => {
    const { rule, rounds, startMs } = one
    const course = { startMs, endMs: rule.trigger === 'agreementEnd' ? undefined : endedMs, nowMs }
    const { dues, nextMs } = duesOf(rule, body.timezone, { ...course, roundsBefore: rounds })
    return { openings: dues.map((due): Opening => ({ ...one, due })), nextMs }
  })
  const times = found.flatMap(({ nextMs }) => nextMs ?? [])
  return {
    openings: found.flatMap(({ openings }) => openings),
    nextMs: times.length === 0 ? undefined : Math.min(...times),
  }
}

/** Rounds that the end of the agreement cut off: nobody owes them any more. */
export const cutOffs = (
  body: AgreementBody,
  open: readonly Row<'agreement_duty'>[],
  endedMs: number,
): readonly Row<'agreement_duty'>[] =>
  open.filter(({ rule: id, start_ms: startMs, round }) => {
    const rule = body.terms.obligations.find((one) => one.id === id)
    return rule !== undefined && isCutOff(rule, body.timezone, { startMs, round, endMs: endedMs })
  })

/** What something that a party reported makes those owe to whom it happened. */
export const openingsOfEvent = (
  body: AgreementBody,
  {
    trigger,
    about,
    atMs,
    cause,
  }: { trigger: string; about: AccountId; atMs: number; cause: string },
  nowMs: number,
): readonly Opening[] =>
  body.terms.obligations
    .filter((rule) => rule.trigger === trigger)
    .filter((rule) => debtorsOf(rule, body.parties).some(({ org }) => org === about))
    .flatMap((rule) => {
      const course = { startMs: atMs, endMs: undefined, nowMs }
      return duesOf(rule, body.timezone, course).dues.map((due): Opening => ({
        rule,
        debtor: about,
        cause,
        startMs: atMs,
        due,
      }))
    })
