/** Tokens: one's own, and those of an organisation's service accounts. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, listOf, name, oneOf, page, repoType } from './parts.ts'

export const permissions = [
  'repo.content.read',
  'repo.write',
  'repo.manage',
  'org.read',
  'org.write',
  'collection.read',
  'collection.write',
  'user.manage',
] as const

/** A repo, everything of one namespace, or all that the account reaches. */
const target = Type.Union([
  Type.Object({ kind: Type.Literal('repo'), type: repoType, path: name }),
  Type.Object({ kind: Type.Literal('account'), name }),
  Type.Object({ kind: Type.Literal('all') }),
])

export const scope = Type.Object({
  readsGated: Type.Boolean(),
  entries: Type.Array(Type.Object({ target, permissions: Type.Array(oneOf(permissions)) }), {
    minItems: 1,
    maxItems: 200,
  }),
})

const tokenRole = oneOf(['read', 'write', 'fineGrained'])
const ipRanges = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 })

const newToken = Type.Object({
  label: name,
  role: tokenRole,
  /** When it ends by itself. */
  expiresAt: Type.Optional(dateOrNull),
  /** For the role `fineGrained`. */
  scope: Type.Optional(scope),
  /** Addresses and CIDR ranges it is accepted from; none for anywhere. */
  ipRanges: Type.Optional(ipRanges),
})

export const token = Type.Object({
  id,
  label: Type.String(),
  role: tokenRole,
  /** The last characters of the secret. */
  hint: Type.String(),
  state: oneOf(['active', 'expired', 'revoked', 'leaked', 'rotated']),
  createdAt: date,
  lastUsedAt: dateOrNull,
  expiresAt: dateOrNull,
  readsGated: Type.Boolean(),
  /** Targets by their ids, as kept. */
  scope: Type.Array(
    Type.Object({
      kind: oneOf(['repo', 'account', 'all']),
      id,
      permissions: Type.Array(Type.String()),
    }),
  ),
  ipRanges,
})

/** The secret is shown once. */
export const issued = Type.Object({ token, secret: Type.String() })

const overlap = Type.Object({
  /** How long the old secret goes on beside the new one. */
  overlapSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 604_800 })),
})

const service = '/orgs/:org/service-accounts/:name/tokens'

export const tokenCalls = {
  listTokens: call({ method: 'GET', path: '/tokens', query: page, answer: listOf(token) }),
  createToken: call({ method: 'POST', path: '/tokens', body: newToken, answer: issued }),
  renameToken: call({ method: 'PATCH', path: '/tokens/:id', body: Type.Object({ label: name }) }),
  rotateToken: call({ method: 'POST', path: '/tokens/:id/rotate', body: overlap, answer: issued }),
  revokeToken: call({ method: 'DELETE', path: '/tokens/:id' }),
  listServiceTokens: call({ method: 'GET', path: service, query: page, answer: listOf(token) }),
  createServiceToken: call({ method: 'POST', path: service, body: newToken, answer: issued }),
  rotateServiceToken: call({
    method: 'POST',
    path: `${service}/:id/rotate`,
    body: overlap,
    answer: issued,
  }),
  revokeServiceToken: call({ method: 'DELETE', path: `${service}/:id` }),
  /** What members' tokens ask an organisation that approves them. */
  listTokenApprovals: call({
    method: 'GET',
    path: '/orgs/:org/token-approvals',
    query: Type.Object({
      ...page.properties,
      state: Type.Optional(oneOf(['pending', 'approved', 'denied'])),
    }),
    answer: listOf(
      Type.Object({
        tokenId: id,
        label: Type.String(),
        role: tokenRole,
        hint: Type.String(),
        account: name,
        state: oneOf(['pending', 'approved', 'denied']),
        askedAt: date,
        decidedAt: dateOrNull,
      }),
    ),
  }),
  decideTokenApproval: call({
    method: 'POST',
    path: '/orgs/:org/token-approvals/:tokenId',
    body: Type.Object({ state: oneOf(['approved', 'denied']) }),
  }),
} as const
