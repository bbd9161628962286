/** Rules and members of the body that come from the common fields. */
import type { Constraint, Obligation, Permission } from '@weighhouse/formats/terms/terms.ts'
import type { Action } from '@weighhouse/formats/terms/vocabulary.ts'
import type { Open, Template } from './template.ts'

const slot = (field: string): { readonly field: string } => ({ field })

/** Body members that come from the fields above. */
export const bodyOf = (
  more: Pick<Template['body'], 'derivativesOnEnd' | 'ownership'> & Partial<Template['body']>,
): Template['body'] => ({
  title: slot('title'),
  from: slot('from'),
  to: slot('to'),
  timezone: slot('timezone'),
  noticeDays: slot('noticeDays'),
  precedence: slot('precedence'),
  paperRef: slot('paperRef'),
  governingLaw: slot('governingLaw'),
  contacts: {
    legal: slot('legalContact'),
    technical: slot('technicalContact'),
    incident: slot('incidentContact'),
  },
  ...more,
})

export const ownResults = { results: slot('results'), grantBack: null }
export const derivedRule = { rule: slot('derivatives'), days: slot('windDownDays') }
/** Nothing may be made from it, so nothing is left. */
export const nothingDerived = { rule: 'delete', days: 0 } as const

export const until: Open<Constraint> = {
  operand: 'dateTime',
  operator: 'lt',
  value: slot('to'),
}
export const forPurposes: Open<Constraint> = {
  operand: 'purpose',
  operator: 'isAnyOf',
  value: slot('purposes'),
}
export const byUsers: Open<Constraint> = {
  operand: 'namedUsers',
  operator: 'lteq',
  value: slot('users'),
}

/** A permission by its clause. */
export const may = (
  id: string,
  clause: string,
  action: Action,
  constraints: readonly Open<Constraint>[],
  preconditions: readonly Open<Permission['preconditions'][number]>[] = [],
): Open<Permission> => ({ id, clause, action, constraints, preconditions })

/** A duty by its clause. */
export const owes = (
  id: string,
  clause: string,
  name: Obligation['name'],
  trigger: Obligation['trigger'],
  more: Partial<Open<Pick<Obligation, 'debtor' | 'within' | 'every' | 'detail'>>> = {},
): Open<Obligation> => ({ id, clause, name, debtor: 'consumer', trigger, ...more })

export const duties = {
  reportIncident: owes('report-incident', 'incident', 'reportIncident', 'incident', {
    within: slot('incidentWithin'),
    detail: 'To {incidentContact}',
  }),
  reportFlaw: owes('report-flaw', 'incident', 'reportIncident', 'incident', {
    debtor: 'provider',
    within: slot('incidentWithin'),
  }),
  delete: owes('delete', 'deletion', 'delete', 'agreementEnd', { within: slot('deleteWithin') }),
  certify: owes('certify', 'deletion', 'certifyDestruction', 'agreementEnd', {
    within: slot('certifyWithin'),
  }),
  audit: owes('audit', 'audit', 'acceptAudit', 'activation', { detail: 'At most {audits} a year' }),
  attribute: owes('credit', 'publication', 'attribute', 'publication', { detail: '{credit}' }),
  showDraft: owes('show-draft', 'publication', 'inform', 'publicationDraft', {
    detail: 'Show the draft, and wait {reviewWithin} before it is submitted',
  }),
  reportUsage: owes('report-usage', 'reports', 'reportUsage', 'activation', {
    every: slot('reportEvery'),
  }),
} as const
