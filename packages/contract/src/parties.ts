/** Organisations as parties: who they are in law, their keys, and who signs for them. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, listOf, name, oneOf, page } from './parts.ts'

const profile = Type.Object({
  legalName: Type.String({ minLength: 1, maxLength: 200 }),
  /** ISO 3166-1, two letters. */
  seat: Type.String({ maxLength: 2 }),
  orgType: oneOf(['Company', 'Hospital', 'Academic', 'NonProfit', 'PublicBody']),
})

const use = oneOf(['seal', 'recovery'])
/** Ed25519, 32 bytes, base64url. */
const publicKey = Type.String({ maxLength: 64 })
/** Ed25519 signature, base64url. */
const proof = Type.String({ maxLength: 128 })

const key = Type.Object({
  id: Type.String(),
  use,
  publicKey,
  /** Somebody else holds the private part. */
  isBrought: Type.Boolean(),
  from: date,
  to: dateOrNull,
  revokedAt: dateOrNull,
})

const sides = Type.Array(oneOf(['provider', 'consumer']), { minItems: 1, maxItems: 2 })

const signatory = Type.Object({
  id,
  user: name,
  fullName: Type.String(),
  title: Type.String(),
  sides,
  /** Absent for all. */
  templates: Type.Optional(Type.Array(Type.String())),
  from: date,
  to: date,
  /** One person names, a second one confirms. */
  state: oneOf(['named', 'in_force', 'not_yet', 'over']),
})

const domain = Type.Object({
  domain: Type.String(),
  /** `lost` when the proof was there and has stayed away. */
  state: oneOf(['pending', 'verified', 'lost']),
  /** The text to put at `textName`, or as a line of the file at `fileUrl`. */
  proof: Type.String(),
  textName: Type.String(),
  fileUrl: Type.String(),
  method: Type.Union([oneOf(['dns', 'file']), Type.Null()]),
  verifiedAt: dateOrNull,
  checkedAt: dateOrNull,
  problem: Type.Union([Type.String(), Type.Null()]),
})
const domainName = Type.String({ minLength: 1, maxLength: 260 })

const keyId = Type.String({ maxLength: 64 })

export const partyCalls = {
  getParty: call({
    method: 'GET',
    path: '/orgs/:org/party',
    answer: Type.Object({ profile: Type.Union([profile, Type.Null()]) }),
  }),
  describeParty: call({ method: 'PUT', path: '/orgs/:org/party', body: profile, answer: profile }),
  listDomains: call({
    method: 'GET',
    path: '/orgs/:org/domains',
    answer: Type.Object({ items: Type.Array(domain) }),
  }),
  addDomain: call({
    method: 'POST',
    path: '/orgs/:org/domains',
    body: Type.Object({ domain: domainName }),
    answer: domain,
  }),
  /** Looks for the proof now. */
  verifyDomain: call({
    method: 'POST',
    path: '/orgs/:org/domains/:domain/verify',
    answer: domain,
  }),
  removeDomain: call({ method: 'DELETE', path: '/orgs/:org/domains/:domain' }),
  listKeys: call({
    method: 'GET',
    path: '/orgs/:org/keys',
    answer: Type.Object({ items: Type.Array(key) }),
  }),
  makeKey: call({
    method: 'POST',
    path: '/orgs/:org/keys',
    body: Type.Object({ use }),
    answer: key,
  }),
  bringKey: call({
    method: 'POST',
    path: '/orgs/:org/keys/brought',
    body: Type.Object({ use, publicKey, proof }),
    answer: key,
  }),
  revokeKey: call({
    method: 'POST',
    path: '/orgs/:org/keys/:key/revoke',
    body: Type.Object({
      why: oneOf(['superseded', 'compromised', 'lost']),
      /** What was signed later is void; now when absent. */
      at: Type.Optional(dateOrNull),
    }),
  }),
  recoverSeal: call({
    method: 'POST',
    path: '/orgs/:org/keys/recover',
    body: Type.Object({ publicKey, proof, lost: keyId }),
    answer: key,
  }),
  listSignatories: call({
    method: 'GET',
    path: '/orgs/:org/signatories',
    query: page,
    answer: listOf(signatory),
  }),
  nameSignatory: call({
    method: 'POST',
    path: '/orgs/:org/signatories',
    body: Type.Object({
      user: name,
      title: Type.String({ minLength: 1, maxLength: 100 }),
      sides,
      templates: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50 })),
      from: Type.Optional(dateOrNull),
      to: date,
    }),
    answer: signatory,
  }),
  confirmSignatory: call({
    method: 'POST',
    path: '/orgs/:org/signatories/:id/confirm',
    answer: signatory,
  }),
  endSignatory: call({ method: 'DELETE', path: '/orgs/:org/signatories/:id' }),
} as const
