/** What clients send: xorbs, and shards that say what files are made of them; and what they ask before. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isHubError } from '#core/kernel/errors.ts'
import { bodyBytes } from '../kit/bodies.ts'
import type { Door } from '../kit/context.ts'
import { faultText, toHubError } from '../kit/errors.ts'
import { granted } from './access.ts'
import { isRetryable } from './errors.ts'
import { sendLength } from './files.ts'
import { receiveShard, waitingPatiently } from './shard-body.ts'
import { needHash, readBody } from './wire.ts'

/** A line at least this often, so that nobody in between takes the silence for death. */
const lineEveryMs = 10_000

const registerXorbs = (app: FastifyInstance, door: Door): void => {
  const { chunks } = door.hub
  for (const url of ['/v1/xorbs/:prefix/:xorb', '/xorbs/:prefix/:xorb']) {
    app.post<{ Params: { xorb: string } }>(url, async (request, reply) => {
      const { permit } = await granted(door, request, reply, 'repo.write')
      const hash = needHash(request.params.xorb)
      const isNew = await chunks.receiveXorb(permit, hash, bodyBytes(request))
      return { was_inserted: isNew }
    })
  }
  app.head<{ Params: { xorb: string } }>('/v1/xorbs/:prefix/:xorb', async (request, reply) => {
    const { permit } = await granted(door, request, reply, 'repo.read')
    const hash = needHash(request.params.xorb)
    return sendLength(request, reply, await chunks.xorbSize(permit, hash))
  })
}

const registerQuery = (app: FastifyInstance, door: Door): void => {
  for (const url of ['/v1/chunks/:prefix/:chunk', '/chunks/:prefix/:chunk']) {
    app.get<{ Params: { chunk: string } }>(url, async (request, reply) => {
      const { permit } = await granted(door, request, reply, 'repo.read')
      const chunk = needHash(request.params.chunk)
      const answer = await door.hub.content.knownChunks(permit, chunk)
      if (answer === undefined) return reply.code(404).send({ error: 'This chunk is not known.' })
      return reply.type('application/octet-stream').send(Buffer.from(answer))
    })
  }
}

/** One answer at the end, however long it takes: a silent connection must not be cut meanwhile. */
const registerShardsV1 = (app: FastifyInstance, door: Door): void => {
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    const { ctx, permit } = await granted(door, request, reply, 'repo.write')
    using shard = await receiveShard(door, request, ctx, permit)
    await waitingPatiently(request, door.hub.content.register(ctx, permit, shard.bytes))
    return { result: 1 }
  }
  app.post('/v1/shards', handle)
  app.post('/shards', handle)
}

/** Lines as the work goes on; the last one is the result, or the sentence that the client shows to its user. */
const registerShardsV2 = (app: FastifyInstance, door: Door): void => {
  app.post('/v2/shards', async (request, reply) => {
    const { ctx, permit } = await granted(door, request, reply, 'repo.write')
    using shard = await receiveShard(door, request, ctx, permit)
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...(reply.getHeaders() as NodeJS.Dict<string>),
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-cache',
    })
    const say = (line: object): void => void raw.write(`${JSON.stringify(line)}\n`)
    let verified = 0
    const sayProgress = (): void => say({ type: 'validating', verified, total: verified + 1 })
    sayProgress()
    const timer = setInterval(sayProgress, lineEveryMs)
    try {
      await door.hub.content.register(ctx, permit, shard.bytes, () => {
        verified += 1
      })
      say({ type: 'committing', stage: 'syncing' })
      say({ type: 'result', result: 1 })
    } catch (thrown) {
      const error = isHubError(thrown) ? thrown : toHubError(thrown, request)
      const message = error?.message ?? faultText(request)
      say({ type: 'error', message, retryable: isRetryable(error) })
    } finally {
      clearInterval(timer)
      raw.end()
    }
    return reply
  })
}

export const registerUploads = (app: FastifyInstance, door: Door): void => {
  registerXorbs(app, door)
  registerQuery(app, door)
  registerShardsV1(app, door)
  registerShardsV2(app, door)
}

const telemetryBytesMax = 1024 * 1024

/**
 * Counts of a client about itself, which some send to the host's own root: read to their end, so that the connection goes on, and thrown
 * away.
 */
export const registerTelemetry = (app: FastifyInstance, url: string): void => {
  app.post(url, async (request) => {
    await readBody(request, telemetryBytesMax)
    return {}
  })
}
