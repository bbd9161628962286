/** SCIM 2.0: an organisation's directory says who its people are. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { parseSmallBodies } from '../kit/bodies.ts'
import type { Door } from '../kit/context.ts'
import type { Json } from './attributes.ts'
import { renderScimError } from './errors.ts'
import { registerGroups } from './groups.ts'
import { formatList, parseSearch } from './listing.ts'
import { asked, baseOf, idOf, type List, sendScim } from './request.ts'
import { resourceTypes, schemaResources, serviceProviderConfig } from './schemas.ts'
import { registerUsers } from './users.ts'

export { scimPrefixes } from './request.ts'

const published = ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas'] as const

/** What is published of the door itself, to everybody: a directory reads it before it has a token. */
const registerDiscovery = (app: FastifyInstance, door: Door): void => {
  app.get('/ServiceProviderConfig', (request, reply) =>
    sendScim(reply, serviceProviderConfig(baseOf(door, request))),
  )

  const publish = (path: string, make: (base: string) => Json[]): void => {
    const all = (request: FastifyRequest): Json[] => make(baseOf(door, request))
    app.get(path, (request, reply) => {
      if (request.url.includes('filter=')) {
        throw new HubError('permission_denied', 'What is published here is not filtered.')
      }
      const resources = all(request)
      return sendScim(reply, formatList(resources, resources.length, 1))
    })
    app.get(`${path}/:id`, (request, reply) => {
      const found = all(request).find((one) => one['id'] === idOf(request))
      if (found !== undefined) return sendScim(reply, found)
      throw new HubError('entry_not_found', `There is no "${idOf(request).slice(0, 100)}" here.`)
    })
  }
  publish('/ResourceTypes', resourceTypes)
  publish('/Schemas', schemaResources)
  for (const url of published) {
    app.route({
      method: ['POST', 'PUT', 'PATCH', 'DELETE'],
      url,
      handler() {
        throw new HubError('not_supported', 'What is published here is read, and never changed.', {
          reason: 'read_only',
        })
      },
    })
  }
}

/** People and groups in one list, people first. */
const registerSearch = (app: FastifyInstance, door: Door, lists: readonly List[]): void => {
  app.post('/.search', async (request, reply) => {
    const one = await asked(door, request, reply)
    const wish = parseSearch(request.body)
    const found: Json[] = []
    let before = 0
    for (const list of lists) {
      const startIndex = Math.max(1, wish.startIndex - before)
      const part = await list(one, { ...wish, startIndex, count: wish.count - found.length })
      found.push(...part.resources)
      before += part.total
    }
    return sendScim(reply, formatList(found, before, wish.startIndex))
  })
}

/** One encapsulated plugin, for each prefix. */
export const scimDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, limits.scimBodyBytesMax)
    app.setErrorHandler(renderScimError)
    registerDiscovery(app, door)
    const listUsers = registerUsers(app, door)
    const listGroups = registerGroups(app, door)
    registerSearch(app, door, [listUsers, listGroups])
    app.post('/Bulk', () => {
      throw new HubError('not_supported', 'Bulk operations are not offered: send them one by one.')
    })
    app.all('/*', (request) => {
      const what = `${request.method} ${request.url.slice(0, 200)}`
      throw new HubError('entry_not_found', `SCIM has no ${what} here.`)
    })
    return Promise.resolve()
  }
