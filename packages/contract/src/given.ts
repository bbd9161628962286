/** What agreements give to the caller: for those who keep to a text and do not negotiate it. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { dateOrNull, id, listOf, name, oneOf, page, textOrNull } from './parts.ts'

const at = '/orgs/:org/agreements/:id'
const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

const given = {
  id,
  title: Type.String(),
  state: Type.String(),
  /** The organisation of the caller that is given something. */
  org: Type.String(),
  parties: Type.Array(
    Type.Object({ org: id, name, role: oneOf(['provider', 'consumer', 'member', 'coordinator']) }),
  ),
  from: dateOrNull,
  to: dateOrNull,
  /** By which the organisation lets the caller use it. */
  grants: Type.Array(
    Type.Object({
      project: Type.String(),
      purposes: Type.Array(Type.String()),
      environment: textOrNull,
      /** For one token of the caller alone. */
      isForOneToken: Type.Boolean(),
      to: dateOrNull,
    }),
  ),
  /** When the caller accepted the restrictions of the text in force. */
  acceptedAt: dateOrNull,
}
const givenText = Type.Object({
  version: Type.Integer(),
  sha256,
  /** Canonical JSON: the bytes that were signed. */
  text: Type.String(),
  /** Ids of the rules that people have to accept. */
  restrictions: Type.Array(Type.String()),
})
export const givenCalls = {
  /** Agreements that give something to organisations of the caller, the newest first: also those which they have not let the caller use. */
  listGivenAgreements: call({
    method: 'GET',
    path: '/me/agreements',
    query: page,
    answer: listOf(Type.Object(given)),
  }),
  /** The same of one, with its text for those who are let use it. */
  getGivenAgreement: call({
    method: 'GET',
    path: `${at}/given`,
    answer: Type.Object({
      ...given,
      text: Type.Union([givenText, Type.Null()]),
      /** Whom to ask in the organisation: those who administer it. */
      administrators: Type.Array(Type.String()),
    }),
  }),
  /** Accepts, for oneself, restrictions that nobody can see kept from outside. */
  acceptAgreement: call({
    method: 'POST',
    path: `${at}/assent`,
    /** Of the text that was read: refused when another one is in force. */
    query: Type.Object({ sha256: Type.Optional(sha256) }),
  }),
  /** The same for a service account of the organisation, by an administrator. */
  acceptAgreementFor: call({ method: 'POST', path: `${at}/assent/:account` }),
} as const
