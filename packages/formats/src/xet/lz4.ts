/**
 * LZ4 frames for chunks: written as hf_xet writes them, read under a bound. A frame of 263 KB can expand to 64 MiB; this reader never
 * writes past the length it was told. A body that was taken once is what everybody gets, so it takes what every client reads alike, and no
 * more: checksums must be right (lz4_flex in hf_xet refuses others), blocks have none (@huggingface/hub 2.17.5 looks for them in the wrong
 * place, and gives other bytes), no block is empty (lz4_flex stops there). Source: the LZ4 frame format 1.6.4.
 */
import { brokenLz4, decodeLz4Block, encodeLz4Block, viewOf } from './lz4-block.ts'
import { xxh32 } from './xxh32.ts'

const magic = 0x184d2204

interface Header {
  readonly blockBytesMax: number
  readonly isLinked: boolean
  readonly hasContentChecksum: boolean
  /** Offset of the first block. */
  readonly end: number
}

const blockSizes = [65_536, 262_144, 1_048_576, 4_194_304]

const parseHeader = (frame: Uint8Array, view: DataView, rawBytes: number): Header => {
  if (frame.length < 7) {
    throw brokenLz4(`expected a header of 7 bytes or more, found ${frame.length}`)
  }
  if (view.getUint32(0, true) !== magic) throw brokenLz4('the magic number is missing')
  const flags = frame[4] ?? 0
  const descriptor = frame[5] ?? 0
  if (flags >> 6 !== 1) throw brokenLz4(`expected version 1, found ${flags >> 6}`)
  if ((flags & 2) !== 0 || (descriptor & 0x8f) !== 0) throw brokenLz4('a reserved bit is set')
  if ((flags & 1) !== 0) throw brokenLz4('dictionaries are not used in xorbs')
  if ((flags & 0x10) !== 0) throw brokenLz4('checksums of blocks are not used in xorbs')
  const blockBytesMax = blockSizes[(descriptor >> 4) - 4]
  if (blockBytesMax === undefined) throw brokenLz4(`unknown block size ${descriptor >> 4}`)
  const hasContentSize = (flags & 8) !== 0
  if (hasContentSize) {
    if (frame.length < 15) throw brokenLz4('the content size is cut off')
    const size = view.getBigUint64(6, true)
    if (size !== BigInt(rawBytes)) {
      throw brokenLz4(`it says ${size} bytes, ${rawBytes} were expected`)
    }
  }
  const checkAt = hasContentSize ? 14 : 6
  if (((xxh32(frame, 4, checkAt) >> 8) & 0xff) !== frame[checkAt]) {
    throw brokenLz4('the checksum of the header does not match')
  }
  return {
    blockBytesMax,
    isLinked: (flags & 0x20) === 0,
    hasContentChecksum: (flags & 4) !== 0,
    end: checkAt + 1,
  }
}

/** The `rawBytes` bytes of one complete frame. Errors: FormatError for anything that is not exactly that. */
export const decodeLz4Frame = (frame: Uint8Array, rawBytes: number): Uint8Array => {
  const view = viewOf(frame)
  const header = parseHeader(frame, view, rawBytes)
  const out = new Uint8Array(rawBytes)
  const packed = { bytes: frame, view }
  const raw = { bytes: out, view: viewOf(out) }
  let at = header.end
  const readWord = (what: string): number => {
    if (frame.length - at < 4) throw brokenLz4(`${what} is missing`)
    at += 4
    return view.getUint32(at - 4, true)
  }
  let o = 0
  for (;;) {
    const word = readWord('the end mark')
    if (word === 0) break
    const size = word & 0x7fffffff
    if (size > header.blockBytesMax) {
      throw brokenLz4(`a block has ${size} bytes, at most ${header.blockBytesMax} are allowed`)
    }
    const from = at
    const end = from + size
    if (end > frame.length) throw brokenLz4(`a block of ${size} bytes is cut off`)
    at = end
    const blockStart = o
    if (word >>> 31 === 1) {
      if (size > rawBytes - o) throw brokenLz4(`more than ${rawBytes} bytes come out`)
      out.set(frame.subarray(from, end), o)
      o += size
    } else o = decodeLz4Block(packed, from, end, raw, o, header.isLinked ? 0 : o)
    if (o === blockStart) throw brokenLz4('a block is empty')
    if (o - blockStart > header.blockBytesMax) throw brokenLz4('a block expands past its bound')
  }
  if (header.hasContentChecksum) {
    const sum = readWord('the checksum of the content')
    if (sum !== xxh32(out, 0, o)) throw brokenLz4('the checksum of the content does not match')
  }
  if (at !== frame.length) throw brokenLz4(`it ends at ${at}, ${frame.length} bytes are there`)
  if (o !== rawBytes) throw brokenLz4(`expected ${rawBytes} bytes, ${o} came out`)
  return out
}

const headerBytes = 7
/** Version 1, independent blocks, no checksums but the header's own, at the end. */
const smallHeader = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]
const largeHeader = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x50, 0xfb]

/** A frame, or undefined when it would not be smaller than `raw` (at most 256 KiB). */
export const encodeLz4Frame = (raw: Uint8Array): Uint8Array | undefined => {
  const out = new Uint8Array(raw.length + 64)
  const view = viewOf(out)
  out.set(raw.length > 65_536 ? largeHeader : smallHeader)
  const start = headerBytes + 4
  const end = encodeLz4Block({ bytes: raw, view: viewOf(raw) }, { bytes: out, view }, start)
  if (end === 0) return undefined
  view.setUint32(headerBytes, end - start, true)
  // The end mark is four bytes of zero.
  const total = end + 4
  return total < raw.length ? out.slice(0, total) : undefined
}
