/**
 * LZ4 frames for chunks: written as hf_xet writes them, read in every flavour, under a bound. A frame of 263 KB can expand to 64 MiB; this
 * reader never writes past the length it was told. Source: the LZ4 frame format 1.6.4 and block format.
 */
import { FormatError } from '../error.ts'

const magic = 0x184d2204
const minMatch = 4
/** The last bytes of a block are literals, so that a copy may never run past its end. */
const lastLiterals = 5
const matchStartMargin = 12

const broken = (what: string): FormatError => new FormatError(`LZ4 frame: ${what}.`)

const readU32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)) >>>
  0

interface Header {
  readonly blockBytesMax: number
  readonly hasBlockChecksums: boolean
  readonly hasContentChecksum: boolean
  /** Offset of the first block. */
  readonly at: number
}

const blockSizes = [65_536, 262_144, 1_048_576, 4_194_304]

const parseHeader = (frame: Uint8Array, rawBytes: number): Header => {
  if (frame.length < 7) throw broken(`expected a header of 7 bytes or more, found ${frame.length}`)
  if (readU32(frame, 0) !== magic) throw broken('the magic number is missing')
  const flags = frame[4] ?? 0
  const descriptor = frame[5] ?? 0
  if (flags >> 6 !== 1) throw broken(`expected version 1, found ${flags >> 6}`)
  if ((flags & 2) !== 0 || (descriptor & 0x8f) !== 0) throw broken('a reserved bit is set')
  if ((flags & 1) !== 0) throw broken('dictionaries are not used in xorbs')
  const blockBytesMax = blockSizes[(descriptor >> 4) - 4]
  if (blockBytesMax === undefined) throw broken(`unknown block size ${descriptor >> 4}`)
  const hasContentSize = (flags & 8) !== 0
  if (hasContentSize) {
    if (frame.length < 15) throw broken('the content size is cut off')
    const size = readU32(frame, 6) + readU32(frame, 10) * 2 ** 32
    if (size !== rawBytes) throw broken(`it says ${size} bytes, ${rawBytes} were expected`)
  }
  return {
    blockBytesMax,
    hasBlockChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 4) !== 0,
    at: hasContentSize ? 15 : 7,
  }
}

/** A length that goes on in further bytes as long as they are 255. Answers [length, next offset]; made of two calls for speed. */
let lengthEnd = 0
const readLength = (bytes: Uint8Array, from: number, end: number, start: number): number => {
  let length = start
  let at = from
  for (;;) {
    if (at >= end) throw broken('a length is cut off')
    const byte = bytes[at] ?? 0
    at += 1
    length += byte
    if (byte !== 255) break
  }
  lengthEnd = at
  return length
}

const shortCopyMax = 32

/** Decodes one block into `out` from `to` on; matches may reach back to `base`. Answers where it ended. */
const decodeBlock = (
  block: Uint8Array,
  from: number,
  end: number,
  out: Uint8Array,
  to: number,
  base: number,
): number => {
  let at = from
  let o = to
  for (;;) {
    if (at >= end) throw broken('a block ends without literals')
    const token = block[at] ?? 0
    at += 1
    let literals = token >> 4
    if (literals === 15) {
      literals = readLength(block, at, end, 15)
      at = lengthEnd
    }
    if (literals > end - at) throw broken('literals run past their block')
    if (literals > out.length - o) throw broken(`more than ${out.length} bytes come out`)
    if (literals > shortCopyMax) out.set(block.subarray(at, at + literals), o)
    else for (let i = 0; i < literals; i += 1) out[o + i] = block[at + i] ?? 0
    at += literals
    o += literals
    if (at === end) return o
    if (end - at < 2) throw broken('a match is cut off')
    const offset = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8)
    at += 2
    if (offset === 0 || offset > o - base) throw broken(`a match reaches back ${offset} bytes`)
    let length = token & 15
    if (length === 15) {
      length = readLength(block, at, end, 15)
      at = lengthEnd
    }
    length += minMatch
    if (length > out.length - o) throw broken(`more than ${out.length} bytes come out`)
    const source = o - offset
    if (length > shortCopyMax && offset >= length) out.copyWithin(o, source, source + length)
    else for (let i = 0; i < length; i += 1) out[o + i] = out[source + i] ?? 0
    o += length
  }
}

/**
 * The `rawBytes` bytes of one complete frame. Checksums, which no xorb carries, are passed over: the chunk's own hash says more. Errors:
 * FormatError for anything that is not exactly that.
 */
