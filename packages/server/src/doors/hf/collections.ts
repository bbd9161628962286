/** Collections: lists of repos under a title. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Collection, CollectionListWish, RepoType } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { ctxOf, type Door } from '../kit/context.ts'
import { headerText } from '../kit/errors.ts'
import { allOf, countOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { collectionJson, listedJson } from './collection-json.ts'
import { nextLink } from './info.ts'
import { plurals, repoTypes } from './target.ts'
import * as wire from './wire-people.ts'

interface SlugParams {
  ns: string
  slug: string
  id?: string
}

const read = async (door: Door, request: FastifyRequest, ctx: Ctx): Promise<Collection> => {
  // A cast because every route here declares `:ns` and `:slug`.
  const { ns, slug } = request.params as SlugParams
  return door.hub.social.collections.get(ctx, `${ns}/${slug}`)
}

/** The collection, and leave to change it. */
const reachToCurate = async (door: Door, request: FastifyRequest, reply: FastifyReply) => {
  const ctx = await ctxOf(door, request, reply)
  const collection = await read(door, request, ctx)
  const { name } = collection.owner
  const permit = await door.hub.policy.requireNamespace(ctx, 'namespace.curate', name)
  return { ctx, collection, permit }
}

/** What an item names: a repo or a collection that the caller may see. */
const targetOf = async ({ hub }: Door, ctx: Ctx, { id, type }: wire.CollectionItemRef) => {
  if (type === 'collection') return { collection: await hub.social.collections.get(ctx, id) }
  const found = repoTypes.find((one) => one === type)
  if (found !== undefined) return hub.policy.require(ctx, 'repo.see', { type: found, path: id })
  throw new HubError(
    'not_supported',
    `An item is one of ${repoTypes.join(', ')} or collection, found "${type}".`,
  )
}

/** Repos of `item=models/owner/name`; those that the caller may not see are in no list. */
const holdingOf = async ({ hub }: Door, ctx: Ctx, items: readonly string[]) => {
  const found = []
  for (const item of items) {
    const [plural = '', ...path] = item.split('/')
    const type = repoTypes.find((one): one is RepoType => plurals[one] === plural)
    if (type === undefined) continue
    try {
      found.push(await hub.policy.require(ctx, 'repo.see', { type, path: path.join('/') }))
    } catch (error) {
      if (!isHubError(error)) throw error
    }
  }
  return found
}

const sortOf = (text: string | undefined): CollectionListWish['sort'] => {
  switch (text ?? 'lastModified') {
    case 'lastModified':
      return 'lastModified'
    case 'trending':
    case 'upvotes':
      return 'upvotes'
    default:
      throw new HubError(
        'invalid',
        `"sort" must be one of lastModified, trending, upvotes, found "${text}".`,
      )
  }
}

const registerList = (app: FastifyInstance, door: Door): void => {
  app.get('/api/collections', async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const query = parseQuery(queryTextOf(request.url))
    const owners = allOf(query, 'owner')
    const items = allOf(query, 'item')
    const word = oneOf(query, 'q')
    const cursor = oneOf(query, 'cursor')
    const max = limits.collectionPageMax
    const { items: found, next } = await door.hub.social.collections.list(ctx, {
      sort: sortOf(oneOf(query, 'sort')),
      limit: Math.max(1, countOf(query, 'limit', max, max)),
      ...(owners.length === 0 ? {} : { owners }),
      ...(items.length === 0 ? {} : { holding: await holdingOf(door, ctx, items) }),
      ...(word === undefined || word === '' ? {} : { word }),
      ...(cursor === undefined ? {} : { cursor }),
    })
    if (next !== undefined) reply.header('link', nextLink(door, request, { cursor: next }))
    return found.map(listedJson)
  })
}

