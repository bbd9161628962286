/** Agreements: what is said of them, by whom, and what a party lets its people do. */
import { agreementCalls as calls } from '@weighhouse/contract/agreements.ts'
import type { BodyOf } from '@weighhouse/contract/call.ts'
import { sayableBy } from '@weighhouse/formats/agreement/sayable.ts'
import { phaseFor } from '@weighhouse/formats/agreement/phase.ts'
import { lint } from '@weighhouse/formats/terms/lint.ts'
import type { FastifyInstance } from 'fastify'
import type { Agreement, AgreementGrant, GrantWish } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { AgreementGrantId, AgreementId, TokenId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { auditing, binding } from './accounts.ts'
import { versionIn } from './agreement-papers.ts'
import { dateOrNull, given, paged, serve, timeOf } from './serve.ts'

// Casts of ids below because an unknown one is answered as such.
const idOf = ({ id }: { id: string }): AgreementId => id as AgreementId

/** `side` is the organisation for which somebody looks; `by` the same for those who may act for it, absent for those who only look. */
const render = (one: Agreement, { side, by }: { side: string; by: string | undefined }) => {
  const { parties, candidate, inForce, seq } = one.folder
  return {
    id: one.id,
    title: one.title,
    state: one.state,
    talk: one.folder.talk,
    phase: phaseFor(one.folder, side),
    may: by === undefined ? [] : sayableBy(one.folder, by),
    seq,
    parties: parties.map((party) => ({ ...party })),
    candidate:
      candidate === undefined
        ? null
        : {
            ...candidate,
            agreedBy: [...candidate.agreedBy],
            signedBy: [...candidate.signedBy],
            firstSignedBy: (candidate.firstSignedBy ?? []).map(({ org }) => org),
          },
    inForce: inForce ?? null,
    from: dateOrNull(one.fromMs),
    to: dateOrNull(one.toMs),
    offerUntil: dateOrNull(one.offerUntilMs),
    createdAt: isoDate(one.createdAtMs),
    updatedAt: isoDate(one.updatedAtMs),
  }
}

const renderGrant = ({ fromMs, toMs, purposes, granteeName, ...grant }: AgreementGrant) => ({
  ...grant,
  granteeName: granteeName ?? null,
  purposes: [...purposes],
  from: isoDate(fromMs),
  to: dateOrNull(toMs),
})

const registerLooking = (app: FastifyInstance, door: Door): void => {
  const { agreements, policy } = door.hub
  const actsFor = async ({ actor }: Ctx, name: string, id: string) =>
    (await policy.allowsNamespace(actor, 'namespace.bind', name)) ? id : undefined
  serve(app, door, calls.listAgreements, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const read = ({ after, limit }: { after: string; limit: number }) =>
      agreements.agreements(permit, {
        limit,
        ...given({ phase: query.phase }),
        ...(after === '' ? {} : { before: after }),
      })
    const side = permit.namespace.id
    const by = await actsFor(ctx, params.org, side)
    return paged(query, read, { keyOf: ({ id }) => id, render: (one) => render(one, { side, by }) })
  })
  serve(app, door, calls.countAgreements, async ({ ctx, params }) =>
    agreements.agreementCounts(await auditing(door, ctx, params)),
  )
  serve(app, door, calls.getAgreement, async ({ ctx, params }) => {
    const permit = await auditing(door, ctx, params)
    const side = permit.namespace.id
    const by = await actsFor(ctx, params.org, side)
    return render(await agreements.agreement(permit, idOf(params)), { side, by })
  })
  serve(app, door, calls.getAgreementVersion, async ({ ctx, params }) => {
    const version = versionIn(params)
    const permit = await auditing(door, ctx, params)
    const { body, sha256, text } = await agreements.body(permit, idOf(params), version)
    return { version, sha256, text, findings: lint(body.terms) }
  })
  serve(app, door, calls.getAgreementValues, async ({ ctx, params }) => {
    const permit = await auditing(door, ctx, params)
    const values = await agreements.values(permit, idOf(params), versionIn(params))
    return { values: values === undefined ? null : { ...values } }
  })
  serve(app, door, calls.listStatements, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const read = ({ after, limit }: { after: string; limit: number }) =>
      agreements.statements(permit, idOf(params), { after: Number(after) || 0, limit })
    return paged(query, read, { keyOf: ({ seq }) => String(seq), render: (one) => one })
  })
  serve(app, door, calls.getHubSeal, () => {
    const { keyid, publicKey } = agreements.hubSeal
    return Promise.resolve({ keyid, publicKey })
  })
}

