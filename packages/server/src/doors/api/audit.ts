/** The trail: the hub's for its administrators, an organisation's for its auditors, one's own for everybody. */
import { Readable } from 'node:stream'
import { auditCalls as calls } from '@weighhouse/contract/audit.ts'
import type { QueryOf } from '@weighhouse/contract/call.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuditEntry, SinkInfo, TrailFilter, TrailPermit } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { AuditSinkId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import { ctxOf, type Door } from '../kit/context.ts'
import { auditing } from './accounts.ts'
import { given, serve, timeOf } from './serve.ts'

type Query = QueryOf<typeof calls.listTrail>

const filterOf = ({ actor, act, outcome, target, since, until }: Query): TrailFilter =>
  given({
    actorName: actor,
    act,
    outcome,
    targetPath: target,
    sinceMs: timeOf(since),
    untilMs: timeOf(until),
  })

/** `next` of a page of the trail is the number of its last entry. */
const cursorOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const seq = Number(text)
  if (Number.isSafeInteger(seq) && seq > 0) return seq
  throw new HubError(
    'invalid',
    'This "cursor" was not given out by this hub. Start again without one.',
  )
}

const render = ({ atMs, actor, target, details, ...entry }: AuditEntry) => ({
  ...given(entry),
  seq: entry.seq,
  outcome: entry.outcome,
  act: entry.act,
  requestId: entry.requestId,
  at: isoDate(atMs),
  actor: given(actor),
  target: given(target),
  details: { ...details },
})

const renderSink = ({ createdAtMs, lastError, ...sink }: SinkInfo) => ({
  ...sink,
  ...given({ lastError }),
  createdAt: isoDate(createdAtMs),
})

const registerTrails = (app: FastifyInstance, door: Door): void => {
  const { audit, policy } = door.hub
  const page = async (permit: TrailPermit, query: Query) => {
    const { cursor, limit = 100 } = query
    const wish = { limit, ...given({ cursor: cursorOf(cursor) }) }
    const { entries, next } = await audit.list(permit, filterOf(query), wish)
    return { items: entries.map(render), next: next === undefined ? null : String(next) }
  }
  serve(app, door, calls.listTrail, ({ ctx, query }) => page(policy.requireHub(ctx), query))
  serve(app, door, calls.listMyTrail, ({ ctx, query }) =>
    page(policy.requireOwnAccount(ctx), query),
  )
  serve(app, door, calls.listOrgTrail, async ({ ctx, params, query }) =>
    page(await auditing(door, ctx, params), query),
  )
}

type PermitOf = (ctx: Ctx, request: FastifyRequest) => TrailPermit | Promise<TrailPermit>

const registerExport = (
  app: FastifyInstance,
  door: Door,
  path: string,
  permitOf: PermitOf,
): void => {
  const schema = { querystring: calls.listTrail.query }
  app.get<{ Querystring: Query & { format?: string } }>(
    `${path}/export`,
    { schema },
    async (request, reply) => {
      const permit = await permitOf(await ctxOf(door, request, reply), request)
      const { format = 'jsonl', ...query } = request.query
      if (format !== 'jsonl' && format !== 'csv') {
        throw new HubError('invalid', `"format" must be jsonl or csv, found "${format}".`)
      }
      const lines = door.hub.audit.export(permit, filterOf(query), format)
      reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
      reply.header('content-disposition', `attachment; filename="audit.${format}"`)
      return reply.send(Readable.from(lines))
    },
  )
}

const registerSinks = (app: FastifyInstance, door: Door): void => {
  const { audit, policy } = door.hub
  serve(app, door, calls.listSinks, async ({ ctx }) => ({
    items: (await audit.listSinks(policy.requireHub(ctx))).map(renderSink),
    next: null,
  }))
  serve(app, door, calls.addSink, async ({ ctx, body }) =>
    renderSink(await audit.addSink(policy.requireHub(ctx), body)),
  )
  serve(app, door, calls.removeSink, ({ ctx, params }) =>
    // A cast because an unknown id is answered as such.
    audit.removeSink(policy.requireHub(ctx), params.id as AuditSinkId),
  )
}

export const registerAudit = (app: FastifyInstance, door: Door): void => {
  const { policy } = door.hub
  registerTrails(app, door)
  registerExport(app, door, '/audit', (ctx) => policy.requireHub(ctx))
  registerExport(app, door, '/me/audit', (ctx) => policy.requireOwnAccount(ctx))
  registerExport(app, door, '/orgs/:org/audit', (ctx, request) =>
    // A cast because the route declares `:org`.
    auditing(door, ctx, request.params as { org: string }),
  )
  registerSinks(app, door)
}
