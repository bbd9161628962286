/** Gates: terms, requests for oneself or for an organisation, decisions, access given. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, listOf, name, oneOf, page, repoType, textOrNull } from './parts.ts'

const gateKindOrNull = Type.Unsafe<'auto' | 'manual' | null>({ enum: ['auto', 'manual', null] })
/** Not a union: what comes in is coerced to its first member. */
const templateOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 200 })
const state = oneOf(['pending', 'accepted', 'rejected'])

/** Answers by field: a text, or true for a box that is ticked. */
const answers = Type.Unsafe<Record<string, string | boolean>>({
  type: 'object',
  additionalProperties: true,
})

const account = Type.Object({
  id,
  kind: oneOf(['user', 'org']),
  name: Type.String(),
  fullName: Type.String(),
  /** Of somebody who asked by themselves. */
  email: Type.Optional(Type.String()),
})

const accessRequest = Type.Object({
  id,
  state,
  /** Accepted once, and the time is over. */
  isEnded: Type.Boolean(),
  /** Given by a manager of the repo, not asked for. */
  isGrant: Type.Boolean(),
  account,
  fields: answers,
  termsSha256: textOrNull,
  createdAt: date,
  reviewedAt: dateOrNull,
  reviewedBy: textOrNull,
  reason: textOrNull,
  expiresAt: dateOrNull,
  /** At a gate that opens by an agreement: the organisation that agrees, and the agreement, where there is one. */
  agreeing: Type.Union([
    Type.Object({ organization: Type.String(), agreement: textOrNull }),
    Type.Null(),
  ]),
})

/** With where it was asked. */
const placedRequest = Type.Object({
  ...accessRequest.properties,
  repo: Type.Object({ type: repoType, path: Type.String() }),
})

const field = Type.Object({
  name: Type.String(),
  type: oneOf(['text', 'checkbox', 'select', 'date_picker', 'country']),
  isRequired: Type.Boolean(),
  /** Of a select. */
  options: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
})

const terms = Type.Object({
  gate: gateKindOrNull,
  /** Of the agreement that opens the gate. */
  template: textOrNull,
  heading: textOrNull,
  prompt: textOrNull,
  description: textOrNull,
  button: textOrNull,
  fields: Type.Array(field),
  /** All that is agreed to, as one text. */
  text: Type.String(),
  sha256: Type.String(),
})

const ask = Type.Object({
  /** Asks for everybody in it; the caller must manage it. */
  organization: Type.Optional(name),
  /** At a gate that opens by an agreement: which of the caller's organisations agrees. */
  agreeing: Type.Optional(name),
  fields: Type.Optional(
    Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  ),
  /** Of the terms that were read: refused when they have changed. */
  termsSha256: Type.Optional(Type.String({ maxLength: 64 })),
})

const decision = Type.Object({
  state,
  reason: Type.Optional(Type.String({ maxLength: 200 })),
  /** Of an acceptance: it ends then. */
  expiresAt: Type.Optional(dateOrNull),
})

const grant = Type.Object({ account: name, expiresAt: Type.Optional(dateOrNull) })

const gate = Type.Object({
  kind: Type.Optional(gateKindOrNull),
  /** Members of the owning organisation who may only read need access too. */
  coversMembers: Type.Optional(Type.Boolean()),
  /** The gate opens by an agreement of the asker's organisation with the owner, by this template; null for none. It is "manual" then. */
  template: Type.Optional(templateOrNull),
})

const gateNow = Type.Object({
  kind: gateKindOrNull,
  coversMembers: Type.Boolean(),
  template: textOrNull,
})

const wanted = Type.Object({
  ...page.properties,
  state: Type.Optional(state),
  /** Part of a name or a mail address. */
  q: Type.Optional(Type.String({ maxLength: 256 })),
})

const repo = '/repos/:type/:ns/:name'

export const accessCalls = {
  readTerms: call({ method: 'GET', path: `${repo}/access-terms`, answer: terms }),
  askAccess: call({
    method: 'POST',
    path: `${repo}/access-requests`,
    body: ask,
    answer: accessRequest,
  }),
  withdrawAccess: call({
    method: 'DELETE',
    path: `${repo}/access-requests`,
    query: Type.Object({ organization: Type.Optional(name) }),
  }),
  listAccess: call({
    method: 'GET',
    path: `${repo}/access-requests`,
    query: wanted,
    answer: Type.Object({ items: Type.Array(accessRequest), next: textOrNull }),
  }),
  /** What waits at the gates of the caller's own repos, and of those of organisations that the caller writes in. The newest first. */
  listAccessToDecide: call({
    method: 'GET',
    path: '/access-requests',
    query: page,
    answer: listOf(placedRequest),
  }),
  /** What the caller has asked for, in whatever state. The newest first. */
  listMyAccess: call({
    method: 'GET',
    path: '/me/access-requests',
    query: page,
    answer: listOf(placedRequest),
  }),
  decideAccess: call({
    method: 'PATCH',
    path: `${repo}/access-requests/:id`,
    body: decision,
    answer: accessRequest,
  }),
  readAgreedTerms: call({
    method: 'GET',
    path: `${repo}/access-requests/:id/terms`,
    answer: Type.Object({ text: Type.String() }),
  }),
  giveAccess: call({
    method: 'POST',
    path: `${repo}/access-grants`,
    body: grant,
    answer: accessRequest,
  }),
  setGate: call({
    method: 'PUT',
    path: `${repo}/gate`,
    body: gate,
    answer: gateNow,
  }),
  /** For those who administer the repo. */
  getGate: call({ method: 'GET', path: `${repo}/gate`, answer: gateNow }),
} as const
