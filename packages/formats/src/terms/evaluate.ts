/**
 * May this be done under these terms? Pure and total: what the terms do not permit is not permitted, a prohibition beats a permission, and
 * what is not known is no yes. Constraints have three values, since a request seldom says everything.
 */
import type {
  Comparison,
  Constraint,
  Operator,
  Permission,
  Prohibition,
  Terms,
  Value,
} from './terms.ts'
import { isCaseOf } from './purposes.ts'
import {
  type Action,
  countryGroups,
  isLedger,
  type Operand,
  operands,
  withParents,
} from './vocabulary.ts'

/**
 * What is known when it is asked. Absent is unknown. Instants are milliseconds UTC; ledgers count this request in; several values mean that
 * each of them is true, such as the purposes of a project.
 */
export type Facts = { readonly [O in Operand]?: string | number | readonly string[] | undefined }

export interface TermsQuestion {
  readonly action: Action
  readonly facts: Facts
  /** Preconditions on record as done, by `<rule id>/<name>`. */
  readonly done: ReadonlySet<string>
  /** Has the person accepted the restrictions that nobody can see from outside? */
  readonly hasAccepted: boolean
  /** Members of groups of parties, by the group's name. */
  readonly groups?: Readonly<Record<string, readonly string[]>>
  /** Is an address in a CIDR range? Given by the platform that asks. */
  readonly isInRange: (address: string, range: string) => boolean
}

export type TermsCode =
  | 'NO_PERMISSION'
  | 'PROHIBITED'
  | 'CONSTRAINT_UNSATISFIED'
  | 'CONTEXT_MISSING'
  | 'DUTY_UNFULFILLED'
  | 'QUOTA_EXHAUSTED'
  | 'NOT_YET_EFFECTIVE'
  | 'EXPIRED'
  | 'USER_ASSENT_REQUIRED'
  | 'TRAINING_EXPIRED'
  | 'TERRITORY'

export type TermsVerdict =
  | {
      readonly effect: 'permit'
      readonly rule: Permission
      /** When the permission ends by itself, milliseconds UTC. */
      readonly untilMs: number | undefined
    }
  | {
      readonly effect: 'deny'
      readonly code: TermsCode
      readonly rule: Permission | Prohibition | undefined
      /** The limit that was not met. */
      readonly limit: Comparison | undefined
      /** What was found in its place. */
      readonly actual: string | undefined
    }

type Truth = 'yes' | 'no' | 'unknown'

interface Finding {
  readonly truth: Truth
  /** Those that are not met, when the whole is not. */
  readonly open: readonly Comparison[]
}

const timeOf = (value: Value): number => Date.parse(String(value))

const compareNumbers = (operator: Operator, found: number, wanted: number): boolean => {
  switch (operator) {
    case 'lt':
      return found < wanted
    case 'lteq':
      return found <= wanted
    case 'gt':
      return found > wanted
    case 'gteq':
      return found >= wanted
    case 'neq':
      return found !== wanted
    default:
      return found === wanted
  }
}

const textsOf = (value: string | number | readonly string[]): readonly string[] =>
  typeof value === 'object' ? value : [String(value)]

/** Is what was found the same as what is named, or a case of it? */
const isMatch = (
  { operand, operator }: Comparison,
  found: string,
  named: string,
  { groups = {}, isInRange }: TermsQuestion,
): boolean => {
  switch (operands[operand].type) {
    case 'purpose':
      return operator === 'eq' ? found === named : isCaseOf(found, named)
    case 'country':
      return (countryGroups[named] ?? [named]).includes(found)
    case 'party':
      return found === named || (groups[named] ?? []).includes(found)
    case 'address':
      return isInRange(found, named)
    default:
      return found === named
  }
}

const compare = (one: Comparison, question: TermsQuestion): Truth => {
  const fact = question.facts[one.operand]
  if (fact === undefined) return 'unknown'
  const { type } = operands[one.operand]
  if (type === 'instant' || type === 'count' || type === 'amount') {
    const wanted = type === 'instant' ? timeOf(one.value) : Number(one.value)
    return compareNumbers(one.operator, Number(fact), wanted) ? 'yes' : 'no'
  }
  const found = textsOf(fact)
  const named = textsOf(one.value)
  const isAny = found.some((text) => named.some((name) => isMatch(one, text, name, question)))
  const isNegated = one.operator === 'neq' || one.operator === 'isNoneOf'
  return isAny !== isNegated ? 'yes' : 'no'
}

const weigh = (one: Constraint, question: TermsQuestion): Finding => {
  if ('all' in one) return weighAll(one.all, question)
  if ('any' in one) {
    const parts = one.any.map((part) => weigh(part, question))
    const best =
      parts.find(({ truth }) => truth === 'yes') ?? parts.find(({ truth }) => truth === 'unknown')
    return best ?? { truth: 'no', open: parts[0]?.open ?? [] }
  }
  const truth = compare(one, question)
  return { truth, open: truth === 'yes' ? [] : [one] }
}

