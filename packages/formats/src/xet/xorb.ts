/**
 * Xorbs: up to 8,192 chunks, packed one by one. Their name is the root over the chunks' hashes and raw lengths, so the same xorb may be
 * packed in many ways. Source: the Xet protocol, xorb format.
 */
import type { XetHash } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import type { XetHasher } from './blake3.ts'
import { formatXetHash } from './hash.ts'
import { makeMerkle } from './merkle.ts'
import { makeRecordStream } from './record-stream.ts'
import {
  chunksPerXorbMax,
  recordHeaderBytes,
  unpackRecord,
  xorbBodyBytesMax,
  xorbRawBytesMax,
} from './record.ts'

export interface VerifiedXorb {
  readonly hash: XetHash
  /** Records only: a footer does not count. */
  readonly bodyBytes: number
  readonly rawBytes: number
  readonly chunks: number
  /** 40 bytes a chunk: its hash, the end of its record in the body and of its bytes in the raw stream, both u32 LE. */
  readonly index: Uint8Array<ArrayBuffer>
}

export interface XorbVerifier {
  push(data: Uint8Array): void
  finish(): VerifiedXorb
}

const entryBytes = 40
const initialEntries = 1024

/** Gathers an index and the root as chunks come. */
const makeIndexer = (hasher: XetHasher) => {
  const merkle = makeMerkle(hasher)
  let index = new Uint8Array(initialEntries * entryBytes)
  let chunks = 0
  let bodyBytes = 0
  let rawBytes = 0
  return {
    get chunks() {
      return chunks
    },
    get rawBytes() {
      return rawBytes
    },
    get bodyBytes() {
      return bodyBytes
    },
    add(hash: Uint8Array, chunkBytes: number, recordBytes: number): void {
      if (chunks >= chunksPerXorbMax) {
        throw new FormatError(`A xorb has at most ${chunksPerXorbMax} chunks, found more.`)
      }
      bodyBytes += recordBytes
      if (bodyBytes > xorbBodyBytesMax) {
        throw new FormatError(`A xorb has at most ${xorbBodyBytesMax} bytes, found more.`)
      }
      rawBytes += chunkBytes
      merkle.add(hash, chunkBytes)
      const at = chunks * entryBytes
      if (at === index.length) {
        const larger = new Uint8Array(index.length * 2)
        larger.set(index)
        index = larger
      }
      index.set(hash, at)
      const view = new DataView(index.buffer, at + 32, 8)
      view.setUint32(0, bodyBytes, true)
      view.setUint32(4, rawBytes, true)
      chunks += 1
    },
    finish: (): VerifiedXorb => ({
      hash: formatXetHash(merkle.finish()),
      bodyBytes,
      rawBytes,
      chunks,
      index: index.slice(0, chunks * entryBytes),
    }),
  }
}

/** Unpacks every chunk of a body and recomputes its hash; a footer is passed over. Errors: FormatError. */
export const makeXorbVerifier = (hasher: XetHasher): XorbVerifier => {
  const indexer = makeIndexer(hasher)
  const records = makeRecordStream(
    (header, payload) => {
      const raw = unpackRecord(header, payload)
      indexer.add(hasher.chunk(raw), raw.length, recordHeaderBytes + header.packedBytes)
    },
    { footer: 'ignore' },
  )
  return {
    push: (data) => records.push(data),
    finish() {
      records.finish()
      if (indexer.chunks === 0) throw new FormatError('A xorb has at least one chunk, found none.')
      return indexer.finish()
    },
  }
}

export interface XorbBuilder {
  readonly isEmpty: boolean
  /** False, and nothing added, when the xorb is full. The record is kept until it is built. */
  add(hash: Uint8Array, rawBytes: number, record: Uint8Array): boolean
  /** The records in order, and what they are. */
  build(): { readonly body: Uint8Array[]; readonly verified: VerifiedXorb }
}

/** Builds a xorb from chunks that were hashed and packed. */
export const makeXorbBuilder = (hasher: XetHasher): XorbBuilder => {
  const indexer = makeIndexer(hasher)
  const body: Uint8Array[] = []
  return {
    get isEmpty() {
      return body.length === 0
    },
    add(hash, rawBytes, record) {
      const isFull =
        indexer.chunks >= chunksPerXorbMax ||
        indexer.rawBytes + rawBytes > xorbRawBytesMax ||
        indexer.bodyBytes + record.length > xorbBodyBytesMax
      if (isFull) return false
      indexer.add(hash, rawBytes, record.length)
      body.push(record)
      return true
    },
    build: () => ({ body, verified: indexer.finish() }),
  }
}

/** What is where in a xorb. Offsets are in bytes; ends are exclusive. */
export interface XorbIndex {
  readonly chunks: number
  readonly rawBytes: number
  readonly bodyBytes: number
  /** All of it, as the verifier made it. */
  readonly bytes: Uint8Array
  /** A view of 32 bytes. */
  hashAt(chunk: number): Uint8Array
  recordStart(chunk: number): number
  recordEnd(chunk: number): number
  rawStart(chunk: number): number
  rawEnd(chunk: number): number
}

/** Reads an index that a verifier made. Errors: FormatError when offsets do not ascend. */
export const openXorbIndex = (index: Uint8Array): XorbIndex => {
  const chunks = index.length / entryBytes
  if (!Number.isInteger(chunks) || chunks === 0 || chunks > chunksPerXorbMax) {
    throw new FormatError(`A xorb's index has 40 bytes a chunk, found ${index.length} bytes.`)
  }
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength)
  const recordEnd = (chunk: number): number => view.getUint32(chunk * entryBytes + 32, true)
  const rawEnd = (chunk: number): number => view.getUint32(chunk * entryBytes + 36, true)
  const recordStart = (chunk: number): number => (chunk === 0 ? 0 : recordEnd(chunk - 1))
  const rawStart = (chunk: number): number => (chunk === 0 ? 0 : rawEnd(chunk - 1))
  for (let i = 0; i < chunks; i += 1) {
    if (recordEnd(i) > recordStart(i) && rawEnd(i) > rawStart(i)) continue
    throw new FormatError(`A xorb's index must ascend; chunk ${i} does not.`)
  }
  return {
    chunks,
    rawBytes: rawEnd(chunks - 1),
    bodyBytes: recordEnd(chunks - 1),
    bytes: index,
    hashAt: (chunk) => index.subarray(chunk * entryBytes, chunk * entryBytes + 32),
    recordStart,
    recordEnd,
    rawStart,
    rawEnd,
  }
}
