/** Calls to a model that stays where it is, so many a month. */
import { clauses } from './common-clauses.ts'
import { audits, basics, incidentWithin, liabilityCap, results } from './common-fields.ts'
import { bodyOf, duties, may, nothingDerived, ownResults, until } from './common-rules.ts'
import type { Template } from './template.ts'

export const inferenceService: Template = {
  id: 'inference-service',
  version: 1,
  title: 'Inference service',
  summary:
    'The provider hosts the model, the consumer calls it up to a number of times a month. The weights stay where they are.',
  signing: 'authorised',
  fields: [
    ...basics('Inference service', 1_830),
    {
      id: 'calls',
      label: 'Calls in a month',
      help: 'In a calendar month of the time zone below. The next one is refused.',
      type: 'count',
      min: 1,
      max: 1_000_000_000,
      unit: 'call',
      default: 10_000,
      isNegotiable: true,
    },
    incidentWithin(),
    results('consumer'),
    audits,
    liabilityCap({ amount: '100000.00', currency: 'EUR' }),
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
    {
      id: 'calls',
      title: 'Calls',
      strength: 'M',
      answers: ['who'],
      restsOn: ['callsPerCalendarMonth'],
      text: 'The consumer names the people and programs that call the model. In a calendar month it may make {calls}. The hub counts them and refuses the next. What is left over is not carried into another month.',
    },
    {
      id: 'use',
      title: 'Purpose and use',
      strength: 'A',
      answers: ['purpose'],
      text: 'The consumer may call the model where it is hosted, for its own business, from its production and from its test systems. It says which of the two a program is.',
    },
    {
      id: 'weights',
      title: 'The weights stay',
      strength: 'E',
      answers: [],
      text: 'The consumer does not download the model. The hub gives it no file of it by any protocol.',
    },
    {
      id: 'no-copying',
      title: 'No models from outputs',
      strength: 'A',
      answers: [],
      text: 'The consumer does not distil the model, and trains no model on what it puts out.',
    },
    {
      id: 'onward',
      title: 'No passing on',
      strength: 'A',
      answers: ['onwardTransfer'],
      text: 'The consumer does not offer the service to others as its own. It may use what the model puts out in its own products.',
    },
    {
      id: 'inputs',
      title: 'Inputs and outputs',
      strength: 'N',
      answers: ['deletion'],
      text: 'Inputs and outputs belong to the consumer. The provider uses them only to give the service and to keep it safe, and trains nothing on them. It deletes them when the answer is given, unless the law asks it to keep them. At the end it deletes what it still holds and certifies this when asked.',
    },
    {
      id: 'service',
      title: 'Service',
      strength: 'N',
      answers: [],
      text: 'The provider runs the service with care and promises no availability. It announces a new revision 30 days ahead if answers may change. It may stop the service at once if that is needed to avert harm, and says why.',
    },
    clauses.incident,
    {
      id: 'publication',
      title: 'Publication',
      strength: 'N',
      answers: ['publication'],
      text: 'Each party may say that it works with the other. Measurements of the service are published only with the agreement of both.',
    },
    clauses.ownership,
    clauses.nothingDerived,
    clauses.audit,
    clauses.liability,
    clauses.ending,
    clauses.law,
    clauses.contacts,
  ],
  terms: {
    permissions: [
      may('see', 'see', 'discover', [until]),
      may('call', 'use', 'infer', [
        { operand: 'callsPerCalendarMonth', operator: 'lteq', value: { field: 'calls' } },
        until,
        { operand: 'environment', operator: 'isAnyOf', value: ['Production', 'NonProduction'] },
      ]),
    ],
    prohibitions: [
      { id: 'no-download', clause: 'weights', action: 'download', constraints: [] },
      { id: 'no-distilling', clause: 'no-copying', action: 'distill', constraints: [] },
      { id: 'no-training', clause: 'no-copying', action: 'trainOnOutputs', constraints: [] },
      { id: 'no-passing-on', clause: 'onward', action: 'distribute', constraints: [] },
    ],
    obligations: [duties.reportIncident, duties.reportFlaw, duties.audit],
  },
  body: bodyOf({ derivativesOnEnd: nothingDerived, ownership: ownResults }),
}
