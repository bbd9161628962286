/** Gates: terms, requests for oneself or for an organisation, decisions with an end, access given. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccessRequest, GateTerms, RepoAction, RepoType } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { type AccessRequestId, isId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import { ctxOf, type Door } from '../kit/context.ts'
import { countOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'

const base = '/repos/:type/:ns/:name'

const date = { type: ['string', 'null'], maxLength: 40 } as const
const account = { type: 'string', minLength: 1, maxLength: 256 } as const
const states = ['pending', 'accepted', 'rejected'] as const
type State = (typeof states)[number]

interface AskBody {
  organization?: string | null
  fields?: Record<string, unknown> | null
  termsSha256?: string | null
}

const askBody = {
  type: 'object',
  properties: {
    organization: { ...account, type: ['string', 'null'] },
    fields: { type: ['object', 'null'] },
    termsSha256: { type: ['string', 'null'], maxLength: 64 },
  },
} as const

interface DecideBody {
  state: State
  reason?: string | null
  expiresAt?: string | null
}

const decideBody = {
  type: 'object',
  required: ['state'],
  properties: {
    state: { enum: states },
    reason: { type: ['string', 'null'], maxLength: 200 },
    expiresAt: date,
  },
} as const

interface GrantBody {
  account: string
  expiresAt?: string | null
}

const grantBody = {
  type: 'object',
  required: ['account'],
  properties: { account, expiresAt: date },
} as const

interface GateBody {
  kind?: 'auto' | 'manual' | null
  coversMembers?: boolean
}

const gateBody = {
  type: 'object',
  properties: {
    kind: { enum: ['auto', 'manual', null] },
    coversMembers: { type: 'boolean' },
  },
} as const

const repoTypes: readonly RepoType[] = ['model', 'dataset', 'space', 'kernel']

const repoIn = (request: FastifyRequest): { type: RepoType; path: string } => {
  // A cast because every route here declares them.
  const { type, ns, name } = request.params as { type: string; ns: string; name: string }
  const found = repoTypes.find((one) => one === type)
  if (found !== undefined) return { type: found, path: `${ns}/${name}` }
  throw new HubError('invalid', `A repo is one of ${repoTypes.join(', ')}, found "${type}".`)
}

const expiryOf = ({ expiresAt }: { expiresAt?: string | null }): { expiresAtMs?: number } => {
  if (expiresAt == null) return {}
  const expiresAtMs = Date.parse(expiresAt)
  if (!Number.isNaN(expiresAtMs)) return { expiresAtMs }
  throw new HubError('invalid', `"expiresAt" must be a date, found "${expiresAt}".`)
}

const requestJson = (request: AccessRequest) => {
  const { createdAtMs, reviewedAtMs, expiresAtMs, subject, ...rest } = request
  return {
    ...rest,
    account: subject,
    createdAt: isoDate(createdAtMs),
    reviewedAt: reviewedAtMs === undefined ? undefined : isoDate(reviewedAtMs),
    expiresAt: expiresAtMs === undefined ? undefined : isoDate(expiresAtMs),
  }
}

const termsJson = ({ heading, prompt, description, button, fields, text, sha256 }: GateTerms) => ({
  heading,
  prompt,
  description,
  button,
  fields: fields.map(({ name, type, isRequired, options }) => ({
    name,
    type,
    isRequired,
    options,
  })),
  text,
  sha256,
})

const registerAsking = (app: FastifyInstance, door: Door): void => {
  const { access, policy } = door.hub

  /** In whose name: the caller's own, or an organisation's that the caller manages. */
  const asking = (ctx: Ctx, organization: string | null | undefined) =>
    organization == null
      ? policy.requireOwnAccount(ctx)
      : policy.requireNamespace(ctx, 'namespace.manage', organization)

  app.get(`${base}/access-terms`, async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const permit = await policy.require(ctx, 'repo.browse', repoIn(request))
    return { gate: permit.repo.gate ?? null, ...termsJson(await access.terms(permit)) }
  })

  app.post<{ Body: AskBody }>(
    `${base}/access-requests`,
    { schema: { body: askBody } },
    async (request, reply) => {
      const { organization, fields, termsSha256 } = request.body
      const ctx = await ctxOf(door, request, reply)
      const permit = await policy.require(ctx, 'repo.browse', repoIn(request))
      const by = await asking(ctx, organization)
      const terms = termsSha256 == null ? {} : { termsSha256 }
      return requestJson(await access.ask(ctx, permit, by, { fields: fields ?? {}, ...terms }))
    },
  )

  /** Takes the own request back, or that of `?organization=`. */
  app.delete(`${base}/access-requests`, async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const permit = await policy.require(ctx, 'repo.browse', repoIn(request))
    const organization = oneOf(parseQuery(queryTextOf(request.url)), 'organization')
    await access.cancel(ctx, permit, await asking(ctx, organization))
    return reply.code(204).send()
  })
}

