/** Agreements of an organisation: talked about, signed, kept, ended. */
import { Type } from 'typebox'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Act } from '@weighhouse/formats/agreement/sayable.ts'
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
  repoType,
  textOrNull,
} from './parts.ts'

const partyRole = oneOf(['provider', 'consumer', 'member', 'coordinator'])
const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const version = Type.Integer({ minimum: 1, maximum: 1_000_000 })

export type AgreementWish = Omit<
  AgreementBody,
  'format' | 'agreement' | 'version' | 'supersedes' | 'parties' | 'scope'
> & { repos: { type: 'model' | 'dataset' | 'space' | 'kernel'; path: string }[] }

/** What the writer says of a version; the hub fills in the rest. All but its repos is read strictly, with the place of what is wrong. */
export const agreementWish = Type.Unsafe<AgreementWish>({
  type: 'object',
  required: ['repos'],
  properties: {
    repos: Type.Array(Type.Object({ type: repoType, path: name }), { maxItems: 1_000 }),
  },
})

/** Named once, where it is found out what may be said. */
const act = Type.Unsafe<Act>({ type: 'string' })

const onTable = Type.Object({ version, sha256 })

/** What is weak in the terms of a text: who signs it should have read that. Terms that contradict themselves are not written down. */
const findings = Type.Array(
  Type.Object({
    code: Type.String(),
    level: oneOf(['error', 'warning']),
    /** Id of the rule it is about. */
    rule: Type.String(),
    message: Type.String(),
  }),
)
const written = Type.Object({ version, sha256, findings })

const phase = oneOf(['needs', 'talk', 'force', 'ended'])

const agreement = Type.Object({
  id,
  title: Type.String(),
  state: Type.String(),
  /** Of the version that is talked about, also while another one is in force. */
  talk: Type.String(),
  /** Where it stands for the organisation: it waits for it, is talked about, in force, or over. */
  phase,
  /** What the caller could say for the organisation now. */
  may: Type.Array(act),
  /** Of the last statement. */
  seq: Type.Integer(),
  parties: Type.Array(Type.Object({ org: id, name, role: partyRole })),
  candidate: Type.Union([
    Type.Object({
      version,
      sha256,
      author: id,
      agreedBy: Type.Array(id),
      signedBy: Type.Array(id),
      /** Where two people of each party sign: organisations of which one did. */
      firstSignedBy: Type.Array(id),
    }),
    Type.Null(),
  ]),
  inForce: Type.Union([onTable, Type.Null()]),
  from: dateOrNull,
  to: dateOrNull,
  offerUntil: dateOrNull,
  createdAt: date,
  updatedAt: date,
})

const grant = Type.Object({
  id,
  project: Type.String(),
  purposes: Type.Array(Type.String()),
  granteeKind: oneOf(['org', 'team', 'user']),
  granteeId: id,
  /** Of a person; null for the others, and for one who has gone. */
  granteeName: textOrNull,
  from: date,
  to: dateOrNull,
  isOver: Type.Boolean(),
})

const at = '/orgs/:org/agreements/:id'

const withReason = Type.Object({
  reason: Type.String({ minLength: 1, maxLength: 1_000 }),
  ...expectation,
})
const writing = Type.Object({ wish: agreementWish, ...expectation })

/** A document of any length, so it is fetched and not called: `Evidence` in `formats/agreement/evidence.ts`. */
export const evidencePath = `${at}/evidence`

/** A version as people print it: HTML on paper. */
export const paperPath = `${at}/versions/:version/paper`

