/**
 * Chunk records, of which a xorb's body is a sequence: 8 bytes of header (version, packed length u24, scheme, raw length u24), then the
 * payload. Source: the Xet protocol, xorb format.
 */
import { FormatError } from '../error.ts'
import { groupBytes, ungroupBytes } from './bg4.ts'
import { decodeLz4Frame, encodeLz4Frame } from './lz4.ts'

/** Length of a record's header. */
export const recordHeaderBytes = 8
export const chunkBytesMax = 131_072
const packedBytesMax = 262_144
export const chunksPerXorbMax = 8192
/** Raw bytes that a client gathers in one xorb. */
export const xorbRawBytesMax = 64 * 1024 * 1024
/** Clients bound the raw bytes, so chunks that do not compress come with their headers on top. */
export const xorbBodyBytesMax = xorbRawBytesMax + chunksPerXorbMax * recordHeaderBytes
export const xorbFooterBytesMax = 96 + 40 * chunksPerXorbMax

/** 0: as it is. 1: LZ4. 2: grouped, then LZ4. */
export type Scheme = 0 | 1 | 2

export interface RecordHeader {
  readonly scheme: Scheme
  /** Length of the payload. */
  readonly packedBytes: number
  readonly rawBytes: number
}

const u24 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)

/** The header at `at`, where 8 bytes are. Errors: FormatError for another version, scheme or size. */
export const parseRecordHeader = (bytes: Uint8Array, at: number): RecordHeader => {
  const version = bytes[at] ?? 0
  const packedBytes = u24(bytes, at + 1)
  const scheme = bytes[at + 4] ?? 0
  const rawBytes = u24(bytes, at + 5)
  if (version !== 0) throw new FormatError(`A chunk has version ${version}, expected 0.`)
  if (scheme !== 0 && scheme !== 1 && scheme !== 2) {
    throw new FormatError(`A chunk is packed by scheme ${scheme}, known are 0, 1 and 2.`)
  }
  if (rawBytes < 1 || rawBytes > chunkBytesMax) {
    throw new FormatError(`A chunk has 1 to ${chunkBytesMax} bytes, found ${rawBytes}.`)
  }
  const isPlausible = scheme === 0 ? packedBytes === rawBytes : packedBytes <= packedBytesMax
  if (!isPlausible) {
    throw new FormatError(
      `A chunk of ${rawBytes} bytes is packed in ${packedBytes} by scheme ${scheme}.`,
    )
  }
  return { scheme, packedBytes, rawBytes }
}

/** The chunk's bytes; those of scheme 0 are the payload itself, not a copy. Errors: FormatError. */
export const unpackRecord = (header: RecordHeader, payload: Uint8Array): Uint8Array => {
  if (header.scheme === 0) return payload
  const decoded = decodeLz4Frame(payload, header.rawBytes)
  return header.scheme === 1 ? decoded : ungroupBytes(decoded)
}

const formatRecord = (scheme: Scheme, rawBytes: number, payload: Uint8Array): Uint8Array => {
  const record = new Uint8Array(recordHeaderBytes + payload.length)
  const view = new DataView(record.buffer)
  // Each length is three bytes; what the fourth overwrites is written after it.
  view.setUint32(1, payload.length, true)
  record[4] = scheme
  view.setUint16(5, rawBytes & 0xffff, true)
  record[7] = rawBytes >> 16
  record.set(payload, recordHeaderBytes)
  return record
}

const bitCounts = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
})
const bins = 9
const divergenceMin = 0.02
/** One word in five is enough for the estimate; five, because what repeats does so in powers of two. */
const sampleStep = 20
/** Of a chunk below this, every word is looked at. */
const wholeBytesMax = 16_384

/**
 * Do the four places of a word hold bytes of another kind? Compares how many bits are set in each place with all of them together, as
 * hf_xet does to choose between the schemes.
 */
const isGroupingWorthwhile = (raw: Uint8Array): boolean => {
  const bytesByPlace = new Uint32Array(4 * 256)
  const step = raw.length < wholeBytesMax ? 4 : sampleStep
  for (let i = 0; i + 4 <= raw.length; i += step) {
    for (let place = 0; place < 4; place += 1) {
      const slot = (place << 8) | (raw[i + place] ?? 0)
      bytesByPlace[slot] = (bytesByPlace[slot] ?? 0) + 1
    }
  }
  const counts = [0, 1, 2, 3].map(() => new Float64Array(bins))
  const pooled = new Float64Array(bins).fill(1)
  bytesByPlace.forEach((count, slot) => {
    const bin = bitCounts[slot & 0xff] ?? 0
    const place = counts[slot >> 8]
    if (place !== undefined) place[bin] = (place[bin] ?? 0) + count
    pooled[bin] = (pooled[bin] ?? 0) + count
  })
  return counts.some((place) => divergence(place, pooled) > divergenceMin)
}

/** Kullback-Leibler, in nats. */
const divergence = (place: Float64Array, pooled: Float64Array): number => {
  const sum = (counts: Float64Array): number => counts.reduce((a, b) => a + b, 0)
  const placeSum = sum(place)
  const pooledSum = sum(pooled)
  let nats = 0
  place.forEach((count, bin) => {
    if (count === 0) return
    const part = count / placeSum
    nats += part * Math.log(part / ((pooled[bin] ?? 1) / pooledSum))
  })
  return nats
}

/** Packs a chunk of 1 to `chunkBytesMax` bytes by the scheme that suits it, or as it is when that is not smaller. */
export const packRecord = (raw: Uint8Array): Uint8Array => {
  const scheme = isGroupingWorthwhile(raw) ? 2 : 1
  const packed = encodeLz4Frame(scheme === 2 ? groupBytes(raw) : raw)
  return packed === undefined
    ? formatRecord(0, raw.length, raw)
    : formatRecord(scheme, raw.length, packed)
}
