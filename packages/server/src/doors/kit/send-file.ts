/** Sends a file, whole or in part, with the conditional answers around it. The same for every door that serves bytes. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Clock } from '#core/kernel/time.ts'
import type { ByteRange, ByteSource, Reservation } from '#core/hub.ts'
import { counted } from './counted.ts'
import { breakOff } from './break-off.ts'
import { matchesEtag, parseRange, rangeStillHolds } from './range.ts'
import { writeBody } from './write-body.ts'

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

/** Answers below this size are over before anybody could look again. */
const watchedBytesMin = 1024 * 1024

/** Cuts the connection when the leave that was given no longer holds: an agreement suspended, a token revoked, a member gone. */
const watch = async (
  reply: FastifyReply,
  { recheck }: SentFile,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    await clock.sleep(limits.recheckMs, signal)
    try {
      await recheck()
    } catch (error) {
      // What cannot be decided is not allowed.
      reply.log.info({ err: error }, 'a running download was ended')
      breakOff(reply.raw)
      return
    }
  }
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
  if (length < watchedBytesMin) {
    await writeBody(reply, source)
    return reply
  }
  const over = new AbortController()
  const watching = watch(reply, file, clock, over.signal).catch(() => undefined)
  await writeBody(reply, source)
  over.abort()
  await watching
  return reply
}
