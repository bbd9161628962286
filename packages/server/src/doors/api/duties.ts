/** What parties owe each other under their agreements. */
import { dutyCalls as calls } from '@weighhouse/contract/duties.ts'
import type { BodyOf } from '@weighhouse/contract/call.ts'
import type { FastifyInstance } from 'fastify'
import type { Attestation, AttestationWish, Duty } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { AgreementId, AttestationId, DutyId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { auditing, binding } from './accounts.ts'
import { dateOrNull, given, paged, serve, timeOf } from './serve.ts'

// Casts of ids below because an unknown one is answered as such.
const idOf = ({ id }: { id: string }): AgreementId => id as AgreementId
const nameOf = ({ id, duty }: { id: string; duty: string }) => ({
  agreement: id as AgreementId,
  duty: duty as DutyId,
})

const render = ({ openedMs, dueMs, updatedAtMs, evidence, reason, ...duty }: Duty) => ({
  ...duty,
  openedAt: isoDate(openedMs),
  dueAt: dateOrNull(dueMs),
  evidence: evidence ?? null,
  reason: reason ?? null,
  updatedAt: isoDate(updatedAtMs),
})

/** Other parties are owed something for what they may not see: they read that there is one. */
const withDerivatives = async <T extends Pick<Duty, 'derivative'>>(
  door: Door,
  ctx: Ctx,
  { items, next }: { items: readonly T[]; next: string | null },
) => {
  const ids = new Set(items.flatMap(({ derivative }) => derivative ?? []))
  const shown = await door.hub.lineage.shown(ctx, [...ids])
  const named = items.map(({ derivative, ...one }) => ({
    ...one,
    derivative: shown.get(derivative ?? '') ?? null,
  }))
  return { items: named, next }
}

const registerLooking = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  serve(app, door, calls.listDuties, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const range = {
      fromMs: timeOf(query.from) ?? 0,
      toMs: timeOf(query.to) ?? Number.MAX_SAFE_INTEGER,
    }
    const page = await paged(query, (some) => agreements.calendar(permit, { ...range, ...some }), {
      keyOf: ({ dueMs, id }) => `${dueMs ?? ''}:${id}`,
      render: ({ title, ...duty }) => ({ ...render(duty), title }),
    })
    return withDerivatives(door, ctx, page)
  })
  serve(app, door, calls.listAgreementDuties, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const page = await paged(query, (some) => agreements.duties(permit, idOf(params), some), {
      keyOf: ({ id }) => id,
      render,
    })
    return withDerivatives(door, ctx, page)
  })
  serve(app, door, calls.listAgreementMeters, async ({ ctx, params }) => {
    const permit = await auditing(door, ctx, params)
    const items = await agreements.meters(permit, idOf(params))
    return { items: items.map(({ most, ...meter }) => ({ ...meter, most: most ?? null })) }
  })
}

const renderAttestation = (attestation: Attestation) => {
  const { subjectName, link, sha256, fromMs, toMs, ...one } = attestation
  return {
    ...one,
    subjectName: subjectName ?? null,
    link: link ?? null,
    sha256: sha256 ?? null,
    from: isoDate(fromMs),
    to: dateOrNull(toMs),
  }
}

const subjectOf = ({ of }: BodyOf<typeof calls.attest>): AttestationWish['of'] => {
  const { kind, name } = of
  if (kind === 'org') return { kind }
  if (name !== undefined) return { kind, name }
  throw new HubError('invalid', `The name of the ${kind} is missing.`)
}

const registerAttestations = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  serve(app, door, calls.attest, async ({ ctx, params, body }) => {
    const { kind, word, link, sha256, until } = body
    const wish = {
      kind,
      word,
      of: subjectOf(body),
      ...given({ link, sha256, toMs: timeOf(until) }),
    }
    const permit = await binding(door, ctx, params)
    return renderAttestation(await agreements.attest(ctx, permit, idOf(params), wish))
  })
  serve(app, door, calls.endAttestation, async ({ ctx, params }) => {
    const permit = await binding(door, ctx, params)
    const attestation = params.attestation as AttestationId
    await agreements.endAttestation(ctx, permit, idOf(params), attestation)
  })
  serve(app, door, calls.listAttestations, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    return paged(query, (page) => agreements.attestations(permit, idOf(params), page), {
      keyOf: ({ id }) => id,
      render: renderAttestation,
    })
  })
}

const registerUsage = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  serve(app, door, calls.listUsage, async ({ ctx, params }) => {
    const permit = await auditing(door, ctx, params)
    const found = await agreements.usage(permit, idOf(params))
    const items = found.map(({ disputed, atMs, ...one }) => ({
      ...one,
      disputed: disputed ?? null,
      at: isoDate(atMs),
    }))
    return { items }
  })
  serve(app, door, calls.disputeUsage, async ({ ctx, params, body: { of, reason, ...at } }) => {
    const permit = await binding(door, ctx, params)
    const what = { month: params.month, org: of, reason }
    await agreements.disputeUsage(ctx, permit, idOf(params), what, given(at))
  })
  serve(app, door, calls.correctUsage, async ({ ctx, params, body: { of, seq, key, ...wish } }) => {
    const permit = await binding(door, ctx, params)
    const correction = { ...wish, month: params.month, org: of }
    await agreements.correctUsage(ctx, permit, idOf(params), correction, given({ seq, key }))
  })
}

export const registerDuties = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  registerLooking(app, door)
  registerAttestations(app, door)
  registerUsage(app, door)
  serve(app, door, calls.reportEvent, async ({ ctx, params, body }) => {
    const { event, about, at, text, seq, key } = body
    const wish = { event, text, ...given({ about, atMs: timeOf(at) }) }
    const permit = await binding(door, ctx, params)
    await agreements.report(ctx, permit, idOf(params), wish, given({ seq, key }))
  })
  serve(app, door, calls.fulfilDuty, async ({ ctx, params, body: { seq, key, ...wish } }) =>
    agreements.fulfil(
      ctx,
      await binding(door, ctx, params),
      nameOf(params),
      wish,
      given({ seq, key }),
    ),
  )
  serve(app, door, calls.acceptDuty, async ({ ctx, params, body }) =>
    agreements.acceptEvidence(ctx, await binding(door, ctx, params), nameOf(params), given(body)),
  )
  serve(app, door, calls.disputeDuty, async ({ ctx, params, body: { reason, ...at } }) => {
    const permit = await binding(door, ctx, params)
    await agreements.disputeEvidence(ctx, permit, nameOf(params), reason, given(at))
  })
  serve(app, door, calls.waiveDuty, async ({ ctx, params, body: { reason, ...at } }) => {
    const permit = await binding(door, ctx, params)
    await agreements.waive(ctx, permit, nameOf(params), reason, given(at))
  })
}
