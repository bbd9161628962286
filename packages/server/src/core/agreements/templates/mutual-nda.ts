/** Before anything is shared: each side may look at what there is, and keeps it to itself. */
import { clauses } from './common-clauses.ts'
import { basics, deletion, incidentWithin, liabilityCap } from './common-fields.ts'
import { bodyOf, duties, may, nothingDerived, until } from './common-rules.ts'
import type { Template } from './template.ts'

export const mutualNda: Template = {
  id: 'mutual-nda',
  version: 1,
  title: 'Mutual NDA for discovery only',
  summary:
    'The consumer sees cards and lists of files, both keep secret what they learn, and no file is given out. The step before every other agreement.',
  signing: 'authorised',
  fields: [
    ...basics('Mutual NDA for discovery', 730),
    {
      id: 'secretFor',
      label: 'Time of secrecy',
      help: 'Counted from the end.',
      type: 'duration',
      min: 'P6M',
      max: 'P10Y',
      default: 'P3Y',
      isNegotiable: true,
    },
    incidentWithin(),
    ...deletion(),
    liabilityCap({ amount: '100000.00', currency: 'EUR' }),
  ],
  clauses: [
    {
      id: 'see',
      title: 'What may be seen',
      strength: 'E',
      answers: [],
      text: 'Until the end the consumer may see that the models exist, their cards and their lists of files.',
    },
    clauses.term,
    {
      id: 'no-files',
      title: 'No files',
      strength: 'E',
      answers: [],
      text: 'The consumer does not download the models. The hub gives it no file of them by any protocol.',
    },
    {
      id: 'purpose',
      title: 'Purpose',
      strength: 'N',
      answers: ['purpose'],
      text: 'The parties want to find out whether to share models with each other. They use what they learn for that and for nothing else. Neither is bound to agree on more.',
    },
    {
      id: 'secrecy',
      title: 'Secrecy',
      strength: 'N',
      answers: ['who'],
      text: 'What one party shows the other and is not public is confidential. Whoever receives it tells it only to people who need it for the purpose and who are bound in the same way. It guards it as it guards its own secrets. This lasts for {secretFor} after the end. It does not cover what was known before, becomes public without a breach, comes from somebody who may tell it, or has to be told by law. Whoever has to tell it says so first, where that is allowed.',
    },
    {
      id: 'onward',
      title: 'No passing on',
      strength: 'A',
      answers: ['onwardTransfer'],
      text: 'Nobody passes on to others what was seen under this agreement, nor offers others a service with it.',
    },
    clauses.incident,
    {
      id: 'publication',
      title: 'Publication',
      strength: 'N',
      answers: ['publication'],
      text: 'Nothing is published about what was seen, nor that the parties talk, unless both have agreed in writing.',
    },
    {
      id: 'ownership',
      title: 'Ownership',
      strength: 'N',
      answers: ['ownership'],
      text: 'Each party keeps what is its own. Notes and findings belong to whoever made them, and stay confidential where they contain what the other showed. This agreement licenses nothing.',
    },
    clauses.nothingDerived,
    {
      id: 'deletion',
      title: 'Deletion',
      strength: 'A',
      answers: ['deletion'],
      text: 'Within {deleteWithin} of the end the consumer deletes what it has noted or copied of the cards and lists. Within {certifyWithin} of the end a responsible person certifies this to the provider. The provider does the same when asked. Copies in backups go when the backup goes.',
    },
    {
      id: 'audit',
      title: 'Audit',
      strength: 'N',
      answers: ['audit'],
      text: 'There are no audits on the spot. The records of the hub say who looked at what; each party may see those that concern it.',
    },
    clauses.liability,
    clauses.ending,
    clauses.law,
    clauses.contacts,
  ],
  terms: {
    permissions: [may('see', 'see', 'discover', [until])],
    prohibitions: [
      { id: 'no-files', clause: 'no-files', action: 'download', constraints: [] },
      { id: 'no-passing-on', clause: 'onward', action: 'distribute', constraints: [] },
    ],
    obligations: [duties.reportIncident, duties.reportFlaw, duties.delete, duties.certify],
  },
  body: bodyOf({
    derivativesOnEnd: nothingDerived,
    ownership: { results: 'creator', grantBack: null },
  }),
}
