/** The machine terms of a text in words: beneath their clauses, and as what one may, may not and must. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { durationText, purposesAmong } from '../write/fields.ts'
import { strengthOf, weaker } from '@weighhouse/formats/terms/lint.ts'
import {
  constraintWords,
  obligationWords,
  permissionWords,
  prohibitionWords,
} from '@weighhouse/formats/terms/words.ts'
import type {
  Comparison,
  Constraint,
  Obligation,
  Permission,
} from '@weighhouse/formats/terms/terms.ts'
import { purposeLabel } from '@weighhouse/formats/terms/purposes.ts'
import {
  type Action,
  actions,
  type Operand,
  type Precondition,
  type Trigger,
} from '@weighhouse/formats/terms/vocabulary.ts'
import { plural } from '../../parts/words.ts'
import type { Strength } from '../words.ts'

export interface TermLine {
  readonly id: string
  readonly words: string
}

export const termsOfClause = ({ terms }: AgreementBody, clause: string): TermLine[] => [
  ...terms.permissions
    .filter((one) => one.clause === clause)
    .map((one) => ({ id: one.id, words: permissionWords(one) })),
  ...terms.prohibitions
    .filter((one) => one.clause === clause)
    .map((one) => ({ id: one.id, words: prohibitionWords(one) })),
  ...terms.obligations
    .filter((one) => one.clause === clause)
    .map((one) => ({ id: one.id, words: obligationWords(one) })),
]

export interface PlainLine {
  readonly id: string
  readonly text: string
  readonly strength: Strength
  /** From 1, as on the paper; 0 where it is not there. */
  readonly clause: number
}

const duties: Readonly<Record<Obligation['name'], string>> = {
  attribute: 'name the model wherever results are published',
  inform: 'inform the other side',
  delete: 'delete all copies',
  certifyDestruction: 'certify that copies are deleted',
  reportUsage: 'report use',
  reportIncident: 'report incidents',
  passThroughRestrictions: 'pass these restrictions on',
  includeLicenseText: 'include the text of the licence',
  stateChanges: 'say what was changed',
  returnDerivative: 'give derived models back',
  acceptAudit: 'accept audits',
  revalidate: 'validate the model again',
}

const triggers: Readonly<Record<Trigger, string>> = {
  activation: '',
  agreementEnd: 'the end',
  publication: 'publication',
  publicationDraft: 'the draft of a publication',
  redistribution: 'passing it on',
  incident: 'noticing',
  memberExit: 'a member leaving',
  derivative: 'making a derived model',
}

const dutyText = ({ name, trigger, within, every }: Obligation): string => {
  const of = triggers[trigger]
  const when =
    within === undefined ? '' : ` within ${durationText(within)}${of === '' ? '' : ` of ${of}`}`
  return `${duties[name]}${when}${every === undefined ? '' : ` every ${durationText(every)}`}`
}

const isAbout = (one: Constraint, operand: Operand): one is Comparison =>
  'operand' in one && one.operand === operand

const valuesOf = ({ value }: Comparison): readonly string[] =>
  typeof value === 'object' ? value : [String(value)]

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** As people say it where that is short; else as it is evaluated. */
const limitText = (one: Constraint): string => {
  if (isAbout(one, 'purpose') && ['isA', 'isAnyOf', 'eq'].includes(one.operator)) {
    const said = valuesOf(one).map((value) => lowerFirst(purposeLabel(value)))
    return `for ${said.join(' or ')}`
  }
  if (isAbout(one, 'namedUsers') && one.operator === 'lteq') {
    return `for ${plural(Number(one.value), 'named person', 'named people')}`
  }
  return `if ${constraintWords(one)}`
}

/** Use for a purpose is no use in any way. */
const ruleText = (action: Action, constraints: readonly Constraint[]): string => {
  const [first = '', ...rest] = constraints.map(limitText)
  const limits = [first, ...rest].filter((text) => text !== '')
  if (action === 'use' && first.startsWith('for ')) return `use it ${limits.join(', ')}`
  return [actions[action].words, ...limits].join(', ')
}

export interface PlainWords {
  readonly may: readonly PlainLine[]
  readonly mayNot: readonly PlainLine[]
  readonly consumerMust: readonly PlainLine[]
  readonly providerMust: readonly PlainLine[]
}

export const plainWordsOf = ({ terms, clauses }: AgreementBody): PlainWords => {
  const numberOf = (clause: string): number => clauses.findIndex(({ id }) => id === clause) + 1
  const clauseStrength = (clause: string): Strength =>
    clauses.find(({ id }) => id === clause)?.strength ?? 'N'
  const duty = (one: Obligation): PlainLine => ({
    id: one.id,
    text: dutyText(one),
    // That something was done is somebody's word, whatever else its clause says.
    strength: weaker('A', clauseStrength(one.clause)),
    clause: numberOf(one.clause),
  })
  return {
    may: terms.permissions.map((rule) => {
      const { id, action, clause, constraints, preconditions } = rule
      // Its time stands above, in the stations.
      const limits = constraints.filter((one) => !isAbout(one, 'dateTime'))
      return {
        id,
        text: ruleText(action, limits) + afterWords(preconditions),
        strength: preconditions.length === 0 ? strengthOf(rule) : weaker('A', strengthOf(rule)),
        clause: numberOf(clause),
      }
    }),
    mayNot: terms.prohibitions.map((rule) => ({
      id: rule.id,
      text: ruleText(rule.action, rule.constraints),
      strength: strengthOf(rule),
      clause: numberOf(rule.clause),
    })),
    consumerMust: terms.obligations.filter(({ debtor }) => debtor === 'consumer').map(duty),
    providerMust: terms.obligations.filter(({ debtor }) => debtor === 'provider').map(duty),
  }
}

/** Purposes that its permissions name, with their cases. */
export const purposesOf = ({ terms }: AgreementBody): string[] => {
  const named = terms.permissions.flatMap(({ constraints }) =>
    constraints.flatMap((one): readonly string[] => {
      return isAbout(one, 'purpose') ? valuesOf(one) : []
    }),
  )
  return purposesAmong([...new Set(named)])
}

/** Something that is done before a permission holds. */
export interface First {
  readonly rule: string
  readonly name: Precondition
  readonly detail: string
  /** What is permitted then: after "may". */
  readonly what: string
}

export const firstsOf = ({ terms }: Pick<AgreementBody, 'terms'>): First[] =>
  terms.permissions.flatMap(({ id, action, preconditions }) =>
    preconditions.map(({ name, detail }) => ({
      rule: id,
      name,
      detail,
      what: actions[action].words,
    })),
  )

const firsts: Readonly<Record<Precondition, string>> = {
  compensate: 'A payment',
  obtainConsent: 'A consent',
  signUsePolicy: 'A signature under the use policy',
}

export const firstWords = (name: Precondition): string => firsts[name]

/** `, after a payment (EUR 100)` */
const afterWords = (preconditions: Permission['preconditions']): string =>
  preconditions
    .map(({ name, detail }) => {
      const words = lowerFirst(firstWords(name))
      return `, after ${words}${detail === '' ? '' : ` (${detail})`}`
    })
    .join('')
