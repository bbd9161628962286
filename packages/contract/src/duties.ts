/** What the parties of agreements owe each other, and what they have used of what is counted. */
import { Type } from 'typebox'
import { call } from './call.ts'
import {
  date,
  dateOrNull,
  expectation,
  id,
  listOf,
  name,
  oneOf,
  page,
  pageMax,
  textOrNull,
} from './parts.ts'

const members = {
  id,
  agreement: id,
  rule: Type.String(),
  name: Type.String(),
  /** The party that owes it. */
  debtor: id,
  /** `activation`, `end`, or `event:` and the number of the statement that reported it, `derivative:` and the id of the repo. */
  cause: Type.String(),
  /** The repo that a duty for a derivative is about, for those who see it. */
  derivative: Type.Union([Type.Object({ type: Type.String(), path: Type.String() }), Type.Null()]),
  /** From 1, of what comes back. */
  round: Type.Integer(),
  openedAt: date,
  /** The first instant that is too late; null for what has no date. */
  dueAt: dateOrNull,
  /** Is the agreement suspended while it is late? */
  suspends: Type.Boolean(),
  state: oneOf(['open', 'overdue', 'fulfilled', 'done', 'waived']),
  /** JSON of what was shown last. */
  evidence: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  /** What the other side said last. */
  reason: textOrNull,
  updatedAt: date,
}
const duty = Type.Object(members)

const agreementAt = '/orgs/:org/agreements/:id'
const at = `${agreementAt}/duties/:duty`
const withReason = Type.Object({
  reason: Type.String({ minLength: 1, maxLength: 1_000 }),
  ...expectation,
})

const attestation = Type.Object({
  id,
  kind: oneOf(['userTraining', 'ethicsApproval']),
  word: Type.String(),
  subjectKind: oneOf(['org', 'user', 'project']),
  subjectId: Type.String(),
  /** Of a person or a project; null for the organisation, and for one who has gone. */
  subjectName: textOrNull,
  link: textOrNull,
  sha256: textOrNull,
  from: date,
  to: dateOrNull,
  isOver: Type.Boolean(),
})

const certificate = Type.Object({
  deleted: Type.Array(
    Type.Object({
      type: oneOf(['model', 'dataset', 'space', 'kernel']),
      path: name,
      revisions: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 1_000 }),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
  places: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 100 }),
  method: oneOf(['deleted', 'overwritten', 'cryptoErased', 'mediaDestroyed']),
  deletedAt: date,
  person: Type.Object({ name, title: name }),
  remaining: Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 2_000 }),
})

export const dutyCalls = {
  /** What an organisation owes and is owed, across its agreements, by date. */
  listDuties: call({
    method: 'GET',
    path: '/orgs/:org/duties',
    query: Type.Object({
      from: Type.Optional(date),
      to: Type.Optional(date),
      cursor: Type.Optional(Type.String({ maxLength: 256 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax, default: 100 })),
    }),
    answer: listOf(Type.Object({ ...members, title: Type.String() })),
  }),
  listAgreementDuties: call({
    method: 'GET',
    path: `${agreementAt}/duties`,
    query: page,
    answer: listOf(duty),
  }),
  /** What a party says of its people and projects, with a document behind it. */
  attest: call({
    method: 'POST',
    path: `${agreementAt}/attestations`,
    body: Type.Object({
      kind: oneOf(['userTraining', 'ethicsApproval']),
      word: Type.String({ maxLength: 64 }),
      of: Type.Object({
        kind: oneOf(['org', 'user', 'project']),
        name: Type.Optional(name),
      }),
      link: Type.Optional(Type.String({ maxLength: 2_000 })),
      sha256: Type.Optional(Type.String({ maxLength: 64 })),
      until: Type.Optional(dateOrNull),
    }),
    answer: attestation,
  }),
  endAttestation: call({ method: 'DELETE', path: `${agreementAt}/attestations/:attestation` }),
  listAttestations: call({
    method: 'GET',
    path: `${agreementAt}/attestations`,
    query: page,
    answer: listOf(attestation),
  }),
  /** What was used of what the agreement counts, for each party. */
  listAgreementMeters: call({
    method: 'GET',
    path: `${agreementAt}/meters`,
    answer: Type.Object({
      items: Type.Array(
        Type.Object({
          org: id,
          operand: Type.String(),
          /** `all`, or a month such as `2026-01`. */
          period: Type.String(),
          used: Type.Integer(),
          /** By what runs at this moment. */
          reserved: Type.Integer(),
          most: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
        }),
      ),
    }),
  }),
  /** What was used in each month that is over, sealed by the hub. */
  listUsage: call({
    method: 'GET',
    path: `${agreementAt}/usage`,
    answer: Type.Object({
      items: Type.Array(
        Type.Object({
          org: id,
          month: Type.String(),
          sha256: Type.String(),
          /** DSSE, JSON. */
          envelope: Type.String(),
          disputed: textOrNull,
          at: date,
        }),
      ),
    }),
  }),
  disputeUsage: call({
    method: 'POST',
    path: `${agreementAt}/usage/:month/dispute`,
    body: Type.Object({
      /** Whose use it is. */
      of: name,
      reason: Type.String({ minLength: 1, maxLength: 1_000 }),
      ...expectation,
    }),
  }),
  correctUsage: call({
    method: 'POST',
    path: `${agreementAt}/usage/:month/corrections`,
    body: Type.Object({
      of: name,
      project: Type.String({ minLength: 1, maxLength: 100 }),
      operand: oneOf(['downloadsTotal', 'bytesTotal']),
      less: Type.Integer({ minimum: 1 }),
      reason: Type.String({ minLength: 1, maxLength: 1_000 }),
      ...expectation,
    }),
  }),
  reportEvent: call({
    method: 'POST',
    path: `${agreementAt}/events`,
    body: Type.Object({
      event: oneOf([
        'publication',
        'publicationDraft',
        'redistribution',
        'incident',
        'memberExit',
        'derivative',
      ]),
      /** The party it happened to; who reports it where nothing is said. */
      about: Type.Optional(name),
      at: Type.Optional(date),
      text: Type.String({ minLength: 1, maxLength: 2_000 }),
      ...expectation,
    }),
  }),
  /** Shows what was done. A certificate needs a person who has just proved who they are. */
  fulfilDuty: call({
    method: 'POST',
    path: `${at}/evidence`,
    body: Type.Object({
      text: Type.Optional(Type.String({ maxLength: 10_000 })),
      link: Type.Optional(Type.String({ maxLength: 2_000 })),
      sha256: Type.Optional(Type.String({ maxLength: 64 })),
      certificate: Type.Optional(certificate),
      signature: Type.Optional(
        Type.Object({
          publicKey: Type.String({ maxLength: 64 }),
          signature: Type.String({ maxLength: 128 }),
        }),
      ),
      ...expectation,
    }),
  }),
  acceptDuty: call({ method: 'POST', path: `${at}/accept`, body: Type.Object(expectation) }),
  disputeDuty: call({ method: 'POST', path: `${at}/dispute`, body: withReason }),
  waiveDuty: call({ method: 'POST', path: `${at}/waive`, body: withReason }),
} as const
