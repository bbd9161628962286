/** Who the caller is, what is theirs, and the calls that clients make in the background. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OauthScope, TokenHolder } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import { callerOf, ctxOf, type Door } from '../kit/context.ts'
import { countOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { avatarUrlOf } from './person.ts'
import { parseRepoType, repoTypes } from './target.ts'

const billing = { canPay: false, billingMode: 'postpaid', periodEnd: null }

const registerWhoami = (app: FastifyInstance, door: Door): void => {
  const { identity, oauth } = door.hub
  app.get('/api/whoami-v2', async (request) => {
    const found = await callerOf(door, request)
    const account = found && (await identity.get(found.actor.id))
    if (found === undefined || account === undefined) {
      throw new HubError('unauthenticated', 'Invalid credentials in Authorization header')
    }
    const scopes = await oauth.scopesOf(found.actor)
    const mayTell = (scope: OauthScope): boolean => scopes === undefined || scopes.includes(scope)
    const orgs = mayTell('read-memberships') ? await identity.memberships(account.id) : []
    const email = mayTell('email') ? account.email : undefined
    return {
      type: 'user',
      id: account.id,
      name: account.name,
      fullname: account.fullName,
      email: email ?? null,
      emailVerified: email !== undefined,
      ...billing,
      isPro: false,
      avatarUrl: avatarUrlOf(account.name),
      orgs: orgs.map((org) => ({
        type: 'org',
        id: org.orgId,
        name: org.orgName,
        fullname: org.orgFullName,
        email: null,
        ...billing,
        avatarUrl: avatarUrlOf(org.orgName),
        roleInOrg: org.role,
        isEnterprise: false,
      })),
      auth:
        'label' in found
          ? authOf(found, await identity.describeScope(found))
          : { type: 'browser_session' },
    }
  })
}

/** What a client is told of its own token. One that an app was given has no name: the client then takes the account's. */
const authOf = (
  { appId, label, actor, createdAtMs }: TokenHolder,
  fineGrained: object | undefined,
): object =>
  appId !== undefined
    ? { type: 'app_token_as_user' }
    : {
        type: 'access_token',
        accessToken: {
          displayName: label,
          role: actor.tokenRole,
          createdAt: isoDate(createdAtMs),
          ...(fineGrained === undefined ? {} : { fineGrained }),
        },
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
  registerOwned(app, door)
  registerBackground(app, door)
}
