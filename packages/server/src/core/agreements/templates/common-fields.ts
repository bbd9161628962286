/** Fields that several templates ask for, so that the same question is put in the same words. */
import type { Field, Money } from './fields.ts'

const contact = (id: string, label: string, help: string): Field => ({
  id,
  label,
  help: `${help} A role with an address is better than a person.`,
  type: 'text',
  charsMax: 200,
  isNegotiable: true,
})

/** Title, times, contacts and law: every template asks for them. */
export const basics = (title: string, termDaysMax: number): readonly Field[] => [
  {
    id: 'title',
    label: 'Title',
    help: 'What this agreement is called in lists and letters.',
    type: 'text',
    charsMax: 200,
    default: title,
    isNegotiable: true,
  },
  {
    id: 'from',
    label: 'Begin',
    help: 'The hub gives access from this moment on.',
    type: 'date',
    isEnd: false,
    isNegotiable: true,
  },
  {
    id: 'to',
    label: 'End',
    help: 'The first moment at which the hub gives no more access.',
    type: 'date',
    isEnd: true,
    after: { field: 'from', daysMax: termDaysMax },
    isNegotiable: true,
  },
  ...law,
]

const law: readonly Field[] = [
  {
    id: 'noticeDays',
    label: 'Notice',
    help: 'How long before its end somebody says that they end it early.',
    type: 'count',
    min: 1,
    max: 365,
    unit: 'day',
    default: 30,
    isNegotiable: true,
  },
  contact('legalContact', 'Legal contact', 'Who receives notices.'),
  contact('technicalContact', 'Technical contact', 'Who answers questions about the model.'),
  contact('incidentContact', 'Incident contact', 'Who is told of an incident, at any hour.'),
  {
    id: 'governingLaw',
    label: 'Governing law',
    help: 'The country or state whose law applies and whose courts decide.',
    type: 'text',
    charsMax: 100,
    isNegotiable: true,
  },
  {
    id: 'precedence',
    label: 'Which text wins',
    help: 'If there is a contract on paper beside this one.',
    type: 'choice',
    options: [
      { value: 'machine', words: 'this agreement wins' },
      { value: 'paper', words: 'the contract on paper wins', needs: 'paperRef' },
    ],
    default: 'machine',
    isNegotiable: true,
  },
  {
    id: 'paperRef',
    label: 'Contract on paper',
    help: 'Its number, if there is one.',
    type: 'text',
    charsMax: 100,
    default: null,
    absent: 'none',
    isNegotiable: true,
  },
  {
    id: 'timezone',
    label: 'Time zone',
    help: 'Months are counted there.',
    type: 'timezone',
    default: 'UTC',
    isNegotiable: true,
  },
]

/** For an agreement without an end: `basics` less its end. */
export const endless = (title: string): readonly Field[] =>
  basics(title, 1).filter(({ id }) => id !== 'to')

export const users = (most: number): Field => ({
  id: 'users',
  label: 'Named users',
  help: 'How many people may be given access at a time.',
  type: 'count',
  min: 1,
  max: 10_000,
  unit: 'named user',
  default: most,
  isNegotiable: true,
})

export const purposes = (among: readonly string[], preset: readonly string[] = among): Field => ({
  id: 'purposes',
  label: 'Purposes',
  help: 'What it may be used for; a purpose covers its special cases.',
  type: 'purposes',
  among,
  default: preset,
  isNegotiable: false,
})

export const incidentWithin = (preset = 'PT72H'): Field => ({
  id: 'incidentWithin',
  label: 'Time to report an incident',
  help: 'Counted from when it is noticed.',
  type: 'duration',
  min: 'PT1H',
  max: 'P14D',
  default: preset,
  isNegotiable: true,
})

const within = (id: string, label: string, help: string, preset: string): Field => ({
  id,
  label,
  help,
  type: 'duration',
  min: 'P1D',
  max: 'P1Y',
  default: preset,
  isNegotiable: true,
})

export const deletion = (
  { deleted, certified } = { deleted: 'P30D', certified: 'P45D' },
): readonly Field[] => [
  within('deleteWithin', 'Time to delete', 'Counted from the end.', deleted),
  within('certifyWithin', 'Time to certify', 'Counted from the end.', certified),
]

export const reportEvery = (preset: string): Field =>
  within('reportEvery', 'Rhythm of reports', 'How often use is reported.', preset)

export const reviewWithin: Field = within(
  'reviewWithin',
  'Time to look at a publication',
  'How long a draft waits for remarks.',
  'P30D',
)

export const audits: Field = {
  id: 'audits',
  label: 'Audits in a year',
  help: 'At most so many, unless something went wrong.',
  type: 'count',
  min: 1,
  max: 12,
  unit: 'audit',
  default: 1,
  isNegotiable: true,
}

export const credit: Field = {
  id: 'credit',
  label: 'Credit line',
  help: 'How the model is named wherever results are published.',
  type: 'text',
  charsMax: 300,
  isNegotiable: true,
}

export const liabilityCap = (preset: Money): Field => ({
  id: 'liabilityCap',
  label: 'Cap on liability',
  help: 'The most that one party owes the other in all.',
  type: 'money',
  max: 1_000_000_000,
  default: preset,
  isNegotiable: true,
})

export const results = (preset: string): Field => ({
  id: 'results',
  label: 'Owner of results',
  help: 'Whose are scores, findings and new models?',
  type: 'choice',
  options: [
    { value: 'provider', words: 'the provider' },
    { value: 'consumer', words: 'the consumer' },
    { value: 'creator', words: 'whoever made them' },
    { value: 'joint', words: 'both parties together' },
  ],
  default: preset,
  isNegotiable: true,
})

export const derived = (preset: string): readonly Field[] => [
  {
    id: 'derivatives',
    label: 'Derived models at the end',
    help: 'What becomes of models that were made from this one.',
    type: 'choice',
    options: [
      { value: 'survive', words: 'may be kept and used on' },
      { value: 'delete', words: 'are deleted together with the model' },
      { value: 'windDown', words: 'are wound down and then deleted' },
    ],
    default: preset,
    isNegotiable: true,
  },
  {
    id: 'windDownDays',
    label: 'Time to wind down',
    help: 'Counts only if derived models are wound down.',
    type: 'count',
    min: 1,
    max: 1_095,
    unit: 'day',
    default: 180,
    isNegotiable: true,
  },
]
