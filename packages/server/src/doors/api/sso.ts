/** Single sign-on: providers of the hub, by its administrators, and of organisations, by theirs. */
import { ssoCalls as calls } from '@weighhouse/contract/sso.ts'
import type { FastifyInstance } from 'fastify'
import type { SsoPermit, SsoProvider } from '#core/hub.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { managing } from './accounts.ts'
import { dateOrNull, given, paged, serve } from './serve.ts'

const render = ({ createdAtMs, rules, mailDomains, ...provider }: SsoProvider) => ({
  ...provider,
  rules: [...rules],
  mailDomains: [...mailDomains],
  createdAt: isoDate(createdAtMs),
})

const byName = { keyOf: ({ name }: { name: string }) => name.toLowerCase(), render }

export const registerSso = (app: FastifyInstance, door: Door): void => {
  const { sso, policy } = door.hub
  const list = (permit: SsoPermit, query: { cursor?: string; limit?: number }) =>
    paged(query, (page) => sso.providers(permit, page), byName)
  const found = async (work: ReturnType<typeof sso.testProvider>) => {
    const { algorithms, ...facts } = await work
    return { ...facts, algorithms: [...algorithms] }
  }

  serve(app, door, calls.listSsoProviders, ({ ctx, query }) => list(policy.requireHub(ctx), query))
  serve(app, door, calls.addSsoProvider, async ({ ctx, body: { name, ...wish } }) => {
    const { issuer, clientId } = wish
    const permit = policy.requireHub(ctx)
    return render(await sso.addProvider(ctx, permit, name, { ...given(wish), issuer, clientId }))
  })
  serve(app, door, calls.setSsoProvider, async ({ ctx, params, body }) =>
    render(await sso.setProvider(ctx, policy.requireHub(ctx), params.provider, given(body))),
  )
  serve(app, door, calls.removeSsoProvider, ({ ctx, params }) =>
    sso.removeProvider(ctx, policy.requireHub(ctx), params.provider),
  )
  serve(app, door, calls.testSsoProvider, ({ ctx, params }) =>
    found(sso.testProvider(ctx, policy.requireHub(ctx), params.provider)),
  )

  serve(app, door, calls.listMySsoIdentities, ({ ctx, query }) => {
    const permit = policy.requireOwnAccount(ctx)
    return paged(query, (page) => sso.identities(permit, page), {
      keyOf: ({ provider }) => provider.toLowerCase(),
      render: ({ provider, email, createdAtMs, usedAtMs }) => ({
        provider,
        email: email ?? null,
        createdAt: isoDate(createdAtMs),
        usedAt: dateOrNull(usedAtMs),
      }),
    })
  })
  serve(app, door, calls.removeMySsoIdentity, ({ ctx, params }) =>
    sso.unlink(ctx, policy.requireOwnAccount(ctx), params.provider),
  )

  serve(app, door, calls.listOrgSsoProviders, async ({ ctx, params, query }) =>
    list(await managing(door, ctx, params), query),
  )
  serve(app, door, calls.addOrgSsoProvider, async ({ ctx, params, body: { name, ...wish } }) => {
    const { issuer, clientId } = wish
    const permit = await managing(door, ctx, params)
    return render(await sso.addProvider(ctx, permit, name, { ...given(wish), issuer, clientId }))
  })
  serve(app, door, calls.setOrgSsoProvider, async ({ ctx, params, body }) => {
    const permit = await managing(door, ctx, params)
    return render(await sso.setProvider(ctx, permit, params.provider, given(body)))
  })
  serve(app, door, calls.removeOrgSsoProvider, async ({ ctx, params }) =>
    sso.removeProvider(ctx, await managing(door, ctx, params), params.provider),
  )
  serve(app, door, calls.testOrgSsoProvider, async ({ ctx, params }) =>
    found(sso.testProvider(ctx, await managing(door, ctx, params), params.provider)),
  )
}
