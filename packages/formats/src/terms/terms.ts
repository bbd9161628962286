/**
 * Machine-readable terms: permissions, prohibitions and obligations, each tied to the clause that says the same in words. The JSON form is
 * part of what is signed, so it is read strictly: what is unknown is refused, never passed over.
 */
import { fail, isInstant, list, object, text, word } from '../json/read.ts'
import { isPurpose } from './purposes.ts'
import {
  type Action,
  actionNames,
  isCountry,
  type ObligationName,
  obligationNames,
  type Operand,
  operandNames,
  operands,
  type OperandType,
  type Precondition,
  preconditionNames,
  type Trigger,
  triggerNames,
} from './vocabulary.ts'

const operatorNames = [
  'eq',
  'neq',
  'lt',
  'lteq',
  'gt',
  'gteq',
  'isA',
  'isAnyOf',
  'isNoneOf',
  'isPartOf',
] as const
export type Operator = (typeof operatorNames)[number]

/** Instants are texts such as `2027-11-22T00:00:00Z`; several values go with `isAnyOf` and `isNoneOf` alone. */
export type Value = string | number | readonly string[]

export interface Comparison {
  readonly operand: Operand
  readonly operator: Operator
  readonly value: Value
}

export type Constraint =
  | Comparison
  | { readonly all: readonly Constraint[] }
  | { readonly any: readonly Constraint[] }

interface RuleBase {
  /** Unique within the terms; stable, since decisions and records name it. */
  readonly id: string
  /** The clause that says the same in words. */
  readonly clause: string
  readonly action: Action
  /** All of them must hold. */
  readonly constraints: readonly Constraint[]
}

export interface Permission extends RuleBase {
  /** What must have been done before, as somebody recorded. `detail` is for people: a sum, a document. */
  readonly preconditions: readonly { readonly name: Precondition; readonly detail: string }[]
}

export type Prohibition = RuleBase

export interface Obligation {
  readonly id: string
  readonly clause: string
  readonly name: ObligationName
  /** Who owes it. */
  readonly debtor: 'provider' | 'consumer'
  readonly trigger: Trigger
  /** From the trigger to the due date: ISO 8601, such as `P30D` or `PT72H`. */
  readonly within?: string
  /** Repeated in this rhythm while the agreement is in force, such as `P6M`. */
  readonly every?: string
  /** For people: the credit line, the address to tell. */
  readonly detail?: string
  /** When it is late, both sides are told; `suspend` also suspends the agreement until it is done. Absent for `tell`. */
  readonly whenOverdue?: OverdueRule
}

const overdueRules = ['tell', 'suspend'] as const
export type OverdueRule = (typeof overdueRules)[number]

export interface Terms {
  readonly permissions: readonly Permission[]
  readonly prohibitions: readonly Prohibition[]
  readonly obligations: readonly Obligation[]
}

const rulesMax = 100
const constraintsMax = 20
const depthMax = 3
const valuesMax = 100

// Weeks, then years, months and days, then hours and minutes: at least one of them.
const durationForm =
  /^P(?=\d|T\d)(\d{1,4}W|(\d{1,4}Y)?(\d{1,4}M)?(\d{1,5}D)?(T(?=\d)(\d{1,5}H)?(\d{1,5}M)?)?)$/
const cidrForm = /^[0-9a-fA-F.:]{2,45}(\/\d{1,3})?$/

const isDuration = (value: string): boolean => durationForm.test(value)

