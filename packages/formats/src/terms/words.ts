/** Machine terms in words, one sentence for each rule: for people who compare, refuse or sign them. */
import type { Comparison, Constraint, Obligation, Permission, Prohibition } from './terms.ts'
import { actions, operands } from './vocabulary.ts'

const operatorWords: Readonly<Record<Comparison['operator'], string>> = {
  eq: 'is',
  neq: 'is not',
  lt: 'is before',
  lteq: 'is at most',
  gt: 'is after',
  gteq: 'is at least',
  isA: 'is a case of',
  isAnyOf: 'is any of',
  isNoneOf: 'is none of',
  isPartOf: 'is part of',
}

const countWords: Partial<Record<Comparison['operator'], string>> = {
  lt: 'is below',
  gt: 'is above',
}

const comparisonWords = ({ operand, operator, value }: Comparison): string => {
  const { type, words } = operands[operand]
  const says = type === 'instant' ? operatorWords : { ...operatorWords, ...countWords }
  const named = typeof value === 'object' ? value.join(', ') : String(value)
  return `${words} ${says[operator]} ${named}`
}

/** Groups stand in brackets. */
export const constraintWords = (one: Constraint): string => {
  if ('all' in one) return `(${one.all.map(constraintWords).join(' and ')})`
  if ('any' in one) return `(${one.any.map(constraintWords).join(' or ')})`
  return comparisonWords(one)
}

const limits = (constraints: readonly Constraint[]): string =>
  constraints.length === 0 ? '' : `, if ${constraints.map(constraintWords).join(' and ')}`

/** `may download it, if the purpose is a case of Education, after compensate (EUR 100)`. */
export const permissionWords = ({ action, constraints, preconditions }: Permission): string => {
  const first = preconditions.map(({ name, detail }) => `${name} (${detail})`).join(' and ')
  return `may ${actions[action].words}${limits(constraints)}${first === '' ? '' : `, after ${first}`}`
}

/** `must not pass it on or offer it to others`. */
export const prohibitionWords = ({ action, constraints }: Prohibition): string =>
  `must not ${actions[action].words}${limits(constraints)}`

/** `the consumer owes delete at agreementEnd, within P30D`. */
export const obligationWords = (one: Obligation): string =>
  [
    `the ${one.debtor} owes ${one.name} at ${one.trigger}`,
    ...(one.within === undefined ? [] : [`within ${one.within}`]),
    ...(one.every === undefined ? [] : [`every ${one.every}`]),
    ...(one.detail === undefined ? [] : [one.detail]),
  ].join(', ')
