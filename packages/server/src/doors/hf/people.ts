/** Users and organisations as others see them: overviews, members, likes, pictures. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RepoType } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { AccountId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import { baseUrl, ctxOf, type Door } from '../kit/context.ts'
import { countOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { nextLink } from './info.ts'
import { avatarUrlOf, personJson } from './person.ts'
import { plurals, reach, repoTypes } from './target.ts'

interface Named {
  Params: { name: string }
}

/** Page size and cursor of a list of people or likes. */
const pageOf = (request: FastifyRequest) => {
  const query = parseQuery(queryTextOf(request.url))
  const cursor = oneOf(query, 'cursor')
  return {
    limit: Math.max(1, countOf(query, 'limit', limits.peoplePageMax, limits.peoplePageMax)),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

const setNext = (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  next: string | undefined,
): void => {
  if (next !== undefined) reply.header('link', nextLink(door, request, { cursor: next }))
}

const countsOf = async ({ hub: { social } }: Door, ctx: Ctx, id: AccountId) => {
  const counts = await social.repoCounts(ctx, id)
  return {
    numModels: counts.get('model') ?? 0,
    numDatasets: counts.get('dataset') ?? 0,
    numSpaces: counts.get('space') ?? 0,
    // Nobody follows anybody here.
    numFollowers: 0,
    isFollowing: false,
  }
}

const registerOverviews = (app: FastifyInstance, door: Door): void => {
  const { identity, social } = door.hub

  app.get<Named>('/api/users/:name/overview', async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const account = await identity.need(request.params.name, 'user')
    const orgs = await identity.memberships(account.id)
    return {
      ...personJson(account),
      ...(account.details === undefined ? {} : { details: account.details }),
      createdAt: isoDate(account.createdAtMs),
      ...(await countsOf(door, ctx, account.id)),
      numDiscussions: 0,
      numPapers: 0,
      numUpvotes: 0,
      numLikes: await social.likeCount(ctx, account.id),
      numFollowing: 0,
      orgs: orgs.map(({ orgId, orgName, orgFullName }) => ({
        id: orgId,
        name: orgName,
        fullname: orgFullName,
        avatarUrl: avatarUrlOf(orgName),
      })),
    }
  })

  app.get<Named>('/api/organizations/:name/overview', async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const account = await identity.need(request.params.name, 'org')
    return {
      _id: account.id,
      name: account.name,
      fullname: account.fullName,
      avatarUrl: avatarUrlOf(account.name),
      ...(account.details === undefined ? {} : { details: account.details }),
      isVerified: false,
      numUsers: await social.memberCount(account.id),
      ...(await countsOf(door, ctx, account.id)),
    }
  })
}

const registerMembers = (app: FastifyInstance, door: Door): void => {
  const { identity, policy, social } = door.hub

  app.get<Named>('/api/organizations/:name/members', async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const org = await identity.need(request.params.name, 'org')
    if (ctx.actor.kind === 'anonymous') {
      throw new HubError(
        'unauthenticated',
        'Signing in is required to see who is in an organisation. Send a token with your request.',
      )
    }
    const word = oneOf(parseQuery(queryTextOf(request.url)), 'search') ?? ''
    // Roles are for those inside.
    const withRoles = await policy.allowsNamespace(ctx.actor, 'namespace.browse', org.name)
    const { items, next } = await social.members(org.id, { ...pageOf(request), word })
    setNext(door, request, reply, next)
    return items.map((member) => ({
      ...personJson(member),
      isFollowing: false,
      ...(withRoles ? { role: member.role } : {}),
    }))
  })

  const nobody =
    (kind: 'user' | 'org') =>
    async (request: FastifyRequest): Promise<readonly never[]> => {
      // A cast because both routes below declare it.
      await identity.need((request.params as Named['Params']).name, kind)
      return []
    }
  app.get('/api/organizations/:name/followers', nobody('org'))
  app.get('/api/users/:name/followers', nobody('user'))
  app.get('/api/users/:name/following', nobody('user'))

  const routes = [
    ['users', 'user'],
    ['organizations', 'org'],
  ] as const
  for (const [segment, kind] of routes) {
    app.get<Named>(`/api/${segment}/:name/avatar`, async (request, reply) => {
      const account = await identity.need(request.params.name, kind)
      const avatarUrl = `${baseUrl(door, request)}${avatarUrlOf(account.name)}`
      const query = parseQuery(queryTextOf(request.url))
      return query.has('redirect') ? reply.redirect(avatarUrl, 307) : { avatarUrl }
    })
  }
}

const registerLikes = (app: FastifyInstance, door: Door): void => {
  const { identity, policy, social } = door.hub

  const register = (type: RepoType): void => {
    const base = `/api/${plurals[type]}/:ns/:name`

    app.post(`${base}/like`, async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.see')
      await social.like(permit, policy.requireOwnAccount(ctx))
      return { ok: true }
    })

    app.delete(`${base}/like`, async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.see')
      await social.unlike(permit, policy.requireOwnAccount(ctx))
      return { ok: true }
    })

    app.get(`${base}/likers`, async (request, reply) => {
      const { permit } = await reach(door, request, reply, type, 'repo.see')
      const { items, next } = await social.likers(permit, pageOf(request))
      setNext(door, request, reply, next)
      return items.map(personJson)
    })
  }

  repoTypes.forEach(register)

  app.get<Named>('/api/users/:name/likes', async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const account = await identity.need(request.params.name, 'user')
    const { items, next } = await social.liked(ctx, account.id, pageOf(request))
    setNext(door, request, reply, next)
    return items.map(({ type, path, likedAtMs }) => ({
      createdAt: isoDate(likedAtMs),
      repo: { name: path, type },
    }))
  })
}

export const registerPeople = (app: FastifyInstance, door: Door): void => {
  registerOverviews(app, door)
  registerMembers(app, door)
  registerLikes(app, door)
}
