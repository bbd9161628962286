/** Why somebody may or may not; what a text would permit; what a counter changes. */
import { explainCalls as calls } from '@weighhouse/contract/explain.ts'
import type { FastifyInstance } from 'fastify'
import type { Explained, MatrixRow, SupposedRow, Supposition } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { AgreementId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { auditing, binding } from './accounts.ts'
import { repoIn } from './repo-name.ts'
import { dateOrNull, given, serve, timeOf } from './serve.ts'

const renderMiss = ({
  agreement,
  title,
  reason,
  clause,
  needed,
  actual,
  lastWord,
}: NonNullable<Explained['denial']>) => ({
  agreement,
  title,
  code: reason,
  clause: clause === undefined ? null : { ...clause },
  needed: needed ?? null,
  actual: actual ?? null,
  said:
    lastWord === undefined
      ? null
      : { by: lastWord.by ?? null, at: isoDate(lastWord.atMs), reason: lastWord.reason ?? null },
})

const render = (one: Explained, url: string) => ({
  decision: one.isAllowed ? ('permit' as const) : ('deny' as const),
  code: one.code,
  repo: { type: one.repo.type, path: one.repo.path },
  action: one.action,
  as: one.as === undefined ? null : { name: one.as.name, kind: one.as.kind },
  layers: one.layers.map(({ layer, said, code }) => ({ layer, said, code: code ?? null })),
  agreement: one.agreement ?? null,
  denial: one.denial === undefined ? null : renderMiss(one.denial),
  nearMisses: one.nearMisses.map(renderMiss),
  fix: one.fixes.map(({ who, label, path }) => ({ who, label, href: url + path })),
  until: dateOrNull(one.untilMs),
  id: one.id,
  epoch: one.epoch,
  at: isoDate(one.atMs),
})

const renderAccess = ({ cells, terms, ...row }: MatrixRow) => ({
  ...row,
  cells: cells.map(({ action, isAllowed, code, agreement, untilMs }) => ({
    action,
    decision: isAllowed ? ('permit' as const) : ('deny' as const),
    code,
    agreement: agreement ?? null,
    until: dateOrNull(untilMs),
  })),
  terms: terms.map(({ untilMs, ...one }) => ({ ...one, until: dateOrNull(untilMs) })),
})

const renderRows = (rows: readonly SupposedRow[]) => ({
  rows: rows.map(({ action, words, strength, cells }) => ({
    action,
    words,
    strength,
    cells: cells.map(({ atMs, code, clause, needed, actual, untilMs }) => ({
      at: isoDate(atMs),
      code,
      clause: clause ?? null,
      needed: needed ?? null,
      actual: actual ?? null,
      until: dateOrNull(untilMs),
    })),
  })),
})

interface Supposed {
  readonly party?: string
  readonly purposes?: readonly string[]
  readonly environment?: string
  readonly country?: string
  readonly isAllDone?: boolean
  readonly at?: readonly string[]
}

export const registerExplain = (app: FastifyInstance, door: Door): void => {
  const { agreements, clock, policy } = door.hub

  const supposition = ({ at, party, ...rest }: Supposed): Supposition => ({
    ...given({ ...rest, org: party }),
    atMs: at?.map((one) => timeOf(one) ?? 0) ?? [clock.nowMs()],
  })

  serve(app, door, calls.explainAccess, async ({ ctx, query, request }) => {
    const { type = 'model', repo: path, action = 'repo.read', as } = query
    const explained = await policy.explainTo(ctx, action, { type, path }, as)
    return render(explained, baseUrl(door, request))
  })

  serve(app, door, calls.readAccessMatrix, async ({ ctx, params, query }) => {
    const { org, cursor: after = '', limit = 100 } = query
    const page = { after, limit, ...given({ org }) }
    const { rows, next } = await policy.matrix(ctx, repoIn(params), page)
    return { items: rows.map(renderAccess), next: next ?? null }
  })

  serve(app, door, calls.whatIf, async ({ ctx, params, body }) => {
    const { version, wish, ...rest } = body
    const text = version === undefined ? wish && { wish } : wish === undefined && { version }
    if (text === undefined || text === false) {
      throw new HubError(
        'invalid',
        'Either a version is expected, or a text that is being written.',
      )
    }
    const permit = await binding(door, ctx, params)
    // A cast because an unknown id is answered as such.
    const id = params.id as AgreementId
    return renderRows(await agreements.whatIf(ctx, permit, id, text, supposition(rest)))
  })

  serve(app, door, calls.whatIfTemplate, ({ params, body: { values, ...rest } }) =>
    Promise.resolve(
      renderRows(agreements.whatIfTemplate(params.template, values, supposition(rest))),
    ),
  )

  serve(app, door, calls.diffAgreement, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const { clauses, terms, members } = await agreements.diff(
      permit,
      // A cast because an unknown id is answered as such.
      params.id as AgreementId,
      query,
    )
    return {
      clauses: clauses.map((one) => ({
        ...one,
        segments: one.segments.map((segment) => ({ ...segment })),
      })),
      terms: terms.map((one) => ({
        ...one,
        before: one.before ?? null,
        after: one.after ?? null,
        added: [...one.added],
        removed: [...one.removed],
      })),
      members: members.map((one) => ({ ...one })),
    }
  })
}
