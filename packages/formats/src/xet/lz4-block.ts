/**
 * LZ4 blocks: sequences of literals and a match, each with its lengths. Copies go eight bytes at a time where there is room, and may write
 * beyond what they copy: the next sequence overwrites that. Source: the LZ4 block format.
 */
import { FormatError } from '../error.ts'

const minMatch = 4
/** The last bytes of a block are literals, so that readers may copy past the end of a match. */
const lastLiterals = 5
const matchStartMargin = 12
const wide = 8
/** From here on the platform's own copy is faster. */
const longCopyMin = 64

/** The error of this format. */
export const brokenLz4 = (what: string): FormatError => new FormatError(`LZ4 frame: ${what}.`)

/** The same bytes, to read words of. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Where the length that was read last ended: a second result, without an object for each. */
let lengthEnd = 0

/** A length that goes on in further bytes as long as they are 255. */
const readLength = (bytes: Uint8Array, from: number, end: number): number => {
  let length = 15
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    length += byte
    if (byte !== 255) {
      lengthEnd = at + 1
      return length
    }
  }
  throw brokenLz4('a length is cut off')
}

/** Repeats the `offset` bytes before `to` until `length` bytes are there: what was copied is copied along. */
const repeat = (out: Uint8Array, to: number, offset: number, length: number): void => {
  const source = to - offset
  let done = Math.min(offset, length)
  out.copyWithin(to, source, source + done)
  while (done < length) {
    const more = Math.min(done, length - done)
    out.copyWithin(to + done, to, to + more)
    done += more
  }
}

export interface Bytes {
  readonly bytes: Uint8Array
  readonly view: DataView
}

/**
 * Decodes the block from `from` to `end` of `packed` into `raw` from `to` on; matches may reach back to `base`. Answers where it ended;
 * never writes past the end of `raw`. Errors: FormatError.
 */
export const decodeLz4Block = (
  packed: Bytes,
  from: number,
  end: number,
  raw: Bytes,
  to: number,
  base: number,
): number => {
  const { bytes, view } = packed
  const { bytes: out, view: outView } = raw
  const wideEnd = end - wide
  const outWideEnd = out.length - wide
  let at = from
  let o = to
  for (;;) {
    if (at >= end) throw brokenLz4('a block ends without literals')
    const token = bytes[at] ?? 0
    at += 1
    let literals = token >> 4
    if (literals === 15) {
      literals = readLength(bytes, at, end)
      at = lengthEnd
    }
    const next = at + literals
    const literalsEnd = o + literals
    if (next > end) throw brokenLz4('literals run past their block')
    if (literalsEnd > out.length) throw brokenLz4(`more than ${out.length} bytes come out`)
    if (literals >= longCopyMin) out.set(bytes.subarray(at, next), o)
    else if (next <= wideEnd && literalsEnd <= outWideEnd) {
      for (; o < literalsEnd; o += wide, at += wide) {
        outView.setBigUint64(o, view.getBigUint64(at, true), true)
      }
    } else for (; o < literalsEnd; o += 1, at += 1) out[o] = bytes[at] ?? 0
    at = next
    o = literalsEnd
    if (at === end) return o
    if (end - at < 2) throw brokenLz4('a match is cut off')
    const offset = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
    at += 2
    if (offset === 0 || offset > o - base) throw brokenLz4(`a match reaches back ${offset} bytes`)
    let length = token & 15
    if (length === 15) {
      length = readLength(bytes, at, end)
      at = lengthEnd
    }
    length += minMatch
    const matchEnd = o + length
    if (matchEnd > out.length) throw brokenLz4(`more than ${out.length} bytes come out`)
    if (length >= longCopyMin) repeat(out, o, offset, length)
    else if (offset >= wide && matchEnd <= outWideEnd) {
      for (; o < matchEnd; o += wide) {
        outView.setBigUint64(o, outView.getBigUint64(o - offset, true), true)
      }
    } else for (; o < matchEnd; o += 1) out[o] = out[o - offset] ?? 0
    o = matchEnd
  }
}

const hashBits = 15
/** Where bytes with this hash were seen last. */
const seen = new Int32Array(1 << hashBits)
const offsetMax = 65_535