export const decodeLz4Frame = (frame: Uint8Array, rawBytes: number): Uint8Array => {
  const {
    blockBytesMax,
    hasBlockChecksums,
    hasContentChecksum,
    at: first,
  } = parseHeader(frame, rawBytes)
  const isLinked = ((frame[4] ?? 0) & 0x20) === 0
  const out = new Uint8Array(rawBytes)
  let at = first
  let o = 0
  for (;;) {
    if (frame.length - at < 4) throw broken('the end mark is missing')
    const word = readU32(frame, at)
    at += 4
    if (word === 0) break
    const size = word & 0x7fffffff
    if (size > blockBytesMax || size > frame.length - at) throw broken(`a block of ${size} bytes`)
    if (size === 0) throw broken('a block is empty')
    const from = o
    if (word >>> 31 === 1) {
      if (size > rawBytes - o) throw broken(`more than ${rawBytes} bytes come out`)
      out.set(frame.subarray(at, at + size), o)
      o += size
    } else o = decodeBlock(frame, at, at + size, out, o, isLinked ? 0 : o)
    if (o - from > blockBytesMax) throw broken('a block expands past its bound')
    at += size + (hasBlockChecksums ? 4 : 0)
  }
  if (hasContentChecksum) at += 4
  if (at !== frame.length) throw broken(`expected to end at ${at}, has ${frame.length} bytes`)
  if (o !== rawBytes) throw broken(`expected ${rawBytes} bytes, ${o} came out`)
  return out
}

const hashBits = 14
const table = new Int32Array(1 << hashBits)

const hashAt = (word: number): number => Math.imul(word, 2_654_435_761) >>> (32 - hashBits)

const putLength = (out: Uint8Array, at: number, length: number): number => {
  let o = at
  let rest = length
  for (; rest >= 255; rest -= 255) {
    out[o] = 255
    o += 1
  }
  out[o] = rest
  return o + 1
}

const putLiterals = (out: Uint8Array, at: number, literals: Uint8Array, match: number): number => {
  const length = literals.length
  let o = at + 1
  out[at] = (Math.min(length, 15) << 4) | Math.min(match, 15)
  if (length >= 15) o = putLength(out, o, length - 15)
  out.set(literals, o)
  return o + length
}

const matchEnd = (raw: Uint8Array, a: number, b: number, end: number): number => {
  let i = b
  let j = a
  while (i < end && raw[i] === raw[j]) {
    i += 1
    j += 1
  }
  return i
}

/** Encodes `raw` as one block into `out`; answers its end, or 0 when it would not be smaller. Greedy, one candidate a hash. */
const encodeBlock = (raw: Uint8Array, out: Uint8Array, start: number): number => {
  table.fill(-1)
  const limit = start + raw.length - 1
  const lastMatch = raw.length - matchStartMargin
  const end = raw.length - lastLiterals
  let anchor = 0
  let o = start
  let at = 0
  let misses = 0
  while (at < lastMatch) {
    const word = readU32(raw, at)
    const slot = hashAt(word)
    const candidate = table[slot] ?? -1
    table[slot] = at
    if (candidate < 0 || at - candidate > 65_535 || readU32(raw, candidate) !== word) {
      misses += 1
      // Bytes that do not repeat are stepped over faster and faster.
      at += 1 + (misses >> 6)
      continue
    }
    misses = 0
    const stop = matchEnd(raw, candidate + minMatch, at + minMatch, end)
    const length = stop - at - minMatch
    if (o + (at - anchor) + (at - anchor) / 255 + length / 255 + 16 > limit) return 0
    o = putLiterals(out, o, raw.subarray(anchor, at), length)
    out[o] = (at - candidate) & 0xff
    out[o + 1] = (at - candidate) >> 8
    o += 2
    if (length >= 15) o = putLength(out, o, length - 15)
    at = stop
    anchor = stop
  }
  const rest = raw.length - anchor
  if (o + rest + rest / 255 + 16 > limit) return 0
  return putLiterals(out, o, raw.subarray(anchor), 0)
}

const headerBytes = 7
/** Version 1, independent blocks, no checksums. The third byte is the header's own checksum (xxh32 >> 8), known for these two headers. */
const smallHeader = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]
const largeHeader = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x50, 0xfb]

/** A frame, or undefined when it would not be smaller than `raw` (at most 256 KiB). */
export const encodeLz4Frame = (raw: Uint8Array): Uint8Array | undefined => {
  const out = new Uint8Array(raw.length + 64)
  out.set(raw.length > 65_536 ? largeHeader : smallHeader)
  const end = encodeBlock(raw, out, headerBytes + 4)
  if (end === 0) return undefined
  const size = end - headerBytes - 4
  new DataView(out.buffer).setUint32(headerBytes, size, true)
  const total = end + 4
  return total < raw.length ? out.slice(0, total) : undefined
}
