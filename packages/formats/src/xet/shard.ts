/**
 * Shards: what a client states of files and xorbs, and what a hub answers of chunks. Read one record of 48 bytes after another; tables and
 * footers that clients append are not trusted and not read. Source: the Xet protocol, shard format (MDB) version 2.
 */
import type { Sha256, XetHash } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { formatXetHash, sha256OfXetBytes, xetHashBytes } from './hash.ts'
import { chunkBytesMax, chunksPerXorbMax } from './record.ts'
import type { XorbIndex } from './xorb.ts'

/** Chunks `start` to `end` (exclusive) of one xorb: `rawBytes` bytes of a file. */
export interface ShardTerm {
  readonly xorb: XetHash
  readonly rawBytes: number
  readonly start: number
  readonly end: number
}

export interface ShardFile {
  readonly hash: XetHash
  /** In the order of the file. */
  readonly terms: readonly ShardTerm[]
  /** One for each term, when the client sent them. */
  readonly rangeHashes: readonly XetHash[] | undefined
  /** As claimed. */
  readonly sha256: Sha256 | undefined
}

export interface ShardXorb {
  readonly hash: XetHash
  readonly rawBytes: number
  readonly chunks: number
  /** 36 bytes a chunk: its hash, and its raw length as u32 LE. */
  readonly list: Uint8Array
  /** Positions of chunks that the client marks as worth an index. */
  readonly eligible: readonly number[]
}

export interface Shard {
  readonly files: readonly ShardFile[]
  readonly xorbs: readonly ShardXorb[]
}

const recordBytes = 48
const footerBytes = 200
const version = 2
/** `HFRepoMetaData`, and what no text begins with. */
const tag = Uint8Array.from([
  0x48, 0x46, 0x52, 0x65, 0x70, 0x6f, 0x4d, 0x65, 0x74, 0x61, 0x44, 0x61, 0x74, 0x61, 0x00, 0x55,
  0x69, 0x67, 0x45, 0x6a, 0x7b, 0x81, 0x57, 0x83, 0xa5, 0xbd, 0xd9, 0x5c, 0xcd, 0xd1, 0x4a, 0xa9,
])
const hasVerification = 0x80000000
const hasMetadata = 0x40000000
const isEligible = 0x80000000

/** Walks records, never past the end. */
const makeReader = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = recordBytes
  return {
    /** Throws unless as many records follow. */
    expect(records: number, what: string): void {
      if (records * recordBytes <= bytes.length - at) return
      throw new FormatError(
        `Shard: ${what} at byte ${at} needs ${records} records, ${Math.floor((bytes.length - at) / recordBytes)} follow.`,
      )
    },
    /** Offset of the next record. */
    next(): number {
      this.expect(1, 'a record')
      at += recordBytes
      return at - recordBytes
    },
    u32: (offset: number): number => view.getUint32(offset, true),
    hash: (offset: number): XetHash => formatXetHash(bytes, offset),
    isBookend: (offset: number): boolean => {
      for (let i = 0; i < 32; i += 1) if (bytes[offset + i] !== 0xff) return false
      return true
    },
    bytes,
  }
}

type Reader = ReturnType<typeof makeReader>

const readTerms = (reader: Reader, count: number): ShardTerm[] => {
  const terms: ShardTerm[] = []
  for (let i = 0; i < count; i += 1) {
    const at = reader.next()
    terms.push({
      xorb: reader.hash(at),
      rawBytes: reader.u32(at + 36),
      start: reader.u32(at + 40),
      end: reader.u32(at + 44),
    })
  }
  return terms
}

const readFile = (reader: Reader, at: number): ShardFile => {
  const flags = reader.u32(at + 32)
  const count = reader.u32(at + 36)
  const isVerified = (flags & hasVerification) !== 0
  const isDescribed = (flags & hasMetadata) !== 0
  reader.expect(count * (isVerified ? 2 : 1) + (isDescribed ? 1 : 0), `a file of ${count} terms`)
  const terms = readTerms(reader, count)
  const rangeHashes = isVerified
    ? Array.from({ length: count }, () => reader.hash(reader.next()))
    : undefined
  const sha256 = isDescribed ? sha256OfXetBytes(reader.bytes, reader.next()) : undefined
  return { hash: reader.hash(at), terms, rangeHashes, sha256 }
}

