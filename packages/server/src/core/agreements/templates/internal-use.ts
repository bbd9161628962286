/** One department of a house lets another run its approved revisions, inside one network. */
import { clauses } from './common-clauses.ts'
import { audits, deletion, endless, incidentWithin, results } from './common-fields.ts'
import { duties, bodyOf, may, nothingDerived, owes, ownResults } from './common-rules.ts'
import type { Template } from './template.ts'

const approved = { operand: 'revisionState', operator: 'eq', value: 'Approved' } as const

export const internalUse: Template = {
  id: 'internal-use',
  version: 2,
  title: 'Internal use',
  summary:
    'Between departments or companies of one house: downloaded inside one network, approved revisions run in production. No fine-tuning, yearly revalidation.',
  signing: 'authorised',
  fields: [
    ...endless('Internal use'),
    {
      id: 'network',
      label: 'Network',
      help: 'Files are given to addresses in this range alone.',
      type: 'network',
      isNegotiable: true,
    },
    {
      id: 'revalidateEvery',
      label: 'Rhythm of revalidation',
      help: 'How often the consumer checks that the model still does what it should.',
      type: 'duration',
      min: 'P1M',
      max: 'P3Y',
      default: 'P1Y',
      isNegotiable: true,
    },
    incidentWithin('PT24H'),
    results('creator'),
    ...deletion(),
    audits,
  ],
  clauses: [
    {
      id: 'download',
      title: 'Download',
      strength: 'E',
      answers: ['who'],
      text: 'The consumer may download the model. The hub gives its files to addresses in the network {network} and to no others.',
    },
    {
      id: 'see',
      title: 'What may be seen',
      strength: 'E',
      answers: [],
      text: 'The consumer may see that the model exists, its card and its list of files.',
    },
    {
      id: 'use',
      title: 'Purpose and use',
      strength: 'A',
      answers: ['purpose'],
      text: 'The consumer may run approved revisions in production, for its own business inside the house. It may evaluate the model and keep the scores. A revision that is a draft, or no longer approved, is not used for decisions.',
    },
    {
      id: 'no-tuning',
      title: 'No fine-tuning',
      strength: 'A',
      answers: [],
      text: 'The consumer does not train the model on, nor adapters for it. Whoever needs a change asks the provider for it.',
    },
    clauses.noPassingOn,
    {
      id: 'validation',
      title: 'Revalidation',
      strength: 'A',
      answers: [],
      text: 'Every {revalidateEvery} the consumer checks on its own data that the model still does what it should, and tells the provider the outcome.',
    },
    clauses.incident,
    {
      id: 'publication',
      title: 'Publication',
      strength: 'N',
      answers: ['publication'],
      text: 'The consumer publishes nothing about the model outside the house, unless the provider has agreed in writing.',
    },
    clauses.ownership,
    clauses.nothingDerived,
    clauses.deletion,
    clauses.audit,
    {
      id: 'liability',
      title: 'Warranty and liability',
      strength: 'N',
      answers: ['liability'],
      text: 'The model is given as it is. The provider does not promise that it is right, free of flaws or fit for a purpose. Damage is settled by the rules of the house.',
    },
    {
      id: 'term',
      title: 'Term',
      strength: 'N',
      answers: ['term'],
      text: 'This agreement is in force from {from} and has no end of its own. It lasts until somebody ends it.',
    },
    clauses.ending,
    clauses.law,
    clauses.contacts,
  ],
  terms: {
    permissions: [
      may('see', 'see', 'discover', []),
      may('get', 'download', 'download', [
        { operand: 'network', operator: 'isPartOf', value: { field: 'network' } },
      ]),
      may('run', 'use', 'infer', [
        approved,
        { operand: 'environment', operator: 'eq', value: 'Production' },
      ]),
      may('evaluate', 'use', 'evaluate', []),
    ],
    prohibitions: [
      { id: 'no-tuning', clause: 'no-tuning', action: 'finetune', constraints: [] },
      { id: 'no-passing-on', clause: 'onward', action: 'distribute', constraints: [] },
    ],
    obligations: [
      owes('revalidate', 'validation', 'revalidate', 'activation', {
        every: { field: 'revalidateEvery' },
      }),
      duties.reportIncident,
      duties.reportFlaw,
      duties.delete,
      duties.certify,
      duties.audit,
    ],
  },
  body: bodyOf({ to: null, derivativesOnEnd: nothingDerived, ownership: ownResults }),
}