/** Of five bytes: matches of four, which save next to nothing, would hide longer ones. */
const hashAt = (view: DataView, at: number): number =>
  (Math.imul(view.getInt32(at, true), 0x9e3779b1) +
    Math.imul(view.getUint8(at + minMatch), 0x85ebca77)) >>>
  (32 - hashBits)

/** Writes what a token has no room for. */
const putLength = (out: Uint8Array, from: number, length: number): number => {
  let at = from
  let rest = length - 15
  for (; rest >= 255; rest -= 255) {
    out[at] = 255
    at += 1
  }
  out[at] = rest
  return at + 1
}

/** The end of the match of `at` with what was at `earlier`, up to `end`. */
const matchEndOf = (raw: Bytes, earlier: number, at: number, end: number): number => {
  const { bytes, view } = raw
  const back = at - earlier
  let i = at
  for (; i + 4 <= end; i += 4) {
    const differing = view.getInt32(i, true) ^ view.getInt32(i - back, true)
    // The lowest bit that differs lies in the first byte that does.
    if (differing !== 0) return i + ((31 - Math.clz32(differing & -differing)) >> 3)
  }
  while (i < end && bytes[i] === bytes[i - back]) i += 1
  return i
}

/**
 * Encodes `raw` as one block into `out` from `start` on, where as many bytes as `raw` has follow. Answers its end, or 0 when it would not be
 * smaller. Greedy, with one candidate a hash.
 */
export const encodeLz4Block = (raw: Bytes, out: Bytes, start: number): number => {
  const { bytes, view } = raw
  seen.fill(-offsetMax - 1)
  const limit = start + bytes.length - 1
  const matchStartEnd = bytes.length - matchStartMargin
  const matchEndMax = bytes.length - lastLiterals
  let anchor = 0
  let o = start
  let at = 0
  let misses = 0
  while (at < matchStartEnd) {
    const slot = hashAt(view, at)
    let earlier = seen[slot] ?? 0
    seen[slot] = at
    if (at - earlier > offsetMax || view.getInt32(at, true) !== view.getInt32(earlier, true)) {
      misses += 1
      // Bytes that do not repeat are stepped over faster and faster.
      at += 1 + (misses >> 6)
      continue
    }
    misses = 0
    const end = matchEndOf(raw, earlier + minMatch, at + minMatch, matchEndMax)
    while (at > anchor && earlier > 0 && bytes[at - 1] === bytes[earlier - 1]) {
      at -= 1
      earlier -= 1
    }
    o = putSequence(raw, anchor, at, at - earlier, end - at, out, o, limit)
    if (o === 0) return 0
    if (end < matchStartEnd) seen[hashAt(view, end - 2)] = end - 2
    at = end
    anchor = end
  }
  return putLastLiterals(bytes, anchor, out.bytes, o, limit)
}

/** At most this much is written for a sequence beside its literals. */
const boundOf = (literals: number, match: number): number =>
  literals + (literals >> 7) + (match >> 7) + 16

const putSequence = (
  raw: Bytes,
  anchor: number,
  at: number,
  offset: number,
  length: number,
  out: Bytes,
  from: number,
  limit: number,
): number => {
  const literals = at - anchor
  const match = length - minMatch
  if (from + boundOf(literals, match) > limit) return 0
  const { bytes, view } = out
  bytes[from] = (Math.min(literals, 15) << 4) | Math.min(match, 15)
  let o = literals < 15 ? from + 1 : putLength(bytes, from + 1, literals)
  if (literals >= longCopyMin) bytes.set(raw.bytes.subarray(anchor, at), o)
  else {
    // There is room to read beyond `at`: no match starts in the last 12 bytes.
    for (let i = 0; i < literals; i += wide) {
      view.setBigUint64(o + i, raw.view.getBigUint64(anchor + i, true), true)
    }
  }
  o += literals
  view.setUint16(o, offset, true)
  return match < 15 ? o + 2 : putLength(bytes, o + 2, match)
}

const putLastLiterals = (
  raw: Uint8Array,
  anchor: number,
  out: Uint8Array,
  from: number,
  limit: number,
): number => {
  const literals = raw.length - anchor
  if (from + boundOf(literals, 0) > limit) return 0
  out[from] = Math.min(literals, 15) << 4
  const o = literals < 15 ? from + 1 : putLength(out, from + 1, literals)
  out.set(raw.subarray(anchor), o)
  return o + literals
}
