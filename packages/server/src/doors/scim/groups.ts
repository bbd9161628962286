/** `/Groups`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DirectoryGroup } from '#core/hub.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Door } from '../kit/context.ts'
import { needObject } from './attributes.ts'
import { asksFor, keyIn } from './filter.ts'
import { formatGroup, parseGroup, writableGroup } from './groups-wire.ts'
import { listed, parseList, parseSearch } from './listing.ts'
import { parsePatch, patched } from './patch.ts'
import { isWanted, project } from './project.ts'
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

/** Changes of others that a PATCH without If-Match meets, before it gives up. */
const triesMax = 3

export const registerGroups = (app: FastifyInstance, door: Door): List => {
  const { provisioning: room } = door.hub

  /** Those of a page with their members; fewer, where they have many. */
  const withMembers = async (
    { permit }: Asked,
    items: readonly DirectoryGroup[],
  ): Promise<DirectoryGroup[]> => {
    const groups: DirectoryGroup[] = []
    let members = 0
    for (const { id } of items) {
      const group = await room.getGroup(permit, id)
      members += group.members.length
      if (groups.length > 0 && members > limits.scimMembersListedMax) break
      groups.push(group)
    }
    return groups
  }

  const list: List = async (one, wish) => {
    const { permit, base } = one
    const looksAtMembers = wish.filter !== undefined && asksFor(wish.filter, 'members')
    const { items, total } = await listed<DirectoryGroup>(
      {
        count: () => room.countGroups(permit),
        read: (part) => room.listGroups(permit, { ...part, withMembers: looksAtMembers }),
        show: (group) => formatGroup(group, base, looksAtMembers),
        async lookUp(filter) {
          const key = keyIn(filter, ['id'])
          if (key === undefined) return undefined
          return room.getGroup(permit, key.value).then(
            (group) => [group],
            (error: unknown) => {
              if (isHubError(error, 'entry_not_found')) return []
              throw error
            },
          )
        },
      },
      wish,
    )
    const showsMembers = isWanted(wish.wanted, 'members')
    const shown = showsMembers ? await withMembers(one, items) : items
    const resources = shown.map((group) =>
      project(formatGroup(group, base, showsMembers), wish.wanted),
    )
    return { resources, total }
  }

  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    { base, query }: Asked,
    group: DirectoryGroup,
  ) => {
    const resource = formatGroup(group, base)
    const { version } = group
    return sendResource(request, reply, { resource, version, wanted: wantedIn(query) })
  }

  app.get('/Groups', async (request, reply) => {
    const one = await asked(door, request, reply)
    return sendList(reply, list, one, parseList(one.query))
  })

  app.post('/Groups/.search', async (request, reply) => {
    const one = await asked(door, request, reply)
    return sendList(reply, list, one, parseSearch(request.body))
  })

  app.post('/Groups', async (request, reply) => {
    const one = await asked(door, request, reply)
    const group = await room.createGroup(one.ctx, one.permit, parseGroup(needObject(request.body)))
    reply.code(201).header('location', `${one.base}/Groups/${group.id}`)
    return send(request, reply, one, group)
  })

  app.get('/Groups/:id', async (request, reply) => {
    const one = await asked(door, request, reply)
    return send(request, reply, one, await room.getGroup(one.permit, idOf(request)))
  })

  app.put('/Groups/:id', async (request, reply) => {
    const one = await asked(door, request, reply)
    const wish = parseGroup(needObject(request.body))
    const before = await room.getGroup(one.permit, idOf(request))
    const version = seenVersion(request, before.version)
    const change = { wish, ...(version === undefined ? {} : { version }) }
    return send(
      request,
      reply,
      one,
      await room.replaceGroup(one.ctx, one.permit, before.id, change),
    )
  })

  const patch = async (one: Asked, request: FastifyRequest): Promise<DirectoryGroup> => {
    const operations = parsePatch(needObject(request.body))
    for (let tries = 1; ; tries += 1) {
      const before = await room.getGroup(one.permit, idOf(request))
      const seen = seenVersion(request, before.version)
      const wish = parseGroup(patched(writableGroup(before), operations))
      try {
        const change = { wish, version: before.version }
        return await room.replaceGroup(one.ctx, one.permit, before.id, change)
      } catch (error) {
        const isStale = error instanceof HubError && error.details['reason'] === 'version_moved'
        if (!isStale || seen !== undefined || tries === triesMax) throw error
      }
    }
  }

  app.patch('/Groups/:id', async (request, reply) => {
    const one = await asked(door, request, reply)
    return send(request, reply, one, await patch(one, request))
  })

  app.delete('/Groups/:id', async (request, reply) => {
    const { ctx, permit } = await asked(door, request, reply)
    const id = idOf(request)
    const version =
      request.headers['if-match'] === undefined
        ? undefined
        : seenVersion(request, (await room.getGroup(permit, id)).version)
    await room.deleteGroup(ctx, permit, id, version)
    return reply.code(204).send()
  })

  return list
}