const registerDeciding = (app: FastifyInstance, door: Door): void => {
  const { access, identity, policy, repos } = door.hub

  const reach = async <A extends RepoAction>(
    request: FastifyRequest,
    reply: FastifyReply,
    action: A,
  ) => {
    const ctx = await ctxOf(door, request, reply)
    return { ctx, permit: await policy.require(ctx, action, repoIn(request)) }
  }

  const whichIn = (request: FastifyRequest): { requestId: AccessRequestId } => {
    const { id } = request.params as { id: string }
    // A cast because the form is all there is to an id.
    if (isId(id)) return { requestId: id as AccessRequestId }
    throw new HubError('entry_not_found', `There is no access request "${id}".`)
  }

  app.put<{ Body: GateBody }>(
    `${base}/gate`,
    { schema: { body: gateBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(request, reply, 'repo.admin')
      const { kind, coversMembers } = await repos.setGate(ctx, permit, request.body)
      return { kind: kind ?? null, coversMembers }
    },
  )

  app.get(`${base}/access-requests`, async (request, reply) => {
    const { permit } = await reach(request, reply, 'repo.write')
    const query = parseQuery(queryTextOf(request.url))
    const state = states.find((one) => one === (oneOf(query, 'state') ?? 'pending'))
    if (state === undefined) {
      throw new HubError('invalid', `"state" must be one of ${states.join(', ')}.`)
    }
    const word = oneOf(query, 'q')
    const after = oneOf(query, 'cursor')
    const { requests, next } = await access.list(permit, {
      state,
      limit: Math.max(1, countOf(query, 'limit', 100, limits.accessPageMax)),
      ...(word === undefined || word === '' ? {} : { word }),
      ...(after === undefined ? {} : { after }),
    })
    return { items: requests.map(requestJson), next }
  })

  app.get(`${base}/access-requests/:id/terms`, async (request, reply) => {
    const { permit } = await reach(request, reply, 'repo.write')
    return { text: await access.agreedText(permit, whichIn(request)) }
  })

  app.patch<{ Body: DecideBody }>(
    `${base}/access-requests/:id`,
    { schema: { body: decideBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(request, reply, 'repo.write')
      const { state, reason } = request.body
      const said = reason == null ? {} : { reason }
      const verdict = { state, ...said, ...expiryOf(request.body) }
      return requestJson(await access.decide(ctx, permit, whichIn(request), verdict))
    },
  )

  app.post<{ Body: GrantBody }>(
    `${base}/access-grants`,
    { schema: { body: grantBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(request, reply, 'repo.write')
      const { account: name } = request.body
      const found = await identity.find(name)
      if (found === undefined) {
        throw new HubError('account_not_found', `There is no user or organisation "${name}" here.`)
      }
      return requestJson(await access.grant(ctx, permit, found.id, expiryOf(request.body)))
    },
  )
}

export const registerAccess = (app: FastifyInstance, door: Door): void => {
  registerAsking(app, door)
  registerDeciding(app, door)
}