const valueForms: Record<OperandType, { words: string; fits: (value: unknown) => boolean }> = {
  instant: {
    words: 'an instant in UTC such as 2027-11-22T00:00:00Z',
    fits: (value) => typeof value === 'string' && isInstant(value),
  },
  purpose: {
    words: 'a purpose that the vocabulary knows',
    fits: (value) => typeof value === 'string' && isPurpose(value),
  },
  word: {
    words: 'a word',
    fits: (value) => typeof value === 'string' && /^[A-Za-z][\w.-]{0,63}$/.test(value),
  },
  country: {
    words: 'an ISO 3166-1 code of two letters, or EU, EEA',
    fits: (value) => typeof value === 'string' && isCountry(value),
  },
  party: {
    words: 'the name of an organisation or a group of parties',
    fits: (value) => typeof value === 'string' && /^[A-Za-z0-9][\w.:-]{0,127}$/.test(value),
  },
  address: {
    words: 'an address range such as 10.20.0.0/16',
    fits: (value) => typeof value === 'string' && cidrForm.test(value),
  },
  count: {
    words: 'a whole number',
    fits: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  amount: {
    words: 'a number',
    fits: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  },
}

const ordered: readonly Operator[] = ['lt', 'lteq', 'gt', 'gteq', 'eq', 'neq']
const named: readonly Operator[] = ['eq', 'neq', 'isAnyOf', 'isNoneOf']

/** Those that mean something for the type. */
const operatorsOf: Record<OperandType, readonly Operator[]> = {
  instant: ['lt', 'lteq', 'gt', 'gteq'],
  purpose: ['eq', 'isA', 'isAnyOf', 'isNoneOf'],
  word: named,
  country: named,
  party: [...named, 'isPartOf'],
  address: ['isPartOf', 'isAnyOf'],
  count: ordered,
  amount: ordered,
}

const takesMany = (operator: Operator): boolean => operator === 'isAnyOf' || operator === 'isNoneOf'

const comparison = (members: Record<string, unknown>, at: string): Comparison => {
  const operand = word(members['operand'], `${at}.operand`, operandNames)
  const { type } = operands[operand]
  const operator = word(members['operator'], `${at}.operator`, operatorsOf[type])
  const { value } = members
  const form = valueForms[type]
  if (!takesMany(operator)) {
    if (!form.fits(value)) fail(`${at}.value`, form.words, value)
    // A cast because the form was asked above: texts and numbers alone have one.
    return { operand, operator, value: value as string | number }
  }
  const values = list(value, `${at}.value`, valuesMax)
  if (values.length === 0) fail(`${at}.value`, 'at least one value', values)
  for (const one of values) if (!form.fits(one)) fail(`${at}.value`, form.words, one)
  // A cast because types of several values are texts.
  return { operand, operator, value: values as readonly string[] }
}

const constraint = (value: unknown, at: string, depth = 1): Constraint => {
  const members = object(value, at, ['operand', 'operator', 'value', 'all', 'any'])
  for (const join of ['all', 'any'] as const) {
    if (members[join] === undefined) continue
    if (Object.keys(members).length > 1) fail(at, `"${join}" alone`, Object.keys(members))
    if (depth >= depthMax) fail(at, `at most ${depthMax} levels of all and any`, 'one more')
    const parts = constraints(members[join], `${at}.${join}`, depth + 1)
    if (parts.length === 0) fail(`${at}.${join}`, 'at least one constraint', parts)
    return join === 'all' ? { all: parts } : { any: parts }
  }
  return comparison(members, at)
}

const constraints = (value: unknown, at: string, depth = 1): readonly Constraint[] =>
  list(value, at, constraintsMax).map((one, i) => constraint(one, `${at}[${i}]`, depth))

const ruleMembers = ['id', 'clause', 'action', 'constraints']

const rule = (members: Record<string, unknown>, at: string): RuleBase => ({
  id: text(members['id'], `${at}.id`),
  clause: text(members['clause'], `${at}.clause`),
  action: word(members['action'], `${at}.action`, actionNames),
  constraints: constraints(members['constraints'], `${at}.constraints`),
})

const permission = (value: unknown, at: string): Permission => {
  const members = object(value, at, [...ruleMembers, 'preconditions'])
  const preconditions = list(members['preconditions'], `${at}.preconditions`, constraintsMax)
  return {
    ...rule(members, at),
    preconditions: preconditions.map((one, i) => {
      const where = `${at}.preconditions[${i}]`
      const { name, detail } = object(one, where, ['name', 'detail'])
      return {
        name: word(name, `${where}.name`, preconditionNames),
        detail: text(detail, `${where}.detail`),
      }
    }),
  }
}

const duration = (value: unknown, at: string): string =>
  typeof value === 'string' && isDuration(value)
    ? value
    : fail(at, 'a duration such as P30D or PT72H', value)

const obligationMembers = [
  'id',
  'clause',
  'name',
  'debtor',
  'trigger',
  'within',
  'every',
  'detail',
  'whenOverdue',
]

const obligation = (value: unknown, at: string): Obligation => {
  const members = object(value, at, obligationMembers)
  const { within, every, detail, whenOverdue } = members
  return {
    id: text(members['id'], `${at}.id`),
    clause: text(members['clause'], `${at}.clause`),
    name: word(members['name'], `${at}.name`, obligationNames),
    debtor: word(members['debtor'], `${at}.debtor`, ['provider', 'consumer']),
    trigger: word(members['trigger'], `${at}.trigger`, triggerNames),
    ...(within === undefined ? {} : { within: duration(within, `${at}.within`) }),
    ...(every === undefined ? {} : { every: duration(every, `${at}.every`) }),
    ...(detail === undefined ? {} : { detail: text(detail, `${at}.detail`) }),
    ...(whenOverdue === undefined
      ? {}
      : { whenOverdue: word(whenOverdue, `${at}.whenOverdue`, overdueRules) }),
  }
}

const refuseTwins = (rules: readonly { readonly id: string }[]): void => {
  const seen = new Set<string>()
  for (const { id } of rules) {
    if (seen.has(id)) fail('terms', 'a different id for each rule', id)
    seen.add(id)
  }
}

/** Throws FormatError with the place, what was expected and what was found. */
export const parseTerms = (value: unknown): Terms => {
  const members = object(value, 'terms', ['permissions', 'prohibitions', 'obligations'])
  const each = <T>(name: string, parse: (one: unknown, at: string) => T): readonly T[] =>
    list(members[name], name, rulesMax).map((one, i) => parse(one, `${name}[${i}]`))
  const terms: Terms = {
    permissions: each('permissions', permission),
    prohibitions: each('prohibitions', (one, at) => rule(object(one, at, ruleMembers), at)),
    obligations: each('obligations', obligation),
  }
  refuseTwins([...terms.permissions, ...terms.prohibitions, ...terms.obligations])
  return terms
}
