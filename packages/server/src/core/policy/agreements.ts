/** What agreements say of one request: pure, from facts. The first that permits is enough; of refusals the nearest to a yes is told. */
import type { AgreementBody, Clause } from '@weighhouse/formats/agreement/body.ts'
import type { TermsCode, TermsVerdict } from '@weighhouse/formats/terms/evaluate.ts'
import type { Action } from '@weighhouse/formats/terms/vocabulary.ts'
import { constraintWords } from '@weighhouse/formats/terms/words.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { type AgreementDenial, denialOf, orgIn } from './agreement-denials.ts'
import type { Life } from './agreements.sql.ts'
import { verdictOf } from './asked-of-terms.ts'

/** Reasons of agreements, as clients and scripts may rely on them: they do not change. */
export type AgreementReason = TermsCode | 'SUSPENDED' | 'TERMINATED' | 'RESCINDED' | 'GRANT_MISSING'

export interface AgreementGrantFacts {
  readonly project: string
  readonly purposes: readonly string[]
  readonly environment: string | undefined
}

export interface Attested {
  readonly kind: 'userTraining' | 'ethicsApproval'
  readonly word: string
  /** For this project alone. */
  readonly project: string | undefined
  readonly isOver: boolean
}

/** For whom it is counted. */
export interface Metered {
  readonly orgId: AccountId
  readonly project: string
}

/** What is counted of an organisation's use, in all. */
export interface Counts {
  readonly downloadsTotal: number
  readonly bytesTotal: number
}

export interface Span {
  readonly startMs: number
  readonly endMs: number | undefined
}

export const spanOf = ({ from, to }: Pick<AgreementBody, 'from' | 'to'>): Span => ({
  startMs: Date.parse(from),
  endMs: to === null ? undefined : Date.parse(to),
})

/** Who paused or ended it, when, and why. */
export interface LastWord {
  /** Undefined for the hub itself, and for the clock. */
  readonly by: string | undefined
  readonly atMs: number
  /** One line of bounded length. */
  readonly reason: string | undefined
}

/** One agreement that gives something to an organisation of the actor. */
export interface AgreementFacts {
  readonly id: AgreementId
  readonly title: string
  readonly life: Life
  readonly state: string
  readonly body: Pick<AgreementBody, 'version' | 'parties' | 'clauses' | 'terms' | 'from' | 'to'>
  /** The body's first and last instant; the last is none where it is open. */
  readonly span: Span
  /** When notice is over that was given. */
  readonly noticeMs?: number | undefined
  /** Of an agreement that is paused or ended; found only where a refusal rests on it. */
  readonly lastWord?: LastWord | undefined
  /** The organisation it gives to. */
  readonly orgId: string
  readonly orgType: string | undefined
  /** By which the actor is let use it. */
  readonly grants: readonly AgreementGrantFacts[]
  readonly hasAccepted: boolean
  readonly done: ReadonlySet<string>
  /** People whom the organisation lets use it; undefined where the terms do not ask. */
  readonly namedUsers: number | undefined
  /** What its organisation attests of the actor, or of one project; undefined where the terms do not ask. */
  readonly attested: readonly Attested[] | undefined
  /** What was used, with what is asked for now; undefined where the terms do not count. */
  readonly counted: Counts | undefined
  /** Never before what was said last: a clock that is set back gives nobody more time. */
  readonly nowMs: number
  readonly ip: string | undefined
}

export type AgreementAnswer =
  | {
      readonly allowed: true
      readonly agreement: AgreementId
      readonly title: string
      /** The asker's organisation, as the text has its name. */
      readonly org: string | undefined
      readonly untilMs: number | undefined
      /** Where its terms count what is used. */
      readonly metered?: Metered
    }
  | { readonly allowed: false; readonly denial: AgreementDenial }

const denied = (...about: Parameters<typeof denialOf>): AgreementAnswer => ({
  allowed: false,
  denial: denialOf(...about),
})

const clauseOf = ({ body }: AgreementFacts, verdict: TermsVerdict): Clause | undefined =>
  body.clauses.find(({ id }) => id === verdict.rule?.clause)

const fromVerdict = (facts: AgreementFacts, verdict: TermsVerdict): AgreementAnswer => {
  const { id, span } = facts
  if (verdict.effect === 'permit') {
    const ends = [verdict.untilMs, span.endMs, facts.noticeMs]
    const known = ends.filter((end) => end !== undefined)
    const untilMs = known.length === 0 ? undefined : Math.min(...known)
    return { allowed: true, agreement: id, title: facts.title, org: orgIn(facts), untilMs }
  }
  const { code, limit, actual } = verdict
  const clause = clauseOf(facts, verdict)
  // Nothing has to be found: a person has to say something.
  if (code === 'USER_ASSENT_REQUIRED') return denied(facts, code, { clause })
  const needed = limit === undefined ? undefined : constraintWords(limit)
  return denied(facts, code, { clause, needed, actual })
}

