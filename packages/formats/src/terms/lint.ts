/** What is wrong or weak in terms before anybody signs them: contradictions, and promises that the hub cannot keep. */
import type { Comparison, Constraint, Permission, Prohibition, Terms } from './terms.ts'
import { isRhythm, isUndated } from './schedule.ts'
import {
  actions,
  isAsked,
  isLearnt,
  type Operand,
  operands,
  type Strength,
  withParents,
} from './vocabulary.ts'

export type LintCode =
  | 'shadowed_permission' // a prohibition takes away all that the permission gives
  | 'never_true' // limits that contradict each other
  | 'no_enforced_limit' // a permission that the hub cannot end, count or bound
  | 'not_enforceable' // a prohibition that nobody can see broken from outside
  | 'not_known' // a limit by what the hub does not find out
  | 'not_asked' // a limit that the hub could keep, on what it is not asked about
  | 'no_due_date' // a duty that is never late
  | 'duty_on_nothing' // a trigger that the terms never let happen
  | 'too_often' // a rhythm shorter than a day
  | 'never_late' // suspends when it is late, and is never late or has nothing left to suspend

export interface LintFinding {
  readonly code: LintCode
  /** Terms with errors are not proposed; warnings are shown to whoever signs. */
  readonly level: 'error' | 'warning'
  readonly rule: string
  /** One sentence: what is wrong, and what to do. */
  readonly message: string
}

const order: readonly Strength[] = ['E', 'M', 'A', 'N']

/** Of two, what is backed less. */
export const weaker = (a: Strength, b: Strength): Strength =>
  order.indexOf(a) > order.indexOf(b) ? a : b

/** Every comparison, at whatever depth. */
export const leaves = (all: readonly Constraint[]): readonly Comparison[] =>
  all.flatMap((one) => ('all' in one ? leaves(one.all) : 'any' in one ? leaves(one.any) : one))

/** As strong as its weakest part: what is enforced until somebody's word is needed is somebody's word. */
export const strengthOf = ({ action, constraints }: Permission | Prohibition): Strength =>
  leaves(constraints)
    .map(({ operand }) => operands[operand].strength)
    .reduce(weaker, actions[action].strength)

const numberOf = ({ operand, value }: Comparison): number =>
  operands[operand].type === 'instant' ? Date.parse(String(value)) : Number(value)

const isEmpty = (low: Comparison, high: Comparison): boolean => {
  const isClosed = low.operator === 'gteq' && high.operator === 'lteq'
  return isClosed ? numberOf(low) > numberOf(high) : numberOf(low) >= numberOf(high)
}

/** Two limits that have to hold together and cannot. */
const contradiction = (
  all: readonly Constraint[],
): readonly [Comparison, Comparison] | undefined => {
  const together = all.flatMap((one) => ('all' in one ? leaves(one.all) : 'any' in one ? [] : one))
  for (const a of together) {
    for (const b of together) {
      if (a === b || a.operand !== b.operand) continue
      const isLow = a.operator === 'gt' || a.operator === 'gteq'
      const isHigh = b.operator === 'lt' || b.operator === 'lteq'
      if (isLow && isHigh && isEmpty(a, b)) return [a, b]
      if (a.operator === 'eq' && b.operator === 'eq' && a.value !== b.value) return [a, b]
    }
  }
  return undefined
}

const lintPermission = (rule: Permission, terms: Terms): LintFinding[] => {
  const line = withParents(rule.action)
  const shadow = terms.prohibitions.find(
    ({ action, constraints }) => constraints.length === 0 && line.includes(action),
  )
  const found: LintFinding[] = []
  if (shadow !== undefined) {
    found.push({
      code: 'shadowed_permission',
      level: 'error',
      rule: rule.id,
      message: `${rule.id} lets the consumer ${actions[rule.action].words}, and ${shadow.id} forbids it whole (${shadow.action}). Narrow the prohibition, or take the permission out.`,
    })
  }
  const isBound = leaves(rule.constraints).some(
    ({ operand }) =>
      // The end of the agreement ends all of it.
      operand === 'dateTime' ||
      (operands[operand].strength !== 'A' && isLearnt(operand, rule.action)),
  )
  if (!isBound) {
    found.push({
      code: 'no_enforced_limit',
      level: 'warning',
      rule: rule.id,
      message: `${rule.id} has no limit that the hub can enforce: no end, no count, no place. It lasts as long as the agreement.`,
    })
  }
  return [...found, ...lintBlind(rule, 'permits')]
}

const namesOf = (found: readonly Operand[]): string =>
  [...new Set(found)].map((operand) => operands[operand].words).join(' and ')

