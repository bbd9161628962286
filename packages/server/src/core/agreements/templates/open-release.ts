/** Open weights: everything is allowed but for what a use policy rules out, and the policy travels with the weights. */
import { clauses } from './common-clauses.ts'
import { endless } from './common-fields.ts'
import { bodyOf, may, owes } from './common-rules.ts'
import type { Template } from './template.ts'

export const openRelease: Template = {
  id: 'open-release',
  version: 1,
  title: 'Open release with use policy',
  summary:
    'Use, change and pass on freely, business included. A short list of uses is ruled out; it is accepted by each person and travels with the weights.',
  signing: 'authorised',
  fields: [
    ...endless('Open release with use policy'),
    {
      id: 'restrictions',
      label: 'Uses ruled out',
      help: 'The use policy: each person accepts it before the first download.',
      type: 'purposes',
      among: [
        'RailUnlawful',
        'RailExploitMinors',
        'RailDisinformation',
        'RailMedicalAdvice',
        'RailLawEnforcementPrediction',
      ],
      default: [
        'RailUnlawful',
        'RailExploitMinors',
        'RailDisinformation',
        'RailMedicalAdvice',
        'RailLawEnforcementPrediction',
      ],
      isNegotiable: false,
    },
  ],
  clauses: [
    {
      id: 'use',
      title: 'Purpose and use',
      strength: 'A',
      answers: ['purpose', 'who'],
      text: 'The consumer and all its people may use the model for any purpose that the use policy does not rule out. They may run it, change it, make other models from it and do business with it.',
    },
    {
      id: 'policy',
      title: 'Use policy',
      strength: 'A',
      answers: [],
      text: 'The model is not used for {restrictions}. The hub asks each person to accept this before the first download. It cannot see what happens afterwards.',
    },
    {
      id: 'onward',
      title: 'Passing on',
      strength: 'A',
      answers: ['onwardTransfer'],
      text: 'The consumer may pass the model and models made from it on, and may offer services with them. Whoever receives weights receives this text with them and is bound by the use policy in the same way. Changed files say that they were changed.',
    },
    {
      id: 'incident',
      title: 'Incidents',
      strength: 'N',
      answers: ['incident'],
      text: 'Whoever finds a flaw that may do harm, or a use against the policy, is asked to write to {incidentContact}.',
    },
    {
      id: 'publication',
      title: 'Publication',
      strength: 'N',
      answers: ['publication'],
      text: 'Everybody may publish what they find, and need not ask. Naming the model is good practice and no duty.',
    },
    {
      id: 'ownership',
      title: 'Ownership',
      strength: 'N',
      answers: ['ownership'],
      text: 'The model stays with the provider. Outputs and models made from it belong to whoever made them. The provider claims nothing in them.',
    },
    {
      id: 'derivatives',
      title: 'Derived models at the end',
      strength: 'N',
      answers: ['derivatives'],
      text: 'Models that were made from the model before this agreement ended may be kept and used on. The use policy goes on to bind them.',
    },
    {
      id: 'deletion',
      title: 'Deletion',
      strength: 'N',
      answers: ['deletion'],
      text: 'Copies may be kept after the end, and no certificate is owed. Whoever broke the use policy and does not stop when told so deletes all copies.',
    },
    {
      id: 'audit',
      title: 'Audit',
      strength: 'N',
      answers: ['audit'],
      text: 'There are no audits. The provider may ask in writing how a use fits the policy, and the consumer answers.',
    },
    {
      id: 'liability',
      title: 'Warranty and liability',
      strength: 'N',
      answers: ['liability'],
      text: 'The model is given as it is and for nothing. The provider does not promise that it is right, free of flaws or fit for a purpose, and is liable only where the law does not let it be otherwise.',
    },
    {
      id: 'term',
      title: 'Term',
      strength: 'N',
      answers: ['term'],
      text: 'This agreement is in force from {from} and has no end of its own.',
    },
    clauses.ending,
    clauses.law,
    clauses.contacts,
  ],
  terms: {
    permissions: [may('all', 'use', 'use', []), may('pass-on', 'onward', 'distribute', [])],
    prohibitions: [
      {
        id: 'use-policy',
        clause: 'policy',
        action: 'use',
        constraints: [
          { operand: 'purpose', operator: 'isAnyOf', value: { field: 'restrictions' } },
        ],
      },
    ],
    obligations: [
      owes('pass-policy-on', 'onward', 'passThroughRestrictions', 'redistribution'),
      owes('include-text', 'onward', 'includeLicenseText', 'redistribution'),
      owes('state-changes', 'onward', 'stateChanges', 'redistribution'),
    ],
  },
  body: bodyOf({
    to: null,
    derivativesOnEnd: { rule: 'survive', days: 0 },
    ownership: { results: 'creator', grantBack: null },
  }),
}
