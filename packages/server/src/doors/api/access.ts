/** Gates: terms, requests for oneself or for an organisation, decisions with an end, access given. */
import { accessCalls as calls } from '@weighhouse/contract/access.ts'
import type { FastifyInstance } from 'fastify'
import type { AccessRequest, GateNow, GateTerms, PlacedRequest } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { type AccessRequestId, isId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { repoIn } from './repo-name.ts'
import { dateOrNull, given, serve, timeOf } from './serve.ts'

const render = ({ subject, ...request }: AccessRequest) => ({
  id: request.id,
  state: request.state,
  isEnded: request.isEnded,
  isGrant: request.isGrant,
  account: {
    id: subject.id,
    kind: subject.kind,
    name: subject.name,
    fullName: subject.fullName,
    ...(subject.email === undefined ? {} : { email: subject.email }),
  },
  fields: { ...request.fields },
  termsSha256: request.termsSha256 ?? null,
  createdAt: isoDate(request.createdAtMs),
  reviewedAt: dateOrNull(request.reviewedAtMs),
  reviewedBy: request.reviewedBy?.name ?? null,
  reason: request.reason ?? null,
  expiresAt: dateOrNull(request.expiresAtMs),
  agreeing:
    request.agreeing === undefined
      ? null
      : {
          organization: request.agreeing.organization,
          agreement: request.agreeing.agreement ?? null,
        },
})

const renderTerms = (terms: GateTerms) => ({
  heading: terms.heading ?? null,
  prompt: terms.prompt ?? null,
  description: terms.description ?? null,
  button: terms.button ?? null,
  fields: terms.fields.map(({ options, ...field }) => ({ ...field, options: [...options] })),
  text: terms.text,
  sha256: terms.sha256,
})

const registerAsking = (app: FastifyInstance, door: Door): void => {
  const { access, policy } = door.hub

  /** In whose name: the caller's own, or that of an organisation which the caller manages. */
  const asking = (ctx: Ctx, organization: string | undefined) =>
    organization === undefined
      ? policy.requireOwnAccount(ctx)
      : policy.requireNamespace(ctx, 'namespace.manage', organization)

  serve(app, door, calls.readTerms, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.browse', repoIn(params))
    const { gate, gateTemplate } = permit.repo
    const terms = renderTerms(await access.terms(permit))
    return { gate: gate ?? null, template: gateTemplate ?? null, ...terms }
  })

  serve(app, door, calls.askAccess, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.browse', repoIn(params))
    const by = await asking(ctx, body.organization)
    const { fields = {}, termsSha256, agreeing: organization } = body
    const more = given({ termsSha256, organization })
    return render(await access.ask(ctx, permit, by, { fields, ...more }))
  })

  serve(app, door, calls.withdrawAccess, async ({ ctx, params, query }) => {
    const permit = await policy.require(ctx, 'repo.browse', repoIn(params))
    await access.cancel(ctx, permit, await asking(ctx, query.organization))
  })
}

/** Errors: `entry_not_found` for what is no id. */
const whichIn = ({ id }: { id: string }): { requestId: AccessRequestId } => {
  // A cast because the form is all there is to an id.
  if (isId(id)) return { requestId: id as AccessRequestId }
  throw new HubError('entry_not_found', `There is no access request "${id}".`)
}

const renderGate = ({ kind, coversMembers, template }: GateNow) => ({
  kind: kind ?? null,
  coversMembers,
  template: template ?? null,
})

const registerDeciding = (app: FastifyInstance, door: Door): void => {
  const { access, agreements, identity, policy, repos } = door.hub

  serve(app, door, calls.setGate, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.admin', repoIn(params))
    if (body.template != null) await agreements.needTemplate(permit.repo, body.template)
    return renderGate(await repos.setGate(ctx, permit, given(body)))
  })

  serve(app, door, calls.getGate, async ({ ctx, params }) =>
    renderGate(await repos.gate(await policy.require(ctx, 'repo.admin', repoIn(params)))),
  )

  serve(app, door, calls.listAccess, async ({ ctx, params, query }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    const { state = 'pending', q, cursor, limit = 100 } = query
    const wish = { state, limit, ...given({ word: q === '' ? undefined : q, after: cursor }) }
    const { requests, next } = await access.list(permit, wish)
    return { items: requests.map(render), next: next ?? null }
  })

  serve(app, door, calls.readAgreedTerms, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    return { text: await access.agreedText(permit, whichIn(params)) }
  })

  serve(app, door, calls.decideAccess, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    const more = given({ reason: body.reason, expiresAtMs: timeOf(body.expiresAt) })
    const verdict = { state: body.state, ...more }
    return render(await access.decide(ctx, permit, whichIn(params), verdict))
  })

  serve(app, door, calls.giveAccess, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    const found = await identity.find(body.account)
    if (found === undefined) {
      const message = `There is no user or organisation "${body.account}" here.`
      throw new HubError('account_not_found', message)
    }
    const end = given({ expiresAtMs: timeOf(body.expiresAt) })
    return render(await access.grant(ctx, permit, found.id, end))
  })
}

const renderPlaced = (request: PlacedRequest) => ({
  ...render(request),
  repo: { type: request.repo.type, path: request.repo.path },
})

const registerInbox = (app: FastifyInstance, door: Door): void => {
  const { access, policy } = door.hub
  const wishOf = ({ cursor = '', limit = 100 }) => ({ after: cursor, limit })

  serve(app, door, calls.listAccessToDecide, async ({ ctx, query }) => {
    const permit = policy.requireOwnAccount(ctx)
    const { requests, next } = await access.waiting(permit, wishOf(query))
    return { items: requests.map(renderPlaced), next: next ?? null }
  })

  serve(app, door, calls.listMyAccess, async ({ ctx, query }) => {
    const permit = policy.requireOwnAccount(ctx)
    const { requests, next } = await access.mine(permit, wishOf(query))
    return { items: requests.map(renderPlaced), next: next ?? null }
  })
}

export const registerAccess = (app: FastifyInstance, door: Door): void => {
  registerAsking(app, door)
  registerDeciding(app, door)
  registerInbox(app, door)
}
