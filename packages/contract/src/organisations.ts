/** Teams, resource groups, grants, invitations and rules of an organisation. */
import { Type } from 'typebox'
import { call } from './call.ts'
import {
  date,
  dateOrNull,
  id,
  listOf,
  name,
  oneOf,
  page,
  repoType,
  role,
  textOrNull,
} from './parts.ts'

const team = Type.Object({ id, name, createdAt: date })
const group = Type.Object({ id, name, createdAt: date })
const named = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) })

const teams = {
  listTeams: call({ method: 'GET', path: '/orgs/:org/teams', query: page, answer: listOf(team) }),
  createTeam: call({ method: 'POST', path: '/orgs/:org/teams', body: named, answer: team }),
  renameTeam: call({ method: 'PATCH', path: '/orgs/:org/teams/:team', body: named, answer: team }),
  deleteTeam: call({ method: 'DELETE', path: '/orgs/:org/teams/:team' }),
  listTeamMembers: call({
    method: 'GET',
    path: '/orgs/:org/teams/:team/members',
    query: page,
    answer: listOf(Type.Object({ id, name, fullName: Type.String() })),
  }),
  addToTeam: call({ method: 'PUT', path: '/orgs/:org/teams/:team/members/:user' }),
  removeFromTeam: call({ method: 'DELETE', path: '/orgs/:org/teams/:team/members/:user' }),
} as const

const groups = {
  listGroups: call({
    method: 'GET',
    path: '/orgs/:org/groups',
    query: page,
    answer: listOf(group),
  }),
  createGroup: call({ method: 'POST', path: '/orgs/:org/groups', body: named, answer: group }),
  deleteGroup: call({ method: 'DELETE', path: '/orgs/:org/groups/:group' }),
  listGroupRepos: call({
    method: 'GET',
    path: '/orgs/:org/groups/:group/repos',
    query: page,
    answer: listOf(Type.Object({ id, type: repoType, path: name })),
  }),
  putInGroup: call({ method: 'PUT', path: '/orgs/:org/groups/:group/repos/:type/:name' }),
  takeOutOfGroup: call({ method: 'DELETE', path: '/orgs/:org/groups/:group/repos/:type/:name' }),
} as const

const grant = Type.Object({
  target: Type.Object({
    kind: oneOf(['repo', 'group']),
    id,
    name: Type.String(),
    type: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  }),
  grantee: Type.Object({ kind: oneOf(['user', 'team']), id, name: Type.String() }),
  role,
  /** The person is no member of the organisation. */
  isOutside: Type.Boolean(),
  grantedAt: date,
  expiresAt: dateOrNull,
})

const grants = {
  listGrants: call({
    method: 'GET',
    path: '/orgs/:org/grants',
    query: Type.Object({ ...page.properties, target: Type.Optional(id) }),
    answer: listOf(grant),
  }),
  /** `name` of a repo is without its owner. */
  putGrant: call({
    method: 'PUT',
    path: '/orgs/:org/grants',
    body: Type.Object({
      target: Type.Union([
        Type.Object({ kind: Type.Literal('repo'), type: repoType, name }),
        Type.Object({ kind: Type.Literal('group'), name }),
      ]),
      grantee: Type.Object({ kind: oneOf(['user', 'team']), name }),
      role,
      expiresAt: Type.Optional(dateOrNull),
    }),
  }),
  deleteGrant: call({ method: 'DELETE', path: '/orgs/:org/grants/:target/:grantee' }),
} as const

const invitation = Type.Object({
  id,
  role,
  email: textOrNull,
  createdAt: date,
  expiresAt: date,
  memberUntil: dateOrNull,
})

const invitations = {
  listInvitations: call({
    method: 'GET',
    path: '/orgs/:org/invitations',
    query: page,
    answer: listOf(invitation),
  }),
  /** The secret is shown once; whoever is signed in may accept with it. */
  createInvitation: call({
    method: 'POST',
    path: '/orgs/:org/invitations',
    body: Type.Object({
      role,
      email: Type.Optional(Type.String({ maxLength: 320 })),
      lifeSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
      memberUntil: Type.Optional(dateOrNull),
    }),
    answer: Type.Object({ invitation, secret: Type.String() }),
  }),
  revokeInvitation: call({ method: 'DELETE', path: '/orgs/:org/invitations/:id' }),
  acceptInvitation: call({
    method: 'POST',
    path: '/invitations/accept',
    body: Type.Object({ secret: name }),
    answer: Type.Object({ org: name, role }),
  }),
} as const

const maxLife = Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 1 })

const policy = Type.Object({
  /** The longest life of a token that is accepted; null for any. */
  tokenLifeSecondsMax: maxLife,
  needsTokenApproval: Type.Boolean(),
  needsTwoPeople: Type.Boolean(),
})

const words = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 100 })

/** What an organisation lets its own people take from others. A list without words is no rule. */
const takingRules = Type.Object({
  formatsDenied: words,
  licencesAllowed: words,
  countriesAllowed: words,
})

const rules = {
  getTakingRules: call({ method: 'GET', path: '/orgs/:org/taking-rules', answer: takingRules }),
  /** What is absent stays. */
  setTakingRules: call({
    method: 'PATCH',
    path: '/orgs/:org/taking-rules',
    body: Type.Partial(takingRules),
    answer: takingRules,
  }),
  getPolicy: call({ method: 'GET', path: '/orgs/:org/policy', answer: policy }),
  /** What is absent stays. */
  setPolicy: call({
    method: 'PATCH',
    path: '/orgs/:org/policy',
    body: Type.Partial(policy),
    answer: policy,
  }),
} as const

const approvals = {
  /** What waits for a second person, or was decided. */
  listApprovals: call({
    method: 'GET',
    path: '/orgs/:org/approvals',
    query: Type.Object({
      ...page.properties,
      state: Type.Optional(oneOf(['open', 'all'])),
    }),
    answer: listOf(
      Type.Object({
        id,
        act: Type.String(),
        /** What it is about, by act. */
        about: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
        state: oneOf(['open', 'done', 'refused', 'expired']),
        askedBy: name,
        askedAt: date,
        expiresAt: date,
        decidedBy: textOrNull,
        decidedAt: dateOrNull,
      }),
    ),
  }),
  decideApproval: call({
    method: 'POST',
    path: '/orgs/:org/approvals/:id',
    body: Type.Object({ decision: oneOf(['approve', 'refuse']) }),
  }),
} as const

export const organisationCalls = {
  ...teams,
  ...groups,
  ...grants,
  ...invitations,
  ...rules,
  ...approvals,
} as const
