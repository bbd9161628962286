/** Bytes in and out, by ticket. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseSha256 } from '@weighhouse/formats/digest/digest.ts'
import type { ByteRange } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isId, type RepoId, type UploadId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { anonymous } from '#core/kernel/actor.ts'
import { bodyBytes, parseSmallBodies, passRawBodies } from '../kit/bodies.ts'
import { ctxOf, type Door, makeCtx } from '../kit/context.ts'
import { oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { sendFile } from '../kit/send-file.ts'
import { verify } from './batch.ts'
import { lfsType } from './errors.ts'
import * as wire from './wire.ts'

const ticketOf = (request: FastifyRequest): string => {
  const ticket = oneOf(parseQuery(queryTextOf(request.url)), 'ticket')
  if (ticket !== undefined) return ticket
  throw new HubError(
    'permission_denied',
    'This link was cut short: its ticket is missing. Start the transfer again.',
  )
}

const uploadIdOf = (text: string): UploadId => {
  if (isId(text)) return text as UploadId
  throw new HubError('entry_not_found', 'There is no such upload.')
}

/** The permit behind an upload link, with the context of its holder. */
const redeemUpload = async (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  id: UploadId,
) => {
  const ctx = makeCtx(door, anonymous, request, reply)
  const permit = await door.hub.policy.redeem(ctx, 'repo.write', ticketOf(request), id)
  return { ctx: makeCtx(door, permit.actor, request, reply), permit }
}

const announcedBytes = (request: FastifyRequest): number | undefined => {
  const text = request.headers['content-length']
  return text === undefined ? undefined : Number(text)
}

const registerParts = (app: FastifyInstance, door: Door): void => {
  app.put<{ Params: { id: string; part: string } }>(
    '/_lfs/uploads/:id/:part',
    async (request, reply) => {
      const uploadId = uploadIdOf(request.params.id)
      const { ctx, permit } = await redeemUpload(door, request, reply, uploadId)
      const sha256 = await door.hub.content.receive(
        ctx,
        permit,
        {
          uploadId,
          part: Number(request.params.part),
          bodyBytes: announcedBytes(request) ?? (request.body === undefined ? 0 : undefined),
        },
        bodyBytes(request),
      )
      return reply.header('etag', `"${sha256}"`).send('')
    },
  )
}

const registerComplete = (app: FastifyInstance, door: Door): void => {
  app.post<{ Params: { id: string }; Body: wire.CompleteBody }>(
    '/_lfs/uploads/:id/complete',
    { schema: { body: wire.completeBody } },
    async (request, reply) => {
      const uploadId = uploadIdOf(request.params.id)
      const { ctx, permit } = await redeemUpload(door, request, reply, uploadId)
      // Reading a very large file back may take longer than a silent connection is otherwise kept. A request without a
      // connection, as tests inject it, has nothing to set.
      const socket: { setTimeout?: (ms: number) => unknown } = request.raw.socket
      socket.setTimeout?.(0)
      try {
        const sha256 = parseSha256(request.body.oid ?? '')
        const isDone =
          sha256 !== undefined && (await door.hub.content.sizeIn(permit, sha256)) !== undefined
        if (!isDone) await door.hub.content.seal(ctx, permit, uploadId)
      } finally {
        socket.setTimeout?.(limits.stallMs)
      }
      return reply.type(lfsType).send({})
    },
  )

  app.post<{ Params: { repo: string }; Body: wire.VerifyBody }>(
    '/_lfs/verify/:repo',
    { schema: { body: wire.verifyBody } },
    async (request, reply) => {
      const ctx = await ctxOf(door, request, reply)
      const { repo } = request.params
      if (!isId(repo)) throw new HubError('entry_not_found', 'There is no such repository.')
      const permit = await door.hub.policy.require(ctx, 'repo.write', repo as RepoId)
      await verify(door, permit, request.body)
      return reply.type(lfsType).send({})
    },
  )
}

const registerContents = (app: FastifyInstance, door: Door): void => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/_lfs/contents/:sha256',
    handler: async (request, reply) => {
      const { sha256: text } = request.params as { sha256: string }
      const sha256 = parseSha256(text)
      if (sha256 === undefined) throw new HubError('entry_not_found', 'There is no such object.')
      const ctx = makeCtx(door, anonymous, request, reply)
      const ticket = ticketOf(request)
      const permit = await door.hub.policy.redeem(ctx, 'repo.read', ticket, sha256)
      const sizeBytes = await door.hub.content.sizeIn(permit, sha256)
      if (sizeBytes === undefined) {
        throw new HubError('content_missing', `This repository holds no object ${sha256}.`)
      }
      const file = {
        etag: sha256,
        sizeBytes,
        type: 'application/octet-stream',
        open: (range: ByteRange | undefined) => door.hub.content.open(permit, sha256, range),
        reserve: () =>
          door.hub.agreements.reserveDownload(ctx, permit, { content: sha256, sizeBytes }),
        recheck: () => door.hub.policy.redeem(ctx, 'repo.read', ticket, sha256, true),
      }
      return sendFile(request, reply, { file, clock: door.hub.clock })
    },
  })
}

export const registerBytes = (app: FastifyInstance, door: Door): void => {
  registerContents(app, door)
  void app.register(async (small) => {
    parseSmallBodies(small, limits.jsonBodyBytesMax)
    registerComplete(small, door)
  })
  // Parts are streams: parsers of their own, and a bound given by the upload itself.
  void app.register(async (raw) => {
    passRawBodies(raw)
    registerParts(raw, door)
  })
}
