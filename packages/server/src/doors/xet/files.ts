/** Files: how to put them together, and how long they are. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { counted } from '../kit/counted.ts'
import { granted } from './access.ts'
import { makeLinks } from './links.ts'
import { formatV1, formatV2, needHash, parseFileRange } from './wire.ts'

interface FileParams {
  file: string
}

const registerReconstruction = (
  app: FastifyInstance,
  door: Door,
  url: string,
  format: typeof formatV2,
): void => {
  const { content, agreements } = door.hub
  app.get<{ Params: FileParams }>(url, async (request, reply) => {
    const { ctx, permit } = await granted(door, request, reply, 'repo.read')
    const hash = needHash(request.params.file)
    const { sha256, sizeBytes } = await content.xetFile(permit, hash)
    const range = parseFileRange(request.headers.range, sizeBytes)
    reply.header('cache-control', 'private, no-store')
    // Clients ask for fixed blocks whatever the size, so this is how most small files end.
    if (range === undefined) {
      return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send()
    }
    const reserve = () => agreements.reserveDownload(ctx, permit, { content: sha256, sizeBytes })
    const plan = await counted(reserve, () => content.reconstruct(permit, hash, range))
    return format(plan, makeLinks(door, request, permit))
  })
}

export const registerFiles = (app: FastifyInstance, door: Door): void => {
  registerReconstruction(app, door, '/v2/reconstructions/:file', formatV2)
  registerReconstruction(app, door, '/v1/reconstructions/:file', formatV1)
  registerReconstruction(app, door, '/reconstructions/:file', formatV1)

  app.head<{ Params: FileParams }>('/v1/files/:file', async (request, reply) => {
    const { permit } = await granted(door, request, reply, 'repo.read')
    const { sizeBytes } = await door.hub.content.xetFile(permit, needHash(request.params.file))
    return sendLength(request, reply, sizeBytes)
  })
}

/** A HEAD's answer: the length that a GET would have. */
export const sendLength = (
  _request: FastifyRequest,
  reply: FastifyReply,
  sizeBytes: number | undefined,
): FastifyReply => {
  if (sizeBytes === undefined) throw new HubError('content_missing', 'Not found')
  return reply.header('content-length', sizeBytes).send()
}