const readXorb = (reader: Reader, at: number): ShardXorb => {
  const hash = reader.hash(at)
  const chunks = reader.u32(at + 36)
  const rawBytes = reader.u32(at + 40)
  if (chunks === 0 || chunks > chunksPerXorbMax) {
    throw new FormatError(`Shard: the xorb ${hash} has ${chunks} chunks, 1 to 8192 are allowed.`)
  }
  reader.expect(chunks, `a xorb of ${chunks} chunks`)
  const list = new Uint8Array(chunks * 36)
  const view = new DataView(list.buffer)
  const eligible: number[] = []
  let offset = 0
  for (let i = 0; i < chunks; i += 1) {
    const chunk = reader.next()
    const length = reader.u32(chunk + 36)
    if (reader.u32(chunk + 32) !== offset || length === 0 || length > chunkBytesMax) {
      throw new FormatError(`Shard: chunk ${i} of the xorb ${hash} does not follow on the last.`)
    }
    offset += length
    list.set(reader.bytes.subarray(chunk, chunk + 32), i * 36)
    view.setUint32(i * 36 + 32, length, true)
    if ((reader.u32(chunk + 40) & isEligible) !== 0) eligible.push(i)
  }
  if (offset === rawBytes) return { hash, rawBytes, chunks, list, eligible }
  throw new FormatError(
    `Shard: the xorb ${hash} says ${rawBytes} bytes, its chunks have ${offset}.`,
  )
}

const checkHeader = (bytes: Uint8Array): void => {
  if (bytes.length < recordBytes) {
    throw new FormatError(`Shard: expected a header of 48 bytes, found ${bytes.length}.`)
  }
  if (!tag.every((byte, i) => bytes[i] === byte)) {
    throw new FormatError('Shard: the tag is missing.')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = view.getBigUint64(32, true)
  if (found !== BigInt(version)) {
    throw new FormatError(`Shard: expected version ${version}, found ${found}.`)
  }
  const footer = view.getBigUint64(40, true)
  if (footer !== 0n && footer !== BigInt(footerBytes)) {
    throw new FormatError(`Shard: a footer has 200 bytes or none, found ${footer}.`)
  }
}

/** What a client states. The same file twice counts once. Errors: FormatError, with the offset. */
export const parseShard = (bytes: Uint8Array): Shard => {
  checkHeader(bytes)
  const reader = makeReader(bytes)
  const files = new Map<XetHash, ShardFile>()
  for (let at = reader.next(); !reader.isBookend(at); at = reader.next()) {
    const file = readFile(reader, at)
    if (!files.has(file.hash)) files.set(file.hash, file)
  }
  const xorbs: ShardXorb[] = []
  for (let at = reader.next(); !reader.isBookend(at); at = reader.next()) {
    xorbs.push(readXorb(reader, at))
  }
  return { files: [...files.values()], xorbs }
}

/** A xorb to tell a client of. */
export interface ToldXorb {
  readonly hash: XetHash
  readonly index: XorbIndex
  /** Of its stored body. */
  readonly bodyBytes: number
}

export interface DedupAnswer {
  readonly xorbs: readonly ToldXorb[]
  /** Hash of a chunk's hash under `key`: the chunk's own is told to nobody. */
  readonly keyed: (hash: Uint8Array) => Uint8Array
  readonly key: Uint8Array
  readonly createdAtSeconds: number
  readonly expiresAtSeconds: number
}

const writeXorb = (
  bytes: Uint8Array,
  view: DataView,
  from: number,
  { hash, index, bodyBytes }: ToldXorb,
  keyed: DedupAnswer['keyed'],
): number => {
  let at = from
  bytes.set(xetHashBytes(hash), at)
  view.setUint32(at + 36, index.chunks, true)
  view.setUint32(at + 40, index.rawBytes, true)
  view.setUint32(at + 44, bodyBytes, true)
  for (let i = 0; i < index.chunks; i += 1) {
    at += recordBytes
    bytes.set(keyed(index.hashAt(i)), at)
    view.setUint32(at + 32, index.rawStart(i), true)
    view.setUint32(at + 36, index.rawEnd(i) - index.rawStart(i), true)
  }
  return at + recordBytes
}

/** The smallest answer that both kinds of client read: no files, no tables, a footer with the key. */
export const formatDedupShard = (answer: DedupAnswer): Uint8Array => {
  const records = answer.xorbs.reduce((sum, { index }) => sum + 1 + index.chunks, 0)
  const endOfXorbs = (1 + 1 + records + 1) * recordBytes
  const bytes = new Uint8Array(endOfXorbs + footerBytes)
  const view = new DataView(bytes.buffer)
  const set64 = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), true)
  bytes.set(tag)
  set64(32, version)
  set64(40, footerBytes)
  bytes.fill(0xff, recordBytes, recordBytes + 32)
  let at = 2 * recordBytes
  for (const xorb of answer.xorbs) at = writeXorb(bytes, view, at, xorb, answer.keyed)
  bytes.fill(0xff, at, at + 32)
  const footer = endOfXorbs
  set64(footer, 1)
  set64(footer + 8, recordBytes)
  set64(footer + 16, 2 * recordBytes)
  // Where tables would begin. JavaScript stops reading xorbs here, and takes 0 for "no xorbs".
  for (const offset of [24, 40, 56]) set64(footer + offset, endOfXorbs)
  bytes.set(answer.key, footer + 72)
  set64(footer + 104, answer.createdAtSeconds)
  set64(footer + 112, answer.expiresAtSeconds)
  set64(footer + 192, endOfXorbs)
  return bytes
}
