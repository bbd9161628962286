/** Likes and collections. */
import { socialCalls as calls } from '@weighhouse/contract/social.ts'
import type { FastifyInstance } from 'fastify'
import type { Collection, CollectionItem } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { repoIn } from './repo-name.ts'
import { given, serve } from './serve.ts'

const renderItem = (item: CollectionItem) => ({
  id: item.id,
  kind: item.kind,
  path: item.kind === 'collection' ? item.slug : item.path,
  note: item.note ?? null,
  position: item.position,
})

const render = ({ description, updatedAtMs, items, owner, ...rest }: Collection) => ({
  ...rest,
  owner: { ...owner },
  description: description ?? null,
  updatedAt: isoDate(updatedAtMs),
  items: items.map(renderItem),
})

const registerLikes = (app: FastifyInstance, door: Door): void => {
  const { identity, policy, social } = door.hub

  serve(app, door, calls.likeRepo, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.see', repoIn(params))
    await social.like(permit, policy.requireOwnAccount(ctx))
  })

  serve(app, door, calls.unlikeRepo, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.see', repoIn(params))
    await social.unlike(permit, policy.requireOwnAccount(ctx))
  })

  serve(app, door, calls.listLikers, async ({ ctx, params, query }) => {
    const permit = await policy.require(ctx, 'repo.see', repoIn(params))
    const { limit = 100, cursor } = query
    const { items, next } = await social.likers(permit, { limit, ...given({ cursor }) })
    return { items, next: next ?? null }
  })

  serve(app, door, calls.listLikes, async ({ ctx, params, query }) => {
    const account = await identity.find(params.user)
    if (account === undefined || account.isDisabled) {
      throw new HubError('account_not_found', `There is no user "${params.user}" here.`)
    }
    const { limit = 100, cursor } = query
    const page = { limit, ...given({ cursor }) }
    const { items, next } = await social.liked(ctx, account.id, page)
    const shown = items.map(({ type, path, likedAtMs }) => ({
      type,
      path,
      likedAt: isoDate(likedAtMs),
    }))
    return { items: shown, next: next ?? null }
  })
}

interface Named {
  readonly ns: string
  readonly slug: string
}

const slugIn = ({ ns, slug }: Named): string => `${ns}/${slug}`

const registerCollections = (app: FastifyInstance, door: Door): void => {
  const { policy, social } = door.hub
  const { collections } = social

  /** The collection, and leave to change it. */
  const reach = async (ctx: Ctx, params: Named) => {
    const { id, slug, owner } = await collections.get(ctx, slugIn(params))
    const permit = await policy.requireNamespace(ctx, 'namespace.curate', owner.name)
    return { id, permit, now: async () => render(await collections.get(ctx, slug)) }
  }

  serve(app, door, calls.listCollections, async ({ ctx, query }) => {
    const { owner, q, sort = 'lastModified', cursor, limit = limits.collectionPageMax } = query
    const { items, next } = await collections.list(ctx, {
      sort,
      limit: Math.min(limit, limits.collectionPageMax),
      ...(owner === undefined ? {} : { owners: [owner] }),
      ...given({ word: q === '' ? undefined : q, cursor }),
    })
    return { items: items.map(render), next: next ?? null }
  })

  serve(app, door, calls.createCollection, async ({ ctx, body }) => {
    const permit = await policy.requireNamespace(ctx, 'namespace.curate', body.owner)
    const { title, isPrivate = false } = body
    const said = given({ description: body.description ?? undefined })
    return render(await collections.create(ctx, permit, { title, isPrivate, ...said }))
  })

  serve(app, door, calls.getCollection, async ({ ctx, params }) =>
    render(await collections.get(ctx, slugIn(params))),
  )

  serve(app, door, calls.changeCollection, async ({ ctx, params, body }) => {
    const { id, permit, now } = await reach(ctx, params)
    await collections.change(ctx, permit, id, given(body))
    return now()
  })

  serve(app, door, calls.deleteCollection, async ({ ctx, params }) => {
    const { id, permit } = await reach(ctx, params)
    await collections.delete(ctx, permit, id)
  })

  const votes = [
    [calls.upvoteCollection, true],
    [calls.unvoteCollection, false],
  ] as const
  for (const [one, wanted] of votes) {
    serve(app, door, one, async ({ ctx, params }) => {
      const found = await collections.get(ctx, slugIn(params))
      await collections.upvote(policy.requireOwnAccount(ctx), found, wanted)
    })
  }
}

const registerItems = (app: FastifyInstance, door: Door): void => {
  const { policy, social } = door.hub
  const { collections } = social

  const reach = async (ctx: Ctx, params: Named) => {
    const found = await collections.get(ctx, slugIn(params))
    const permit = await policy.requireNamespace(ctx, 'namespace.curate', found.owner.name)
    return { found, permit }
  }

  serve(app, door, calls.addCollectionItem, async ({ ctx, params, body }) => {
    const { found, permit } = await reach(ctx, params)
    const { kind, path } = body
    const target =
      kind === 'collection'
        ? { collection: await collections.get(ctx, path) }
        : await policy.require(ctx, 'repo.see', { type: kind, path })
    const said = given({ note: body.note ?? undefined })
    await collections.addItem(permit, found.id, { target, ...said })
    return render(await collections.get(ctx, found.slug))
  })

  serve(app, door, calls.changeCollectionItem, async ({ ctx, params, body }) => {
    const { found, permit } = await reach(ctx, params)
    await collections.changeItems(permit, found.id, [{ itemId: params.id, ...given(body) }])
    return render(await collections.get(ctx, found.slug))
  })

  serve(app, door, calls.removeCollectionItem, async ({ ctx, params }) => {
    const { found, permit } = await reach(ctx, params)
    await collections.removeItem(permit, found.id, params.id)
  })
}

export const registerSocial = (app: FastifyInstance, door: Door): void => {
  registerLikes(app, door)
  registerCollections(app, door)
  registerItems(app, door)
}
