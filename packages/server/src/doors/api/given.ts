/** What agreements give to the caller, and that the caller accepts what restricts it. */
import { givenCalls as calls } from '@weighhouse/contract/given.ts'
import type { FastifyInstance } from 'fastify'
import type { Given } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { AccountId, AgreementId } from '#core/kernel/ids.ts'
import type { Door } from '../kit/context.ts'
import { binding } from './accounts.ts'
import { dateOrNull, given, paged, serve } from './serve.ts'

const render = (one: Given) => ({
  id: one.id,
  title: one.title,
  state: one.state,
  org: one.org.name,
  parties: one.parties.map((party) => ({ ...party })),
  from: dateOrNull(one.fromMs),
  to: dateOrNull(one.toMs),
  grants: one.grants.map(({ toMs, purposes, environment, ...grant }) => ({
    ...grant,
    purposes: [...purposes],
    environment: environment ?? null,
    to: dateOrNull(toMs),
  })),
  acceptedAt: dateOrNull(one.acceptedAtMs),
})

/** An agreement may give to several organisations of one person: its place in the list is both. */
const placeOf = (cursor: string) => {
  if (cursor === '') return undefined
  const [id, orgId] = cursor.split('/')
  // Casts because a place is compared and not looked up.
  if (id !== undefined && orgId !== undefined)
    return { id: id as AgreementId, orgId: orgId as AccountId }
  throw new HubError(
    'invalid',
    'This "cursor" was not given out by this hub. Start again without one.',
  )
}

export const registerGiven = (app: FastifyInstance, door: Door): void => {
  const { agreements, policy } = door.hub
  // Casts of ids below because an unknown one is answered as such.
  serve(app, door, calls.listGivenAgreements, async ({ ctx, query }) => {
    const permit = policy.requireOwnAccount(ctx)
    const read = ({ after, limit }: { after: string; limit: number }) =>
      agreements.given(permit, { after: placeOf(after), limit })
    return paged(query, read, { keyOf: ({ id, org }) => `${id}/${org.id}`, render })
  })
  serve(app, door, calls.getGivenAgreement, async ({ ctx, params }) => {
    const permit = policy.requireOwnAccount(ctx)
    const one = await agreements.givenOne(permit, params.id as AgreementId, params.org)
    const { text, administrators } = one
    return {
      ...render(one),
      text: text === undefined ? null : { ...text, restrictions: [...text.restrictions] },
      administrators: [...administrators],
    }
  })
  serve(app, door, calls.acceptAgreement, async ({ ctx, params, query }) => {
    const by = { orgName: params.org, ...given({ seen: query.sha256 }) }
    const permit = policy.requireOwnAccount(ctx)
    await agreements.accept(ctx, permit, params.id as AgreementId, by)
  })
  serve(app, door, calls.acceptAgreementFor, async ({ ctx, params }) => {
    const permit = await binding(door, ctx, params)
    await agreements.acceptFor(ctx, permit, params.id as AgreementId, params.account)
  })
}