const registerOne = (app: FastifyInstance, door: Door): void => {
  const { policy, social } = door.hub
  const { collections } = social
  const base = '/api/collections/:ns/:slug'

  app.get(base, async (request, reply) =>
    collectionJson(await read(door, request, await ctxOf(door, request, reply))),
  )

  app.patch<{ Body: wire.CollectionPatchBody }>(
    base,
    { schema: { body: wire.collectionPatchBody } },
    async (request, reply) => {
      const { ctx, collection, permit } = await reachToCurate(door, request, reply)
      const { title, description, position, private: isPrivate, theme } = request.body
      await collections.change(ctx, permit, collection.id, {
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description }),
        ...(theme == null ? {} : { theme }),
        ...(isPrivate == null ? {} : { isPrivate }),
        ...(position == null ? {} : { position }),
      })
      const data = collectionJson(await collections.get(ctx, collection.slug))
      return { success: true, data }
    },
  )

  app.delete(base, async (request, reply) => {
    const { ctx, collection, permit } = await reachToCurate(door, request, reply)
    await collections.delete(ctx, permit, collection.id)
    return { ok: true }
  })

  for (const method of ['POST', 'DELETE'] as const) {
    app.route({
      method,
      url: `${base}/like`,
      handler: async (request, reply) => {
        const ctx = await ctxOf(door, request, reply)
        const collection = await read(door, request, ctx)
        await social.collections.upvote(
          policy.requireOwnAccount(ctx),
          collection,
          method === 'POST',
        )
        return { ok: true }
      },
    })
  }
}

const registerCreate = (app: FastifyInstance, door: Door): void => {
  const { policy, social } = door.hub

  app.post<{ Body: wire.NewCollectionBody }>(
    '/api/collections',
    { schema: { body: wire.newCollectionBody } },
    async (request, reply) => {
      const ctx = await ctxOf(door, request, reply)
      const { title, namespace, description, item, note } = request.body
      const owner = namespace ?? (ctx.actor.kind === 'user' ? ctx.actor.name : '')
      const permit = await policy.requireNamespace(ctx, 'namespace.curate', owner)
      const target = item == null ? undefined : await targetOf(door, ctx, item)
      const wish = {
        title,
        isPrivate: request.body.private === true,
        ...(description == null ? {} : { description }),
      }
      try {
        const made = await social.collections.create(ctx, permit, wish)
        if (target === undefined) return collectionJson(made)
        const said = note == null ? {} : { note }
        await social.collections.addItem(permit, made.id, { target, ...said })
        return collectionJson(await social.collections.get(ctx, made.slug))
      } catch (error) {
        // Clients that do not mind read where the other one is.
        if (!isHubError(error, 'exists')) throw error
        const { slug } = error.details
        reply.code(409).header('x-error-message', headerText(error.message))
        return { error: error.message, slug }
      }
    },
  )
}

const registerItems = (app: FastifyInstance, door: Door): void => {
  const { collections } = door.hub.social
  const base = '/api/collections/:ns/:slug/items'

  app.post<{ Body: wire.NewItemBody }>(
    base,
    { schema: { body: wire.newItemBody } },
    async (request, reply) => {
      const { ctx, collection, permit } = await reachToCurate(door, request, reply)
      const { item, note } = request.body
      const target = await targetOf(door, ctx, item)
      const said = note == null ? {} : { note }
      await collections.addItem(permit, collection.id, { target, ...said })
      return collectionJson(await collections.get(ctx, collection.slug))
    },
  )

  const changeOf = (itemId: string, { note, position }: wire.ItemPatchBody) => ({
    itemId,
    ...(note === undefined ? {} : { note }),
    ...(position == null ? {} : { position }),
  })

  app.post<{ Body: wire.ItemBatchBody }>(
    `${base}/batch`,
    { schema: { body: wire.itemBatchBody } },
    async (request, reply) => {
      const { ctx, collection, permit } = await reachToCurate(door, request, reply)
      const changes = request.body.map(({ _id, data = {} }) => changeOf(_id, data))
      await collections.changeItems(permit, collection.id, changes)
      return collectionJson(await collections.get(ctx, collection.slug))
    },
  )

  app.patch<{ Body: wire.ItemPatchBody; Params: SlugParams }>(
    `${base}/:id`,
    { schema: { body: wire.itemPatchBody } },
    async (request, reply) => {
      const { collection, permit } = await reachToCurate(door, request, reply)
      const change = changeOf(request.params.id ?? '', request.body)
      await collections.changeItems(permit, collection.id, [change])
      return { success: true }
    },
  )

  app.delete<{ Params: SlugParams }>(`${base}/:id`, async (request, reply) => {
    const { collection, permit } = await reachToCurate(door, request, reply)
    await collections.removeItem(permit, collection.id, request.params.id ?? '')
    return { success: true }
  })
}

export const registerCollections = (app: FastifyInstance, door: Door): void => {
  registerList(app, door)
  registerCreate(app, door)
  registerOne(app, door)
  registerItems(app, door)
}
