/** Sends a file, whole or in part, with the conditional answers around it. The same for every door that serves bytes. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import type { Clock } from '#core/kernel/time.ts'
import type { ByteRange, ByteSource, Reservation } from '#core/hub.ts'
import { counted } from './counted.ts'
import { matchesEtag, parseRange, rangeStillHolds } from './range.ts'
import { writeWatched } from './watched.ts'

export interface SentFile {
  /** Hex, without quotes: names the bytes and nothing else. */
  readonly etag: string
  readonly sizeBytes: number
  readonly type: string
  open(range: ByteRange | undefined): Promise<ByteSource>
  /** Sets the download aside where an agreement counts it. Asked only when bytes are about to be sent. */
  reserve(): Promise<Reservation | undefined>
  /** Asked again while a long answer runs; what it throws ends the answer. */
  recheck(): Promise<unknown>
}

/**
 * Answers 200, 206, 304, 412 or throws `range_unsatisfiable`. For HEAD it never opens the file. A zero-byte file answers a
 * ranged request with 200 and a `Content-Range` ending in /0, since the JavaScript client insists on one.
 */
export const sendFile = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { file, clock }: { file: SentFile; clock: Clock },
): Promise<FastifyReply> => {
  const { headers } = request
  reply.header('etag', `"${file.etag}"`)
  reply.header('accept-ranges', 'bytes')
  if (headers['if-match'] !== undefined && !matchesEtag(headers['if-match'], file.etag)) {
    return reply.code(412).send()
  }
  if (matchesEtag(headers['if-none-match'], file.etag)) return reply.code(304).send()
  // A cast because Node types `if-range` loosely; it is a single header.
  const isCurrent = rangeStillHolds(headers['if-range'] as string | undefined, file.etag)
  const answer = parseRange(isCurrent ? headers.range : undefined, file.sizeBytes)
  if (answer.kind === 'unsatisfiable' && file.sizeBytes > 0) {
    throw new HubError(
      'range_unsatisfiable',
      `The range ${headers.range} lies outside the file of ${file.sizeBytes} bytes.`,
      { sizeBytes: file.sizeBytes },
    )
  }
  reply.header('content-type', file.type)
  const range = answer.kind === 'part' ? answer.range : undefined
  if (answer.kind === 'unsatisfiable') reply.header('content-range', 'bytes 0-0/0')
  if (range !== undefined) {
    reply.code(206)
    reply.header('content-range', `bytes ${range.start}-${range.end - 1}/${file.sizeBytes}`)
  }
  const length = range === undefined ? file.sizeBytes : range.end - range.start
  reply.header('content-length', length)
  if (request.method === 'HEAD' || length === 0) return reply.send(length === 0 ? '' : undefined)
  const source = await counted(
    file.reserve,
    () => file.open(range),
    (opened) => opened.return(),
  )
  await writeWatched(reply, { source, length }, { clock, recheck: () => file.recheck() })
  return reply
}
