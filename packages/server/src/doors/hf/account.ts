/** Who the caller is, who others are, and the calls that clients make in the background. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import { authenticate, ctxOf, type Door } from '../kit/context.ts'
import { countOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { parseRepoType, repoTypes } from './target.ts'

const avatarUrl = '/avatars/default.svg'

const billing = { canPay: false, billingMode: 'postpaid', periodEnd: null }

const registerWhoami = (app: FastifyInstance, door: Door): void => {
  const { identity } = door.hub
  app.get('/api/whoami-v2', async (request) => {
    const found = await authenticate(door, request)
    const account = found && (await identity.get(found.actor.id))
    if (found === undefined || account === undefined) {
      throw new HubError('unauthenticated', 'Invalid credentials in Authorization header')
    }
    const orgs = await identity.memberships(account.id)
    return {
      type: 'user',
      id: account.id,
      name: account.name,
      fullname: account.fullName,
      email: account.email ?? null,
      emailVerified: account.email !== undefined,
      ...billing,
      isPro: false,
      avatarUrl,
      orgs: orgs.map((org) => ({
        type: 'org',
        id: org.orgId,
        name: org.orgName,
        fullname: org.orgFullName,
        email: null,
        ...billing,
        avatarUrl,
        roleInOrg: org.role,
        isEnterprise: false,
      })),
      auth: {
        type: 'access_token',
        accessToken: {
          displayName: found.label,
          role: found.actor.tokenRole,
          createdAt: isoDate(found.createdAtMs),
        },
      },
    }
  })
}

const registerOverviews = (app: FastifyInstance, door: Door): void => {
  const { identity } = door.hub
  const need = async (name: string, kind: 'user' | 'org') => {
    const account = await identity.find(name)
    if (account?.kind === kind && !account.isDisabled) return account
    throw new HubError(
      'account_not_found',
      `There is no ${kind === 'user' ? 'user' : 'organisation'} "${name}" here.`,
    )
  }

  app.get<{ Params: { name: string } }>('/api/users/:name/overview', async (request) => {
    const account = await need(request.params.name, 'user')
    const orgs = await identity.memberships(account.id)
    return {
      _id: account.id,
      user: account.name,
      fullname: account.fullName,
      avatarUrl,
      isPro: false,
      type: 'user',
      createdAt: isoDate(account.createdAtMs),
      isFollowing: false,
      orgs: orgs.map(({ orgId, orgName, orgFullName }) => ({
        id: orgId,
        name: orgName,
        fullname: orgFullName,
        avatarUrl,
      })),
    }
  })

  app.get<{ Params: { name: string } }>('/api/organizations/:name/overview', async (request) => {
    const account = await need(request.params.name, 'org')
    return {
      _id: account.id,
      name: account.name,
      fullname: account.fullName,
      avatarUrl,
      isVerified: false,
      isFollowing: false,
    }
  })
}

/** Repos of a namespace, as `hf repos ls` asks for them. */
const registerOwned = (app: FastifyInstance, door: Door): void => {
  const answer = async (
    request: FastifyRequest,
    ctx: Awaited<ReturnType<typeof ctxOf>>,
    author: string,
  ) => {
    const query = parseQuery(queryTextOf(request.url))
    const wanted = oneOf(query, 'type')
    const limit = countOf(query, 'limit', 100, 1000)
    const word = oneOf(query, 'search')
    const types = repoTypes.filter((type) => wanted === undefined || parseRepoType(wanted) === type)
    const lists = await Promise.all(
      types.map((type) =>
        door.hub.search.list(ctx, {
          type,
          author,
          sort: 'lastModified',
          limit,
          ...(word === undefined ? {} : { words: [word] }),
        }),
      ),
    )
    return lists
      .flatMap(({ repos }) => repos)
      .map(({ repo, facts }) => ({
        id: repo.path,
        type: repo.type,
        updatedAt: isoDate(repo.updatedAtMs),
        visibility: repo.visibility,
        storage: facts?.filesBytes ?? 0,
        storagePercent: 0,
      }))
  }

  app.get('/api/settings/repositories', async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    if (ctx.actor.kind !== 'user') {
      throw new HubError(
        'unauthenticated',
        'Signing in is required to list your repositories. Send a token with your request.',
      )
    }
    return answer(request, ctx, ctx.actor.name)
  })

  app.get<{ Params: { name: string } }>(
    '/api/organizations/:name/settings/repositories',
    async (request, reply) =>
      answer(request, await ctxOf(door, request, reply), request.params.name),
  )
}

/** Called at start-up or in the background: an answer at once is all they need. */
const registerBackground = (app: FastifyInstance, door: Door): void => {
  app.get('/api/agent-harnesses', () => ({ standardEnvVars: [], harnesses: {} }))
  app.head('/api/telemetry/*', (_request, reply) => reply.code(204).send())
  app.get('/api/telemetry/*', (_request, reply) => reply.code(204).send())
  app.get('/api/tasks', () => ({}))
  app.get('/api/spaces/hardware', () => [])
  app.get('/api/spaces/:ns/:name/runtime', async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const { ns, name } = request.params as { ns: string; name: string }
    await door.hub.policy.require(ctx, 'repo.see', { type: 'space', path: `${ns}/${name}` })
    return { stage: 'STOPPED', hardware: {}, storage: null, gcTimeout: null }
  })
}

export const registerAccounts = (app: FastifyInstance, door: Door): void => {
  registerWhoami(app, door)
  registerOverviews(app, door)
  registerOwned(app, door)
  registerBackground(app, door)
}
