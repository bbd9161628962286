/** Names and JSON forms that only the Xet protocol speaks. */
import type { FastifyRequest } from 'fastify'
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import { parseXetHash } from '@weighhouse/formats/xet/hash.ts'
import type { ByteRange, Reconstruction, XorbFetch } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { bodyBytes } from '../kit/bodies.ts'

/** A hash in a path. Errors: `invalid`. */
export const needHash = (text: string): XetHash => {
  const found = parseXetHash(text)
  if (found !== undefined) return found
  throw new HubError(
    'invalid',
    `A Xet hash of 64 hex digits is expected, found "${text.slice(0, 80)}".`,
  )
}

/**
 * The range of a file that a client asks for; undefined when it lies past the end, which clients take as the end of the file. Not the rules
 * of ordinary downloads: a malformed range is refused, since ignoring it would answer with another file's worth of work.
 */
export const parseFileRange = (
  header: string | undefined,
  sizeBytes: number,
): ByteRange | undefined => {
  if (header === undefined) return { start: 0, end: sizeBytes }
  const match = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header.trim())
  const [, first = '', last = ''] = match ?? []
  const isBackward = first !== '' && last !== '' && Number(last) < Number(first)
  if (match === null || (first === '' && last === '') || isBackward) {
    throw new HubError(
      'invalid',
      `The range must be "bytes=first-last", found "${header.slice(0, 80)}".`,
    )
  }
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const isToTheEnd = first === '' || last === ''
  const end = isToTheEnd ? sizeBytes : Math.min(sizeBytes, Number(last) + 1)
  if (start < sizeBytes || (start === 0 && sizeBytes === 0)) return { start, end }
  return undefined
}

/** Makes the link under which these ranges of a xorb are fetched. */
export type LinkMaker = (xorb: XetHash, ranges: readonly ByteRange[]) => string

const inclusive = ({ start, end }: ByteRange): { start: number; end: number } => ({
  start,
  end: end - 1,
})

const termsOf = ({ terms }: Reconstruction): object[] =>
  terms.map(({ xorb, rawBytes, start, end }) => ({
    hash: xorb,
    unpacked_length: rawBytes,
    range: { start, end },
  }))

const inPieces = (fetches: readonly XorbFetch[]): XorbFetch[][] => {
  const pieces: XorbFetch[][] = []
  for (let i = 0; i < fetches.length; i += limits.rangesPerLinkMax) {
    pieces.push(fetches.slice(i, i + limits.rangesPerLinkMax))
  }
  return pieces
}

/** Chunk ranges have exclusive ends, byte ranges inclusive ones, as in a `Range` header. */
export const formatV2 = (plan: Reconstruction, link: LinkMaker): object => {
  const xorbs: Record<string, object[]> = {}
  for (const [xorb, fetches] of plan.fetches) {
    xorbs[xorb] = inPieces(fetches).map((piece) => ({
      url: link(
        xorb,
        piece.map((fetch) => fetch.bytes),
      ),
      ranges: piece.map(({ chunks, bytes }) => ({ chunks, bytes: inclusive(bytes) })),
    }))
  }
  return { offset_into_first_range: plan.skipBytes, terms: termsOf(plan), xorbs }
}

export const formatV1 = (plan: Reconstruction, link: LinkMaker): object => {
  const fetchInfo: Record<string, object[]> = {}
  for (const [xorb, fetches] of plan.fetches) {
    fetchInfo[xorb] = fetches.map(({ chunks, bytes }) => ({
      range: chunks,
      url: link(xorb, [bytes]),
      url_range: inclusive(bytes),
    }))
  }
  return { offset_into_first_range: plan.skipBytes, terms: termsOf(plan), fetch_info: fetchInfo }
}

/** `first-last,first-last`, both inclusive: in links, and behind `bytes=` in requests. */
export const formatRanges = (ranges: readonly ByteRange[]): string =>
  ranges.map(({ start, end }) => `${start}-${end - 1}`).join(',')

const rangeListForm = /^\d{1,10}-\d{1,10}(?:,\d{1,10}-\d{1,10})*$/

/** Ranges of a link or a `Range` header. Errors: `invalid`. */
export const parseRanges = (text: string): ByteRange[] => {
  const compact = text.replaceAll(' ', '')
  if (!rangeListForm.test(compact)) {
    throw new HubError(
      'invalid',
      `Ranges of the link are expected as "bytes=first-last", found "${text.slice(0, 80)}".`,
    )
  }
  const ranges = compact.split(',').map((one) => {
    const [first = '', last = ''] = one.split('-')
    return { start: Number(first), end: Number(last) + 1 }
  })
  if (ranges.length <= limits.rangesPerLinkMax && ranges.every(({ start, end }) => start < end)) {
    return ranges
  }
  throw new HubError('invalid', `At most ${limits.rangesPerLinkMax} ranges are asked for at once.`)
}

/** The body of a small upload, whole. Errors: `too_large`. */
export const readBody = async (request: FastifyRequest, bytesMax: number): Promise<Uint8Array> => {
  const parts: Buffer[] = []
  let length = 0
  for await (const bytes of bodyBytes(request)) {
    length += bytes.length
    if (length > bytesMax) {
      throw new HubError('too_large', `${bytesMax} bytes may be sent here, and more came.`)
    }
    parts.push(Buffer.from(bytes))
  }
  return Buffer.concat(parts, length) // bounded: bytesMax
}
