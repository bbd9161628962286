/** Bytes of xorbs, by link: the listed ranges and nothing else. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { ByteRange, ByteSource } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { type Door, makeCtx } from '../kit/context.ts'
import { oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { type Watching, writeWatched } from '../kit/watched.ts'
import { linkSubject } from './links.ts'
import { needHash, parseRanges } from './wire.ts'

const gone = (): HubError => new HubError('entry_not_found', 'This link is none of this hub’s.')

/** The ranges asked for, each of which must be one of the link's, whole. */
const asked = (header: string | undefined, listed: readonly ByteRange[]): ByteRange[] => {
  if (header === undefined || !header.startsWith('bytes=')) {
    throw new HubError('invalid', 'Ask for the ranges of this link with a Range header.')
  }
  const wanted = parseRanges(header.slice('bytes='.length))
  const isListed = ({ start, end }: ByteRange): boolean =>
    listed.some((range) => range.start === start && range.end === end)
  if (wanted.every(isListed)) return wanted
  throw new HubError('entry_not_found', 'This link is for other ranges.')
}

const partHeader = (boundary: string, { start, end }: ByteRange, sizeBytes: number): Buffer =>
  Buffer.from(
    `\r\n--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end - 1}/${sizeBytes}\r\n\r\n`,
  )

const multipart = async function* (
  { hub }: Door,
  xorb: XetHash,
  parts: readonly { header: Buffer; range: ByteRange }[],
  end: Buffer,
): AsyncGenerator<Uint8Array, undefined> {
  for (const { header, range } of parts) {
    yield header
    yield* await hub.chunks.openXorb(xorb, range)
  }
  yield end
  return undefined
}

const asSource = (bytes: AsyncGenerator<Uint8Array, undefined>): ByteSource => ({
  next: () => bytes.next(),
  return: () => bytes.return(undefined),
  [Symbol.asyncIterator]() {
    return this
  },
})

const sendParts = async (
  door: Door,
  reply: FastifyReply,
  { xorb, ranges }: { xorb: XetHash; ranges: readonly ByteRange[] },
  recheck: Watching['recheck'],
): Promise<FastifyReply> => {
  const sizeBytes = await door.hub.chunks.storedSize(xorb)
  const boundary = door.hub.chance.bytes(24).toString('hex')
  const parts = ranges.map((range) => ({ header: partHeader(boundary, range, sizeBytes), range }))
  const end = Buffer.from(`\r\n--${boundary}--\r\n`)
  const length = parts.reduce(
    (sum, { header, range }) => sum + header.length + range.end - range.start,
    end.length,
  )
  reply.header('content-type', `multipart/byteranges; boundary=${boundary}`)
  reply.header('content-length', length)
  const source = asSource(multipart(door, xorb, parts, end))
  await writeWatched(reply, { source, length }, { clock: door.hub.clock, recheck })
  return reply
}

const sendOne = async (
  door: Door,
  reply: FastifyReply,
  { xorb, range }: { xorb: XetHash; range: ByteRange },
  recheck: Watching['recheck'],
): Promise<FastifyReply> => {
  const sizeBytes = await door.hub.chunks.storedSize(xorb)
  const source = await door.hub.chunks.openXorb(xorb, range)
  reply.header('content-type', 'application/octet-stream')
  reply.header('content-range', `bytes ${range.start}-${range.end - 1}/${sizeBytes}`)
  const length = range.end - range.start
  reply.header('content-length', length)
  await writeWatched(reply, { source, length }, { clock: door.hub.clock, recheck })
  return reply
}

export const registerData = (app: FastifyInstance, door: Door): void => {
  app.get<{ Params: { xorb: string } }>('/xet/data/:xorb', async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const listed = oneOf(query, 'r')
    const ticket = oneOf(query, 'ticket')
    if (listed === undefined || ticket === undefined) throw gone()
    const xorb = needHash(request.params.xorb)
    const ctx = makeCtx(door, anonymous, request, reply)
    const subject = linkSubject(xorb, listed)
    const recheck = () => door.hub.policy.redeem(ctx, 'repo.read', ticket, subject, true)
    try {
      await door.hub.policy.redeem(ctx, 'repo.read', ticket, subject)
    } catch (error) {
      // Clients take 403 as "ask for a new link": only an expired one may say so.
      if (!isHubError(error)) throw error
      if (error.details['reason'] !== 'ticket_expired') throw gone()
      return reply.code(403).send({ error: error.message })
    }
    const ranges = asked(request.headers.range, parseRanges(listed))
    reply.code(206)
    reply.header('accept-ranges', 'bytes')
    reply.header('cache-control', `private, max-age=${limits.xorbTicketSeconds}`)
    const [first] = ranges
    return ranges.length === 1 && first !== undefined
      ? sendOne(door, reply, { xorb, range: first }, recheck)
      : sendParts(door, reply, { xorb, ranges }, recheck)
  })
}