const writing = { draft: calls.draftAgreement, counter: calls.counterAgreement } as const

const registerTalk = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  serve(app, door, calls.createAgreement, async ({ ctx, params, body }) => {
    const { template: templateId, ...wish } = body
    const permit = await binding(door, ctx, params)
    return { id: await agreements.create(ctx, permit, { ...wish, templateId }) }
  })
  for (const act of ['draft', 'counter'] as const) {
    serve(app, door, writing[act], async ({ ctx, params, body: { wish, ...at } }) => {
      const permit = await binding(door, ctx, params)
      const what = await agreements[act](ctx, permit, idOf(params), wish, given(at))
      const { body } = await agreements.body(permit, idOf(params), what.version)
      return { ...what, findings: lint(body.terms) }
    })
  }
  serve(app, door, calls.proposeAgreement, async ({ ctx, params, body }) => {
    const { version, sha256, offerUntil, ...at } = body
    const offerUntilMs = timeOf(offerUntil)
    const what = { version, sha256, ...(offerUntilMs === undefined ? {} : { offerUntilMs }) }
    const permit = await binding(door, ctx, params)
    await agreements.propose(ctx, permit, idOf(params), what, given(at))
  })
  serve(app, door, calls.agree, async ({ ctx, params, body: { version, sha256, ...at } }) => {
    const permit = await binding(door, ctx, params)
    await agreements.agree(ctx, permit, idOf(params), { version, sha256 }, given(at))
  })
  serve(app, door, calls.signAgreement, async ({ ctx, params, body, request }) => {
    const { version, sha256, signature, ...at } = body
    const agent = request.headers['user-agent']
    const wish = {
      version,
      sha256,
      orgName: params.org,
      ...(signature === undefined ? {} : { signature }),
      ...(agent === undefined ? {} : { agent }),
    }
    const permit = door.hub.policy.requireOwnAccount(ctx)
    await agreements.sign(ctx, permit, idOf(params), wish, given(at))
  })
}

const reasoned = {
  reject: calls.rejectAgreement,
  withdraw: calls.withdrawAgreement,
  suspend: calls.suspendAgreement,
  resume: calls.resumeAgreement,
  terminate: calls.terminateAgreement,
  rescind: calls.rescindAgreement,
} as const

const registerReasoned = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  // A cast because these are the keys of the constant above.
  for (const act of Object.keys(reasoned) as (keyof typeof reasoned)[]) {
    serve(app, door, reasoned[act], async ({ ctx, params, body: { reason, ...at } }) =>
      agreements[act](ctx, await binding(door, ctx, params), idOf(params), reason, given(at)),
    )
  }
}

const granteeOf = ({ to }: BodyOf<typeof calls.grantAgreement>): GrantWish['to'] => {
  const { kind, name } = to
  if (kind === 'org') return { kind }
  if (name !== undefined && name !== '') return { kind, name }
  throw new HubError('invalid', `The name of the ${kind} is missing.`)
}

const registerGrants = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  serve(app, door, calls.listAgreementGrants, async ({ ctx, params, query }) => {
    const permit = await binding(door, ctx, params)
    return paged(query, (page) => agreements.grants(permit, idOf(params), page), {
      keyOf: ({ id }) => id,
      render: renderGrant,
    })
  })
  serve(app, door, calls.grantAgreement, async ({ ctx, params, body }) => {
    const toMs = timeOf(body.until)
    const wish: GrantWish = {
      project: body.project,
      purposes: body.purposes,
      to: granteeOf(body),
      ...(body.environment === undefined ? {} : { environment: body.environment }),
      ...(body.token === undefined ? {} : { tokenId: body.token as TokenId }),
      ...(toMs === undefined ? {} : { toMs }),
    }
    const permit = await binding(door, ctx, params)
    return renderGrant(await agreements.grant(ctx, permit, idOf(params), wish))
  })
  serve(app, door, calls.endAgreementGrant, async ({ ctx, params }) => {
    const permit = await binding(door, ctx, params)
    await agreements.endGrant(ctx, permit, idOf(params), params.grant as AgreementGrantId)
  })
  serve(app, door, calls.notePrecondition, async ({ ctx, params, body }) =>
    agreements.noteDone(ctx, await binding(door, ctx, params), idOf(params), body),
  )
}

export const registerAgreements = (app: FastifyInstance, door: Door): void => {
  registerLooking(app, door)
  registerTalk(app, door)
  registerReasoned(app, door)
  registerGrants(app, door)
}
