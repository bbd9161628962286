/** Puts a call of the contract on the server: its schemas check what comes in and cut what goes out to what is promised. */
import type { AnswerOf, BodyOf, Call, ParamsOf, QueryOf } from '@weighhouse/contract/call.ts'
import { pageMax } from '@weighhouse/contract/parts.ts'
import { dateMs } from '@weighhouse/formats/json/read.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import { ctxOf, type Door } from '../kit/context.ts'

export interface Asked<C extends Call> {
  readonly ctx: Ctx
  readonly params: ParamsOf<C['path']>
  readonly body: BodyOf<C>
  readonly query: QueryOf<C>
  /** For the few calls that read or set a cookie. */
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Created things answer 201, and what says nothing 204. */
const statusOf = ({ method, path, answer }: Call): 200 | 201 | 204 => {
  if (answer === undefined) return 204
  return method === 'POST' && !path.endsWith('/accept') ? 201 : 200
}

export const serve = <const C extends Call>(
  app: FastifyInstance,
  door: Door,
  one: C,
  handle: (asked: Asked<C>) => Promise<AnswerOf<C>>,
): void => {
  const status = statusOf(one)
  app.route({
    method: one.method,
    url: one.path,
    schema: {
      ...(one.body === undefined ? {} : { body: one.body }),
      ...(one.query === undefined ? {} : { querystring: one.query }),
      ...(one.answer === undefined ? {} : { response: { [status]: one.answer } }),
    },
    async handler(request, reply) {
      const ctx = await ctxOf(door, request, reply)
      // Casts because the path and the schemas above have made them so.
      const params = request.params as ParamsOf<C['path']>
      const body = request.body as BodyOf<C>
      const query = request.query as QueryOf<C>
      const answer = await handle({ ctx, params, body, query, request, reply })
      return reply.code(status).send(answer)
    },
  })
}

/** One page of a list that is read from after a key; one more is read to see whether another page follows. */
export const paged = async <T, U>(
  { cursor = '', limit = 100 }: { cursor?: string; limit?: number },
  read: (page: { after: string; limit: number }) => Promise<readonly T[]>,
  { keyOf, render }: { keyOf: (item: T) => string; render: (item: T) => U },
): Promise<{ items: U[]; next: string | null }> => {
  const most = Math.min(limit, pageMax)
  const found = await read({ after: cursor, limit: most + 1 })
  const items = found.slice(0, most)
  const last = items.at(-1)
  const next = found.length > most && last !== undefined ? keyOf(last) : null
  return { items: items.map(render), next }
}

export const dateOrNull = (atMs: number | undefined): string | null =>
  atMs === undefined ? null : isoDate(atMs)

/** Undefined for null and for what is absent; a day alone begins in UTC. Errors: `invalid`. */
export const timeOf = (text: string | null | undefined): number | undefined => {
  if (text == null) return undefined
  const atMs = dateMs(text)
  if (atMs !== undefined) return atMs
  throw new HubError(
    'invalid',
    `A date that exists is expected, with its time and zone, such as 2026-01-31T12:00:00Z; found "${text}".`,
  )
}

/** Leaves out members that are undefined, as exact optional members want it. */
export const given = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // A cast because only defined members are left.
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