/** Where the agreement stands, before its terms are asked. */
const standing = (facts: AgreementFacts): AgreementAnswer | undefined => {
  const { life, body, span, lastWord, nowMs, state } = facts
  const found = () => ({ actual: new Date(nowMs).toISOString() })
  const expired = (): AgreementAnswer => {
    const ended = { by: undefined, atMs: span.endMs ?? nowMs, reason: undefined }
    return denied(facts, 'EXPIRED', {
      needed: `before ${body.to ?? '?'}`,
      ...found(),
      lastWord: ended,
    })
  }
  if (life === 'suspended') return denied(facts, 'SUSPENDED', { lastWord })
  if (life === 'closing') {
    if (state === 'rescinded') return denied(facts, 'RESCINDED', { lastWord })
    return state === 'terminated' ? denied(facts, 'TERMINATED', { lastWord }) : expired()
  }
  // By the clock too: the statement that says so may come a moment later.
  if (span.endMs !== undefined && nowMs >= span.endMs) return expired()
  if (facts.noticeMs !== undefined && nowMs >= facts.noticeMs) {
    return denied(facts, 'TERMINATED', { lastWord })
  }
  if (life === 'scheduled' || nowMs < span.startMs) {
    return denied(facts, 'NOT_YET_EFFECTIVE', { needed: `from ${body.from}`, ...found() })
  }
  return undefined
}

/** Under one grant. All of its purposes have to be allowed: else it would do to name one that is beside others. */
const answerFor = (
  facts: AgreementFacts,
  action: Action,
  grant: AgreementGrantFacts,
): AgreementAnswer => {
  if (grant.purposes.length < 2) return fromVerdict(facts, verdictOf(facts, action, grant))
  const answers = grant.purposes.map((purpose) =>
    fromVerdict(facts, verdictOf(facts, action, { ...grant, purposes: [purpose] })),
  )
  // The first that is refused, or else the first to end.
  const endOf = (one: AgreementAnswer): number => (one.allowed ? (one.untilMs ?? Infinity) : 0)
  return answers.reduce((least, one) => (endOf(one) < endOf(least) ? one : least))
}

const answerOne = (facts: AgreementFacts, action: Action): AgreementAnswer => {
  const stop = standing(facts)
  if (stop !== undefined) return stop
  if (facts.grants.length === 0) return denied(facts, 'GRANT_MISSING')
  const answers = facts.grants.map((grant) => {
    const answer = answerFor(facts, action, grant)
    if (!answer.allowed || facts.counted === undefined) return answer
    // A cast because this is the id of a party.
    return { ...answer, metered: { orgId: facts.orgId as AccountId, project: grant.project } }
  })
  return (
    answers.find(({ allowed }) => allowed) ?? nearest(answers) ?? denied(facts, 'GRANT_MISSING')
  )
}

/** What somebody can still do something about is told before what is over, and that before what was never meant. */
const nearness: readonly AgreementReason[] = [
  'USER_ASSENT_REQUIRED',
  'GRANT_MISSING',
  'DUTY_UNFULFILLED',
  'CONTEXT_MISSING',
  'SUSPENDED',
  'QUOTA_EXHAUSTED',
  'NOT_YET_EFFECTIVE',
  'EXPIRED',
  'TERMINATED',
  'RESCINDED',
  'TRAINING_EXPIRED',
  'TERRITORY',
  'CONSTRAINT_UNSATISFIED',
  'PROHIBITED',
  'NO_PERMISSION',
]

const rank = (answer: AgreementAnswer): number =>
  answer.allowed ? -1 : nearness.indexOf(answer.denial.reason)

const nearest = (answers: readonly AgreementAnswer[]): AgreementAnswer | undefined =>
  answers.toSorted((a, b) => rank(a) - rank(b))[0]

/** What each of them says, in their order. */
export const answersOf = (
  agreements: readonly AgreementFacts[],
  action: Action,
): readonly AgreementAnswer[] => agreements.map((facts) => answerOne(facts, action))

/**
 * Across agreements permissions add up, and so do the actions of which each would do: the first that permits is enough. Undefined when
 * there is no agreement about the repo.
 */
export const answerOf = (
  agreements: readonly AgreementFacts[],
  ...actions: readonly Action[]
): AgreementAnswer | undefined => {
  const denials: AgreementAnswer[] = []
  for (const action of actions) {
    for (const facts of agreements) {
      const answer = answerOne(facts, action)
      if (answer.allowed) return answer
      denials.push(answer)
    }
  }
  return nearest(denials)
}
