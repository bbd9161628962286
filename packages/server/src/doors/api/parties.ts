/** Organisations as parties: profile, keys, signatories. */
import { partyCalls as calls } from '@weighhouse/contract/parties.ts'
import type { FastifyInstance } from 'fastify'
import type { OrgDomain, OrgKey, Signatory } from '#core/hub.ts'
import type { SignatoryId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { auditing, binding } from './accounts.ts'
import { dateOrNull, paged, serve, timeOf } from './serve.ts'

const renderKey = ({ fromMs, toMs, revoked, ...key }: OrgKey) => ({
  ...key,
  from: isoDate(fromMs),
  to: dateOrNull(toMs),
  revokedAt: dateOrNull(revoked?.atMs),
})

const renderSignatory = (one: Signatory) => ({
  id: one.id,
  user: one.userName,
  fullName: one.fullName,
  title: one.title,
  sides: [...one.sides],
  ...(one.templates === undefined ? {} : { templates: [...one.templates] }),
  from: isoDate(one.fromMs),
  to: isoDate(one.toMs),
  state: one.state,
})

const renderDomain = ({ method, verifiedAtMs, checkedAtMs, problem, ...one }: OrgDomain) => ({
  ...one,
  method: method ?? null,
  verifiedAt: dateOrNull(verifiedAtMs),
  checkedAt: dateOrNull(checkedAtMs),
  problem: problem ?? null,
})

const registerDomains = (app: FastifyInstance, door: Door): void => {
  const { signing } = door.hub
  serve(app, door, calls.listDomains, async ({ ctx, params }) => {
    const { namespace } = await auditing(door, ctx, params)
    return { items: (await signing.domains(namespace.id)).map(renderDomain) }
  })
  serve(app, door, calls.addDomain, async ({ ctx, params, body }) =>
    renderDomain(await signing.addDomain(ctx, await binding(door, ctx, params), body.domain)),
  )
  serve(app, door, calls.verifyDomain, async ({ ctx, params }) =>
    renderDomain(await signing.verifyDomain(ctx, await binding(door, ctx, params), params.domain)),
  )
  serve(app, door, calls.removeDomain, async ({ ctx, params }) =>
    signing.removeDomain(ctx, await binding(door, ctx, params), params.domain),
  )
}

const registerKeys = (app: FastifyInstance, door: Door): void => {
  const { signing } = door.hub
  serve(app, door, calls.listKeys, async ({ ctx, params }) => {
    const { namespace } = await auditing(door, ctx, params)
    return { items: (await signing.keys(namespace.id)).map(renderKey) }
  })
  serve(app, door, calls.makeKey, async ({ ctx, params, body }) =>
    renderKey(await signing.makeKey(ctx, await binding(door, ctx, params), body.use)),
  )
  serve(app, door, calls.bringKey, async ({ ctx, params, body }) =>
    renderKey(await signing.bringKey(ctx, await binding(door, ctx, params), body)),
  )
  serve(app, door, calls.revokeKey, async ({ ctx, params, body }) => {
    const atMs = timeOf(body.at)
    const how = { why: body.why, ...(atMs === undefined ? {} : { atMs }) }
    await signing.revokeKey(ctx, await binding(door, ctx, params), params.key, how)
  })
  serve(app, door, calls.recoverSeal, async ({ ctx, params, body }) => {
    const { lost: lostId, ...key } = body
    const permit = await binding(door, ctx, params)
    return renderKey(await signing.recoverSeal(ctx, permit, { ...key, lostId }))
  })
}

const registerSignatories = (app: FastifyInstance, door: Door): void => {
  const { signing, clock } = door.hub
  serve(app, door, calls.listSignatories, async ({ ctx, params, query }) => {
    const { namespace } = await auditing(door, ctx, params)
    return paged(query, (page) => signing.signatories(namespace.id, page), {
      keyOf: ({ id }) => id,
      render: renderSignatory,
    })
  })
  serve(app, door, calls.nameSignatory, async ({ ctx, params, body }) => {
    const { user: userName, from, to, templates, ...wish } = body
    const fromMs = timeOf(from)
    const named = await signing.nameSignatory(ctx, await binding(door, ctx, params), {
      ...wish,
      userName,
      ...(templates === undefined ? {} : { templates }),
      ...(fromMs === undefined ? {} : { fromMs }),
      toMs: timeOf(to) ?? clock.nowMs(),
    })
    return renderSignatory(named)
  })
  // Casts because an unknown id is answered as such.
  serve(app, door, calls.confirmSignatory, async ({ ctx, params }) => {
    const permit = await binding(door, ctx, params)
    return renderSignatory(await signing.confirmSignatory(ctx, permit, params.id as SignatoryId))
  })
  serve(app, door, calls.endSignatory, async ({ ctx, params }) =>
    signing.endSignatory(ctx, await binding(door, ctx, params), params.id as SignatoryId),
  )
}

export const registerParties = (app: FastifyInstance, door: Door): void => {
  const { signing } = door.hub
  serve(app, door, calls.getParty, async ({ ctx, params }) => {
    const { namespace } = await auditing(door, ctx, params)
    return { profile: (await signing.party(namespace.id)) ?? null }
  })
  serve(app, door, calls.describeParty, async ({ ctx, params, body }) =>
    signing.describeParty(ctx, await binding(door, ctx, params), body),
  )
  registerDomains(app, door)
  registerKeys(app, door)
  registerSignatories(app, door)
}
