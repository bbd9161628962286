/** `/Users`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DirectoryUser } from '#core/hub.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { type Json, memberOf, needObject, scimError } from './attributes.ts'
import { keyIn } from './filter.ts'
import { listed, parseList, parseSearch } from './listing.ts'
import { parsePatch, patched } from './patch.ts'
import { project } from './project.ts'
import {
  type Asked,
  asked,
  idOf,
  type List,
  seenVersion,
  sendList,
  sendResource,
  wantedIn,
} from './request.ts'
import { formatUser, parseUser, writableUser } from './users-wire.ts'

/** Changes of others that a PATCH without If-Match meets, before it gives up. */
const triesMax = 3

export const registerUsers = (app: FastifyInstance, door: Door): List => {
  const { provisioning: room } = door.hub

  const list: List = async ({ permit, base }, wish) => {
    const show = (user: DirectoryUser): Json => formatUser(user, base)
    const { items, total } = await listed<DirectoryUser>(
      {
        count: () => room.countUsers(permit),
        read: (part) => room.listUsers(permit, part),
        show,
        async lookUp(filter) {
          const key = keyIn(filter, ['userName', 'externalId'])
          if (key !== undefined) return room.findUsers(permit, key)
          const byId = keyIn(filter, ['id'])
          if (byId === undefined) return undefined
          return room.getUser(permit, byId.value).then(
            (user) => [user],
            (error: unknown) => {
              if (isHubError(error, 'entry_not_found')) return []
              throw error
            },
          )
        },
      },
      wish,
    )
    const resources = items.map((user) => project(show(user), wish.wanted))
    return { resources, total }
  }

  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    { base, query }: Asked,
    user: DirectoryUser,
  ) => {
    const resource = formatUser(user, base)
    const { version } = user
    return sendResource(request, reply, { resource, version, wanted: wantedIn(query) })
  }

  app.get('/Users', async (request, reply) => {
    const one = await asked(door, request, reply)
    return sendList(reply, list, one, parseList(one.query))
  })

  app.post('/Users/.search', async (request, reply) => {
    const one = await asked(door, request, reply)
    return sendList(reply, list, one, parseSearch(request.body))
  })

  app.post('/Users', async (request, reply) => {
    const one = await asked(door, request, reply)
    const user = await room.createUser(one.ctx, one.permit, parseUser(needObject(request.body)))
    reply.code(201).header('location', `${one.base}/Users/${user.id}`)
    return send(request, reply, one, user)
  })

  app.get('/Users/:id', async (request, reply) => {
    const one = await asked(door, request, reply)
    return send(request, reply, one, await room.getUser(one.permit, idOf(request)))
  })

  app.put('/Users/:id', async (request, reply) => {
    const one = await asked(door, request, reply)
    const given = needObject(request.body)
    const before = await room.getUser(one.permit, idOf(request))
    const version = seenVersion(request, before.version)
    const wish = parseUser(given, before)
    const change = { wish, ...(version === undefined ? {} : { version }) }
    return send(request, reply, one, await room.replaceUser(one.ctx, one.permit, before.id, change))
  })

  const patch = async (one: Asked, request: FastifyRequest): Promise<DirectoryUser> => {
    const operations = parsePatch(needObject(request.body))
    for (let tries = 1; ; tries += 1) {
      const before = await room.getUser(one.permit, idOf(request))
      const seen = seenVersion(request, before.version)
      const after = patched(writableUser(before), operations)
      if (memberOf(after, 'active') === undefined) {
        throw scimError('mutability', '"active" is true or false and cannot be taken away.')
      }
      const change = { wish: parseUser(after, before), version: before.version }
      try {
        return await room.replaceUser(one.ctx, one.permit, before.id, change)
      } catch (error) {
        const isStale = error instanceof HubError && error.details['reason'] === 'version_moved'
        if (!isStale || seen !== undefined || tries === triesMax) throw error
      }
    }
  }

  app.patch('/Users/:id', async (request, reply) => {
    const one = await asked(door, request, reply)
    return send(request, reply, one, await patch(one, request))
  })

  app.delete('/Users/:id', async (request, reply) => {
    const { ctx, permit } = await asked(door, request, reply)
    const id = idOf(request)
    const version =
      request.headers['if-match'] === undefined
        ? undefined
        : seenVersion(request, (await room.getUser(permit, id)).version)
    await room.deleteUser(ctx, permit, id, version)
    return reply.code(204).send()
  })

  return list
}
