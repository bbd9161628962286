/** Members who share with each other: everybody gives and everybody takes, under one text. */
import { clauses } from './common-clauses.ts'
import {
  audits,
  basics,
  credit,
  deletion,
  derived,
  incidentWithin,
  liabilityCap,
  purposes,
  results,
  reviewWithin,
} from './common-fields.ts'
import {
  bodyOf,
  derivedRule,
  duties,
  forPurposes,
  may,
  owes,
  ownResults,
  until,
} from './common-rules.ts'
import type { Template } from './template.ts'

const onFile = { operand: 'ethicsApproval', operator: 'eq', value: 'OnFile' } as const
const trained = { operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] } as const
const group = { field: 'group' }

export const consortium: Template = {
  id: 'consortium',
  version: 1,
  title: 'Consortium framework',
  summary:
    'Members share models with each other for health research and validation. Derived models come back, drafts are shown, who leaves deletes.',
  signing: 'countersigned',
  fields: [
    ...basics('Consortium framework', 3_660),
    {
      id: 'group',
      label: 'Group of members',
      help: 'The name of the group on the hub; who is in it counts when something is asked.',
      type: 'party',
      isNegotiable: false,
    },
    purposes(['duo:0000006', 'ModelValidation']),
    {
      id: 'returnWithin',
      label: 'Time to give back derived models',
      help: 'Counted from when one is finished.',
      type: 'duration',
      min: 'P1D',
      max: 'P1Y',
      default: 'P90D',
      isNegotiable: true,
    },
    {
      id: 'exitWithin',
      label: 'Time to delete on leaving',
      help: 'Counted from when a member leaves.',
      type: 'duration',
      min: 'P1D',
      max: 'P1Y',
      default: 'P60D',
      isNegotiable: true,
    },
    incidentWithin('PT24H'),
    reviewWithin,
    credit,
    results('joint'),
    ...derived('survive'),
    ...deletion(),
    audits,
    liabilityCap({ amount: '100000.00', currency: 'EUR' }),
  ],
  clauses: [
    {
      id: 'see',
      title: 'What may be seen',
      strength: 'E',
      answers: [],
      text: 'Until the end each member may see which models are shared, their cards and their lists of files. In this agreement a member is provider of what it gives and consumer of what others give.',
    },
    clauses.term,
    {
      id: 'use',
      title: 'Purpose and use',
      strength: 'A',
      answers: ['purpose', 'who'],
      text: 'Members may download what is shared, only for {purposes}. Before that an approval of an ethics committee is on file, and the person has a certificate of training in research with people.',
    },
    {
      id: 'tuning',
      title: 'Fine-tuning',
      strength: 'A',
      answers: [],
      text: 'Members may fine-tune what is shared for health, medical or biomedical research, with an ethics approval on file. Within {returnWithin} they give the model that came of it back to the consortium.',
    },
    {
      id: 'no-business',
      title: 'No business',
      strength: 'A',
      answers: [],
      text: 'Nothing that is shared is used for commercial purposes. Whoever wants that asks its provider for a licence.',
    },
    {
      id: 'onward',
      title: 'Among members',
      strength: 'A',
      answers: ['onwardTransfer'],
      text: 'Members may offer services with the models to each other, that is to members of {group}. Nobody passes weights or services on to anybody else.',
    },
    clauses.privacy,
    {
      id: 'publication',
      title: 'Publication',
      strength: 'A',
      answers: ['publication'],
      text: 'Members may publish what they find. They show the draft to the other members and wait {reviewWithin} before they submit it. A member may ask that its confidential information be left out. A publication says: {credit}.',
    },
    {
      id: 'ownership',
      title: 'Ownership',
      strength: 'N',
      answers: ['ownership'],
      text: 'What a member gives stays its own. Data of patients never leave the member that has them. Results of work under this agreement belong to {results}; where two members made something, a party means each of the two.',
    },
    clauses.incident,
    {
      id: 'leaving',
      title: 'Leaving',
      strength: 'A',
      answers: [],
      text: 'A member may leave with a notice of {noticeDays}. Then it has no access any more. Within {exitWithin} it deletes what others gave. What it gave itself may be used by the others until the end.',
    },
    clauses.derivatives,
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
      may('get', 'use', 'download', [until, { all: [forPurposes, onFile, trained] }]),
      may('tune', 'tuning', 'finetune', [
        until,
        { operand: 'purpose', operator: 'isA', value: 'duo:0000006' },
        onFile,
      ]),
      may('serve', 'onward', 'serveThirdParty', [
        until,
        { operand: 'recipient', operator: 'isPartOf', value: group },
      ]),
    ],
    prohibitions: [
      {
        id: 'no-strangers',
        clause: 'onward',
        action: 'distribute',
        constraints: [{ operand: 'recipient', operator: 'isNoneOf', value: [group] }],
      },
      { id: 'no-attack', clause: 'privacy', action: 'attackPrivacy', constraints: [] },
      {
        id: 'no-business',
        clause: 'no-business',
        action: 'use',
        constraints: [{ operand: 'purpose', operator: 'isA', value: 'Commercial' }],
      },
    ],
    obligations: [
      owes('give-back', 'tuning', 'returnDerivative', 'derivative', {
        within: { field: 'returnWithin' },
      }),
      duties.attribute,
      duties.showDraft,
      owes('delete-on-leaving', 'leaving', 'delete', 'memberExit', {
        within: { field: 'exitWithin' },
      }),
      duties.reportIncident,
      duties.reportFlaw,
      duties.delete,
      duties.certify,
      duties.audit,
    ],
  },
  body: bodyOf({ derivativesOnEnd: derivedRule, ownership: ownResults }),
}
