/** Bytes from a browser: in parts that a cut connection costs little of, by links that carry their own ticket. */
import { fileCalls as calls } from '@weighhouse/contract/files.ts'
import { parseSha256 } from '@weighhouse/formats/digest/digest.ts'
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Door } from '../kit/context.ts'
import { repoIn } from './repo-name.ts'
import { serve } from './serve.ts'

const nothing = { state: 'present' as const, partBytes: 0, parts: [], complete: null }

export const registerUploads = (app: FastifyInstance, door: Door): void => {
  const { content, policy } = door.hub

  serve(app, door, calls.beginUpload, async ({ ctx, params, body }) => {
    const sha256 = parseSha256(body.sha256)
    if (sha256 === undefined) throw new HubError('invalid', '"sha256" must be 64 hex digits.')
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    const offer = { sha256, sizeBytes: body.sizeBytes }
    const way = { inParts: true, partBytes: limits.browserPartBytes }
    const reception = await content.begin(ctx, permit, offer, way)
    if (reception.state === 'present') return nothing
    const { uploadId, parts, partBytes, received } = reception
    const seconds = limits.uploadTicketSeconds
    const ticket = policy.ticket(permit, { act: 'upload', subject: uploadId, seconds })
    const path = (part: number | 'complete'): string =>
      `/_lfs/uploads/${uploadId}/${part}?ticket=${ticket}`
    const there = new Set(received)
    return {
      state: 'wanted' as const,
      partBytes,
      parts: Array.from({ length: parts }, (_, index) => index + 1)
        .filter((number) => !there.has(number))
        .map((number) => ({ number, path: path(number) })),
      complete: parts === 1 ? null : path('complete'),
    }
  })
}