/** Limits that read as if the hub kept them, and that it cannot keep. */
const lintBlind = (
  { id, action, constraints }: Permission | Prohibition,
  kind: 'permits' | 'forbids',
): LintFinding[] => {
  const named = leaves(constraints).map(({ operand }) => operand)
  const does = actions[action].words
  if (!isAsked(action)) {
    // What is somebody's word is called so already.
    const kept = named.filter((one) => one !== 'dateTime' && operands[one].strength !== 'A')
    if (kept.length === 0) return []
    return [
      {
        code: 'not_asked',
        level: 'warning',
        rule: id,
        message: `${id} is limited by ${namesOf(kept)}, and this hub is not asked when somebody means to ${does}: it counts and refuses nothing there. The limit rests on the word of the consumer; say so in its clause.`,
      },
    ]
  }
  const unknown = named.filter(
    // A restriction that is somebody's word is met by accepting it.
    (one) => !isLearnt(one, action) && (kind === 'permits' || operands[one].strength !== 'A'),
  )
  if (unknown.length === 0) return []
  const follows =
    kind === 'permits'
      ? 'so that limit is never met, and nothing is permitted that hangs on it. Take it out, or say it in the clause alone'
      : 'so it refuses all that the rule could be about. Take the limit out, or say it in the clause alone'
  return [
    {
      code: 'not_known',
      level: 'warning',
      rule: id,
      message: `${id} ${kind} to ${does} by ${namesOf(unknown)}, which this hub does not find out, ${follows}.`,
    },
  ]
}

const lintProhibition = (rule: Prohibition): LintFinding[] => {
  const blind = lintBlind(rule, 'forbids')
  if (strengthOf(rule) === 'E') return blind
  return [
    {
      code: 'not_enforceable',
      level: 'warning',
      rule: rule.id,
      message: `The hub cannot see whether ${rule.id} is kept: that nobody may ${actions[rule.action].words} rests on the word of those who accept it.`,
    },
    ...blind,
  ]
}

const lintLimits = (rule: Permission | Prohibition): LintFinding[] => {
  const clash = contradiction(rule.constraints)
  if (clash === undefined) return []
  const [a, b] = clash
  const say = ({ operator, value }: Comparison): string => `${operator} ${String(value)}`
  return [
    {
      code: 'never_true',
      level: 'error',
      rule: rule.id,
      message: `${rule.id} can never hold: ${operands[a.operand].words} would have to be ${say(a)} and ${say(b)}.`,
    },
  ]
}

/** Those that are owed once something happened, and so need a time. */
const dated: ReadonlySet<string> = new Set([
  'delete',
  'certifyDestruction',
  'returnDerivative',
  'reportIncident',
])

const lintObligations = (terms: Terms): LintFinding[] =>
  terms.obligations.flatMap((rule): LintFinding[] => {
    const found: LintFinding[] = []
    if (dated.has(rule.name) && rule.within === undefined) {
      found.push({
        code: 'no_due_date',
        level: 'error',
        rule: rule.id,
        message: `${rule.id} (${rule.name}) says nothing of when it is due. Say within what time, such as P30D.`,
      })
    }
    if (rule.every !== undefined && !isRhythm(rule.every)) {
      found.push({
        code: 'too_often',
        level: 'error',
        rule: rule.id,
        message: `${rule.id} comes back every ${rule.every}: a rhythm is a day or longer, such as P1M.`,
      })
    }
    const hasNothing = rule.trigger === 'agreementEnd' || isUndated(rule)
    if (rule.whenOverdue === 'suspend' && hasNothing) {
      found.push({
        code: 'never_late',
        level: 'error',
        rule: rule.id,
        message: `${rule.id} would suspend the agreement when it is late: ${rule.trigger === 'agreementEnd' ? 'by then the agreement has ended' : 'it has no date, so it never is'}. Say another consequence, or when it is due.`,
      })
    }
    const canDerive = terms.permissions.some(({ action }) =>
      withParents(action).some((one) => one === 'derive' || one === 'use'),
    )
    if (rule.trigger === 'derivative' && !canDerive) {
      found.push({
        code: 'duty_on_nothing',
        level: 'warning',
        rule: rule.id,
        message: `${rule.id} waits for derivatives, and nothing in these terms permits one.`,
      })
    }
    return found
  })

/** Errors first, in the order of the rules. */
export const lint = (terms: Terms): LintFinding[] => {
  const found = [
    ...terms.permissions.flatMap((rule) => [...lintPermission(rule, terms), ...lintLimits(rule)]),
    ...terms.prohibitions.flatMap((rule) => [...lintProhibition(rule), ...lintLimits(rule)]),
    ...lintObligations(terms),
  ]
  return found.toSorted((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'))
}