/** No is stronger than unknown: it stays no whatever else is said. */
const weighAll = (all: readonly Constraint[], question: TermsQuestion): Finding => {
  const parts = all.map((part) => weigh(part, question))
  const failed = parts.filter(({ truth }) => truth === 'no')
  if (failed.length > 0) return { truth: 'no', open: failed.flatMap(({ open }) => open) }
  const unknown = parts.filter(({ truth }) => truth === 'unknown')
  if (unknown.length > 0) return { truth: 'unknown', open: unknown.flatMap(({ open }) => open) }
  return { truth: 'yes', open: [] }
}

const isUpperBound = (operator: Operator): boolean => operator === 'lt' || operator === 'lteq'

/** A failed limit by what it is about. */
const codeOf = ({ operand, operator }: Comparison): TermsCode => {
  if (operand === 'dateTime') return isUpperBound(operator) ? 'EXPIRED' : 'NOT_YET_EFFECTIVE'
  if (isLedger(operand)) return 'QUOTA_EXHAUSTED'
  if (operand === 'spatial') return 'TERRITORY'
  if (operand === 'userTraining' || operand === 'ethicsApproval') return 'TRAINING_EXPIRED'
  return 'CONSTRAINT_UNSATISFIED'
}

const shown = ({ operand }: Comparison, { facts }: TermsQuestion): string | undefined => {
  const fact = facts[operand]
  if (fact === undefined) return undefined
  if (operand === 'dateTime') return new Date(Number(fact)).toISOString()
  const texts = textsOf(fact)
  return texts.length === 0 ? undefined : texts.join(', ')
}

type Denial = Extract<TermsVerdict, { effect: 'deny' }>

const deny = (
  code: TermsCode,
  rule: Permission | Prohibition | undefined,
  question: TermsQuestion,
  limit?: Comparison,
): Denial => ({
  effect: 'deny',
  code,
  rule,
  limit,
  actual: limit === undefined ? undefined : shown(limit, question),
})

/** A restriction on what people do with a model, which no request says and the hub cannot see. */
const isHidden = (open: readonly Comparison[]): boolean =>
  open.every(({ operand }) => operands[operand].strength === 'A')

const forbidden = (rule: Prohibition, question: TermsQuestion): Denial | undefined => {
  const { truth, open } = weighAll(rule.constraints, question)
  if (truth === 'no') return undefined
  if (truth === 'yes') return deny('PROHIBITED', rule, question)
  if (!isHidden(open)) return deny('CONTEXT_MISSING', rule, question, open[0])
  return question.hasAccepted ? undefined : deny('USER_ASSENT_REQUIRED', rule, question, open[0])
}

/** The earliest end among limits that all have to hold. */
const endOf = (constraints: readonly Constraint[]): number | undefined => {
  const ends = constraints.flatMap((one) => {
    if ('all' in one) return endOf(one.all) ?? []
    if ('any' in one || one.operand !== 'dateTime' || !isUpperBound(one.operator)) return []
    return timeOf(one.value)
  })
  return ends.length === 0 ? undefined : Math.min(...ends)
}

const permitted = (rule: Permission, question: TermsQuestion): TermsVerdict => {
  const { truth, open } = weighAll(rule.constraints, question)
  const [limit] = open
  if (truth !== 'yes' && limit !== undefined) {
    return deny(truth === 'no' ? codeOf(limit) : 'CONTEXT_MISSING', rule, question, limit)
  }
  const isDue = rule.preconditions.some(({ name }) => !question.done.has(`${rule.id}/${name}`))
  if (isDue) return deny('DUTY_UNFULFILLED', rule, question)
  return { effect: 'permit', rule, untilMs: endOf(rule.constraints) }
}

/** The nearer to a yes, the more use the refusal is: what is over or not said beats what was never meant. */
const nearness: readonly TermsCode[] = [
  'DUTY_UNFULFILLED',
  'CONTEXT_MISSING',
  'QUOTA_EXHAUSTED',
  'EXPIRED',
  'NOT_YET_EFFECTIVE',
  'TRAINING_EXPIRED',
  'TERRITORY',
  'CONSTRAINT_UNSATISFIED',
]

const covers = (rule: { readonly action: Action }, line: readonly Action[]): boolean =>
  line.includes(rule.action)

/** The verdict, and the rule it rests on. Never throws: what the vocabulary does not know does not parse. */
export const evaluate = (terms: Terms, question: TermsQuestion): TermsVerdict => {
  const line = withParents(question.action)
  const denials = terms.prohibitions
    .filter((rule) => covers(rule, line))
    .flatMap((rule) => forbidden(rule, question) ?? [])
  // What is forbidden for sure is said before what somebody could still accept or tell.
  const stop = denials.find(({ code }) => code === 'PROHIBITED') ?? denials[0]
  if (stop !== undefined) return stop
  const answers = terms.permissions
    .filter((rule) => covers(rule, line))
    .map((rule) => permitted(rule, question))
  const yes = answers
    .filter((one) => one.effect === 'permit')
    .toSorted((a, b) => (b.untilMs ?? Infinity) - (a.untilMs ?? Infinity))
  if (yes[0] !== undefined) return yes[0]
  const no = answers
    .filter((one) => one.effect === 'deny')
    .toSorted((a, b) => nearness.indexOf(a.code) - nearness.indexOf(b.code))
  return no[0] ?? deny('NO_PERMISSION', undefined, question)
}
