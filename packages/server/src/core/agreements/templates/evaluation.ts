/** Ninety days to find out whether a model is worth a licence. */
import { clauses } from './common-clauses.ts'
import {
  audits,
  basics,
  deletion,
  incidentWithin,
  liabilityCap,
  purposes,
  results,
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

export const evaluation: Template = {
  id: 'evaluation',
  version: 1,
  title: 'Evaluation, 90 days',
  summary:
    'A few named people try a model for 90 days at most and keep their scores. No production, no training, deletion within two weeks.',
  signing: 'authorised',
  fields: [
    ...basics('Evaluation', 90),
    users(5),
    purposes(['Evaluation', 'ModelValidation']),
    incidentWithin(),
    results('consumer'),
    ...deletion({ deleted: 'P14D', certified: 'P21D' }),
    audits,
    liabilityCap({ amount: '10000.00', currency: 'EUR' }),
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
      id: 'use',
      title: 'Purpose and use',
      strength: 'A',
      answers: ['purpose'],
      text: 'The consumer may download the model, call it where it is hosted and evaluate it. It does so only for {purposes}. It keeps its scores and notes. What the model puts out is not used in production, nor for a decision about a person.',
    },
    {
      id: 'no-making',
      title: 'No models from it',
      strength: 'A',
      answers: [],
      text: 'The consumer makes no other model from it. It does not fine-tune, convert, merge or distil it, and trains nothing on what it puts out.',
    },
    clauses.noPassingOn,
    clauses.privacy,
    clauses.incident,
    {
      id: 'publication',
      title: 'Publication',
      strength: 'N',
      answers: ['publication'],
      text: 'Scores are confidential until both parties agree to publish them. The provider may use what the consumer tells it of flaws to mend them.',
    },
    clauses.ownership,
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
      may('get', 'use', 'download', [until, forPurposes, byUsers]),
      may('call', 'use', 'infer', [until, forPurposes]),
      may('evaluate', 'use', 'evaluate', [until, forPurposes]),
    ],
    prohibitions: [
      { id: 'no-making', clause: 'no-making', action: 'derive', constraints: [] },
      { id: 'no-training', clause: 'no-making', action: 'trainOnOutputs', constraints: [] },
      { id: 'no-passing-on', clause: 'onward', action: 'distribute', constraints: [] },
      { id: 'no-attack', clause: 'privacy', action: 'attackPrivacy', constraints: [] },
    ],
    obligations: [
      duties.reportIncident,
      duties.reportFlaw,
      duties.delete,
      duties.certify,
      duties.audit,
    ],
  },
  body: bodyOf({ derivativesOnEnd: nothingDerived, ownership: ownResults }),
}
