/** Apps of the caller, and those that the caller has allowed. */
import { appCalls as calls } from '@weighhouse/contract/apps.ts'
import type { FastifyInstance } from 'fastify'
import type { App, NewApp } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { dateOrNull, paged, serve } from './serve.ts'

const keyOf = ({ id }: { id: string }): string => id

const render = (app: App) => ({
  id: app.id,
  name: app.name,
  website: app.website ?? null,
  redirectUris: [...app.redirectUris],
  isConfidential: app.isConfidential,
  createdAt: isoDate(app.createdAtMs),
  usedAt: dateOrNull(app.usedAtMs),
})

const renderNew = ({ app, secret }: NewApp) => ({ app: render(app), secret: secret ?? null })

export const registerApps = (app: FastifyInstance, door: Door): void => {
  const { oauth, policy } = door.hub
  const desk = (ctx: Ctx) => oauth.ownApps(policy.requireOwnAccount(ctx))

  serve(app, door, calls.listApps, async ({ ctx, query }) =>
    paged(query, desk(ctx).list, { keyOf, render }),
  )
  serve(app, door, calls.createApp, async ({ ctx, body }) => {
    const { website, isConfidential = false, ...wish } = body
    const given = website === undefined ? {} : { website }
    return renderNew(await desk(ctx).create(ctx, { ...wish, ...given, isConfidential }))
  })
  serve(app, door, calls.rotateAppSecret, async ({ ctx, params }) =>
    renderNew(await desk(ctx).rotate(ctx, params.id)),
  )
  serve(app, door, calls.deleteApp, async ({ ctx, params }) => desk(ctx).remove(ctx, params.id))

  serve(app, door, calls.listAllowedApps, async ({ ctx, query }) => {
    const permit = policy.requireOwnAccount(ctx)
    return paged(query, (page) => oauth.allowedApps(permit, page), {
      keyOf,
      render: ({ id, name, website, scopes, sinceMs }) => ({
        id,
        name,
        website: website ?? null,
        scopes: [...scopes],
        since: isoDate(sinceMs),
      }),
    })
  })
  serve(app, door, calls.endAllowedApp, async ({ ctx, params }) =>
    oauth.endAllowed(ctx, policy.requireOwnAccount(ctx), params.id),
  )
}
