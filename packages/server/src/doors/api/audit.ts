/** The trail: the hub's for its administrators, an organisation's for its auditors, one's own for everybody. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditEntry, TrailFilter, TrailPermit } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { AuditSinkId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import { ctxOf, type Door } from '../kit/context.ts'
import { countOf, oneOf, parseQuery, type Query } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'

const timeOf = (query: Query, name: string): number | undefined => {
  const text = oneOf(query, name)
  if (text === undefined) return undefined
  const atMs = Date.parse(text)
  if (!Number.isNaN(atMs)) return atMs
  throw new HubError(
    'invalid',
    `"${name}" must be a date such as 2026-01-31 or 2026-01-31T12:00:00Z, found "${text}".`,
  )
}

const outcomeOf = (query: Query): 'done' | 'denied' | undefined => {
  const text = oneOf(query, 'outcome')
  if (text === undefined || text === 'done' || text === 'denied') return text
  throw new HubError('invalid', `"outcome" must be done or denied, found "${text}".`)
}

/** `actor`, `act`, `outcome`, `target`, `since` (inclusive) and `until` (exclusive). */
const filterOf = (query: Query): TrailFilter => {
  const found = {
    actorName: oneOf(query, 'actor'),
    act: oneOf(query, 'act'),
    outcome: outcomeOf(query),
    targetPath: oneOf(query, 'target'),
    sinceMs: timeOf(query, 'since'),
    untilMs: timeOf(query, 'until'),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

const render = ({ atMs, ...entry }: AuditEntry): object => ({ ...entry, at: isoDate(atMs) })

type PermitOf = (ctx: Ctx, request: FastifyRequest) => TrailPermit | Promise<TrailPermit>

const registerTrail = (
  app: FastifyInstance,
  door: Door,
  path: string,
  permitOf: PermitOf,
): void => {
  const { audit } = door.hub
  app.get(path, async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const permit = await permitOf(await ctxOf(door, request, reply), request)
    const limit = countOf(query, 'limit', 100, 1_000)
    const cursor = countOf(query, 'cursor', 0, Number.MAX_SAFE_INTEGER)
    const page = { limit, ...(cursor === 0 ? {} : { cursor }) }
    const { entries, next } = await audit.list(permit, filterOf(query), page)
    return { items: entries.map(render), next: next === undefined ? null : String(next) }
  })

  app.get(`${path}/export`, async (request, reply): Promise<FastifyReply> => {
    const query = parseQuery(queryTextOf(request.url))
    const permit = await permitOf(await ctxOf(door, request, reply), request)
    const format = oneOf(query, 'format') ?? 'jsonl'
    if (format !== 'jsonl' && format !== 'csv') {
      throw new HubError('invalid', `"format" must be jsonl or csv, found "${format}".`)
    }
    reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
    reply.header('content-disposition', `attachment; filename="audit.${format}"`)
    return reply.send(Readable.from(audit.export(permit, filterOf(query), format)))
  })
}

interface SinkBody {
  kind: 'syslog' | 'http'
  target: string
  secret?: string
}

const sinkBody = {
  type: 'object',
  required: ['kind', 'target'],
  additionalProperties: false,
  properties: {
    kind: { enum: ['syslog', 'http'] },
    target: { type: 'string', minLength: 1, maxLength: 2048 },
    secret: { type: 'string', minLength: 8, maxLength: 512 },
  },
} as const

const registerSinks = (app: FastifyInstance, door: Door): void => {
  const { audit, policy } = door.hub
  app.get('/audit/sinks', async (request, reply) => {
    const permit = policy.requireHub(await ctxOf(door, request, reply))
    return { items: await audit.listSinks(permit), next: null }
  })
  app.post<{ Body: SinkBody }>(
    '/audit/sinks',
    { schema: { body: sinkBody } },
    async (request, reply) => {
      const permit = policy.requireHub(await ctxOf(door, request, reply))
      return reply.code(201).send(await audit.addSink(permit, request.body))
    },
  )
  app.delete<{ Params: { id: string } }>('/audit/sinks/:id', async (request, reply) => {
    const permit = policy.requireHub(await ctxOf(door, request, reply))
    // A cast because an unknown id is answered as such.
    await audit.removeSink(permit, request.params.id as AuditSinkId)
    return reply.code(204).send()
  })
}

export const registerAudit = (app: FastifyInstance, door: Door): void => {
  const { policy } = door.hub
  registerTrail(app, door, '/audit', (ctx) => policy.requireHub(ctx))
  registerTrail(app, door, '/me/audit', (ctx) => policy.requireOwnAccount(ctx))
  registerTrail(app, door, '/orgs/:org/audit', (ctx, request) => {
    // A cast because the route declares `:org`.
    const { org } = request.params as { org: string }
    return policy.requireNamespace(ctx, 'namespace.audit', org)
  })
  registerSinks(app, door)
}