export const agreementCalls = {
  listAgreements: call({
    method: 'GET',
    path: '/orgs/:org/agreements',
    query: Type.Object({ ...page.properties, phase: Type.Optional(phase) }),
    answer: listOf(agreement),
  }),
  /** How many stand where for the organisation. */
  countAgreements: call({
    method: 'GET',
    path: '/orgs/:org/agreement-counts',
    answer: Type.Object({
      needs: Type.Integer(),
      talk: Type.Integer(),
      force: Type.Integer(),
      ended: Type.Integer(),
    }),
  }),
  createAgreement: call({
    method: 'POST',
    path: '/orgs/:org/agreements',
    body: Type.Object({
      title: Type.String({ minLength: 1, maxLength: 200 }),
      template: Type.String({ maxLength: 200 }),
      parties: Type.Array(Type.Object({ name, role: partyRole }), { minItems: 2, maxItems: 50 }),
    }),
    answer: Type.Object({ id }),
  }),
  getAgreement: call({ method: 'GET', path: at, answer: agreement }),
  getAgreementVersion: call({
    method: 'GET',
    path: `${at}/versions/:version`,
    answer: Type.Object({
      version,
      sha256,
      /** Canonical JSON: the bytes that are signed. */
      text: Type.String(),
      findings,
    }),
  }),
  /** What its template was filled with; null where the text is not that of a template alone, or not of one that the caller has. */
  getAgreementValues: call({
    method: 'GET',
    path: `${at}/versions/:version/values`,
    answer: Type.Object({
      values: Type.Unsafe<Record<string, unknown> | null>({
        type: ['object', 'null'],
        additionalProperties: true,
      }),
    }),
  }),
  listStatements: call({
    method: 'GET',
    path: `${at}/statements`,
    query: page,
    answer: listOf(
      Type.Object({
        seq: Type.Integer(),
        hash: sha256,
        /** DSSE, JSON. */
        envelope: Type.String(),
      }),
    ),
  }),
  draftAgreement: call({ method: 'POST', path: `${at}/draft`, body: writing, answer: written }),
  counterAgreement: call({ method: 'POST', path: `${at}/counter`, body: writing, answer: written }),
  proposeAgreement: call({
    method: 'POST',
    path: `${at}/propose`,
    body: Type.Object({ version, sha256, offerUntil: Type.Optional(dateOrNull), ...expectation }),
  }),
  agree: call({
    method: 'POST',
    path: `${at}/agree`,
    body: Type.Object({ version, sha256, ...expectation }),
  }),
  rejectAgreement: call({ method: 'POST', path: `${at}/reject`, body: withReason }),
  withdrawAgreement: call({ method: 'POST', path: `${at}/withdraw`, body: withReason }),
  suspendAgreement: call({ method: 'POST', path: `${at}/suspend`, body: withReason }),
  resumeAgreement: call({ method: 'POST', path: `${at}/resume`, body: withReason }),
  /** In force until the days of notice are over that it says; at once for a cause, which the reason tells. */
  terminateAgreement: call({
    method: 'POST',
    path: `${at}/terminate`,
    body: Type.Object({ ...withReason.properties, cause: Type.Optional(Type.Boolean()) }),
  }),
  rescindAgreement: call({ method: 'POST', path: `${at}/rescind`, body: withReason }),
  /** By a person with authority who has just proved who they are; by the hub's seal of the organisation, or one it holds itself. */
  signAgreement: call({
    method: 'POST',
    path: `${at}/sign`,
    body: Type.Object({
      version,
      sha256,
      signature: Type.Optional(
        Type.Object({
          publicKey: Type.String({ maxLength: 64 }),
          signature: Type.String({ maxLength: 128 }),
        }),
      ),
      ...expectation,
    }),
  }),
  notePrecondition: call({
    method: 'POST',
    path: `${at}/preconditions`,
    body: Type.Object({
      rule: Type.String({ maxLength: 500 }),
      name: Type.String({ maxLength: 64 }),
    }),
  }),
  listAgreementGrants: call({
    method: 'GET',
    path: `${at}/grants`,
    query: page,
    answer: listOf(grant),
  }),
  grantAgreement: call({
    method: 'POST',
    path: `${at}/grants`,
    body: Type.Object({
      project: Type.String({ minLength: 1, maxLength: 100 }),
      purposes: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 }),
      environment: Type.Optional(Type.String({ maxLength: 64 })),
      to: Type.Object({
        kind: oneOf(['org', 'team', 'user']),
        name: Type.Optional(Type.String({ maxLength: 256 })),
      }),
      token: Type.Optional(id),
      until: Type.Optional(dateOrNull),
    }),
    answer: grant,
  }),
  endAgreementGrant: call({ method: 'DELETE', path: `${at}/grants/:grant` }),
  /** What statements are sealed with. */
  getHubSeal: call({
    method: 'GET',
    path: '/seal',
    answer: Type.Object({ keyid: Type.String(), publicKey: Type.String() }),
  }),
} as const
