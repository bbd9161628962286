/** People and organisations. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, listOf, name, page, role, textOrNull } from './parts.ts'

const account = {
  id,
  name,
  fullName: Type.String(),
  details: textOrNull,
  website: textOrNull,
  createdAt: date,
}

export const me = Type.Object({
  ...account,
  email: textOrNull,
  isAdmin: Type.Boolean(),
  /** The name of the organisation that a service account works for. */
  serviceOf: textOrNull,
  orgs: Type.Array(Type.Object({ id, name, fullName: Type.String(), role })),
})

export const user = Type.Object({
  ...account,
  email: textOrNull,
  isAdmin: Type.Boolean(),
  isDisabled: Type.Boolean(),
})

export const org = Type.Object(account)

export const card = Type.Object(
  {
    fullName: Type.Optional(Type.String({ maxLength: 2_000 })),
    details: Type.Optional(Type.String({ maxLength: 2_000 })),
    website: Type.Optional(Type.String({ maxLength: 2_000 })),
  },
  { additionalProperties: false },
)

export const accountCalls = {
  getMe: call({ method: 'GET', path: '/me', answer: me }),
  setMyCard: call({ method: 'PATCH', path: '/me', body: card, answer: org }),
  /** For administrators of the hub. */
  listUsers: call({ method: 'GET', path: '/users', query: page, answer: listOf(user) }),
  listOrgs: call({ method: 'GET', path: '/orgs', query: page, answer: listOf(org) }),
  /** For administrators of the hub. */
  createOrg: call({
    method: 'POST',
    path: '/orgs',
    body: Type.Object({ name, owner: name }),
    answer: org,
  }),
  getOrg: call({ method: 'GET', path: '/orgs/:org', answer: org }),
  setOrgCard: call({ method: 'PATCH', path: '/orgs/:org', body: card, answer: org }),
  deleteOrg: call({ method: 'DELETE', path: '/orgs/:org' }),
  /** The caller leaves, and the other is administrator. */
  transferOrg: call({
    method: 'POST',
    path: '/orgs/:org/transfer',
    body: Type.Object({ to: name }),
  }),
  leaveOrg: call({ method: 'POST', path: '/orgs/:org/leave' }),
  listMembers: call({
    method: 'GET',
    path: '/orgs/:org/members',
    query: page,
    answer: listOf(
      Type.Object({
        id,
        name,
        fullName: Type.String(),
        role,
        since: date,
        expiresAt: dateOrNull,
      }),
    ),
  }),
  setMember: call({
    method: 'PUT',
    path: '/orgs/:org/members/:user',
    body: Type.Object({ role, expiresAt: Type.Optional(dateOrNull) }),
  }),
  removeMember: call({ method: 'DELETE', path: '/orgs/:org/members/:user' }),
  listServiceAccounts: call({
    method: 'GET',
    path: '/orgs/:org/service-accounts',
    query: page,
    answer: listOf(user),
  }),
  createServiceAccount: call({
    method: 'POST',
    path: '/orgs/:org/service-accounts',
    body: Type.Object({ name, fullName: Type.Optional(Type.String({ maxLength: 2_000 })) }),
    answer: user,
  }),
  disableServiceAccount: call({ method: 'DELETE', path: '/orgs/:org/service-accounts/:name' }),
} as const
