/** A hospital checks a model on its own patients, with an ethics approval and trained people. */
import { clauses } from './common-clauses.ts'
import {
  audits,
  basics,
  credit,
  deletion,
  incidentWithin,
  liabilityCap,
  purposes,
  reportEvery,
  results,
  reviewWithin,
  users,
} from './common-fields.ts'
import {
  bodyOf,
  byUsers,
  duties,
  forPurposes,
  may,
  nothingDerived,
  ownResults,
  until,
} from './common-rules.ts'
import type { Template } from './template.ts'

const approved = { operand: 'ethicsApproval', operator: 'eq', value: 'OnFile' } as const
const trained = { operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] } as const
const seats = {
  operand: 'spatial',
  operator: 'isAnyOf',
  value: { field: 'countries' },
} as const

export const clinicalValidation: Template = {
  id: 'clinical-validation',
  version: 1,
  title: 'Clinical validation',
  summary:
    'A hospital validates a model on data of its patients, which never leave it. Ethics approval, trained people, reports, no care decisions.',
  signing: 'countersigned',
  fields: [
    ...basics('Clinical validation', 1_095),
    users(8),
    {
      id: 'countries',
      label: 'Countries',
      help: 'Where the consumer has its seat.',
      type: 'countries',
      default: ['EEA', 'CH', 'UK'],
      isNegotiable: true,
    },
    purposes(['ModelValidation', 'duo:0000006']),
    incidentWithin('PT24H'),
    reviewWithin,
    credit,
    results('joint'),
    ...deletion(),
    reportEvery('P3M'),
    audits,
    liabilityCap({ amount: '250000.00', currency: 'EUR' }),
  ],
  clauses: [
    {
      id: 'see',
      title: 'What may be seen',
      strength: 'E',
      answers: [],
      text: 'Until the end the consumer may see that the model exists, its card and its list of files.',
    },
    clauses.term,
    clauses.access,
    {
      id: 'place',
      title: 'Place',
      strength: 'E',
      answers: [],
      restsOn: ['spatial'],
      text: 'The hub gives the files only to an organisation with its registered seat in {countries}.',
    },
    {
      id: 'use',
      title: 'Purpose and use',
      strength: 'A',
      answers: ['purpose'],
      text: 'The consumer may download the model and evaluate it, only for {purposes}. Before that an approval of its ethics committee is on file, and each user has a certificate of training in research with people. What the model puts out decides nothing about the care of a patient.',
    },
    {
      id: 'data',
      title: 'Data of patients',
      strength: 'N',
      answers: [],
      text: 'Data of patients stay with the consumer. The provider receives scores and findings about groups, never about one person. The consumer is responsible for the law of data protection on its side. If the provider has to see data of patients, the parties sign a separate agreement first.',
    },
    {
      id: 'no-making',
      title: 'No models from it',
      strength: 'A',
      answers: [],
      text: 'The consumer makes no other model from it: no fine-tuning, no converting, no merging, no distilling.',
    },
    clauses.noPassingOn,
    clauses.privacy,
    clauses.publication,
    clauses.ownership,
    clauses.reports,
    clauses.incident,
    clauses.nothingDerived,
    clauses.deletion,
    clauses.audit,
    clauses.liability,
    clauses.ending,
    clauses.law,
    clauses.contacts,
  ],
  terms: {
    permissions: [
      may('see', 'see', 'discover', [until]),
      may('get', 'use', 'download', [until, forPurposes, approved, trained, byUsers, seats]),
      may('evaluate', 'use', 'evaluate', [until, forPurposes, approved]),
    ],
    prohibitions: [
      { id: 'no-making', clause: 'no-making', action: 'derive', constraints: [] },
      { id: 'no-passing-on', clause: 'onward', action: 'distribute', constraints: [] },
      { id: 'no-attack', clause: 'privacy', action: 'attackPrivacy', constraints: [] },
    ],
    obligations: [
      duties.attribute,
      duties.showDraft,
      duties.reportUsage,
      duties.reportIncident,
      duties.reportFlaw,
      duties.delete,
      duties.certify,
      duties.audit,
    ],
  },
  body: bodyOf({ derivativesOnEnd: nothingDerived, ownership: ownResults }),
}
