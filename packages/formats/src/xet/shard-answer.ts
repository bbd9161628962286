/** Shards that a hub answers: what it knows of chunks, under a key. Source: the Xet protocol, shard format (MDB) version 2. */
import type { XetHash } from '../digest/digest.ts'
import type { KeyedHash } from './blake3.ts'
import { xetHashBytes } from './hash.ts'
import { shardFooterBytes, shardRecordBytes, shardTag, shardVersion } from './shard.ts'
import type { XorbIndex } from './xorb.ts'

/** A xorb to tell a client of. */
export interface ToldXorb {
  readonly hash: XetHash
  readonly rawBytes: number
  /** Of its stored body. */
  readonly bodyBytes: number
  /** What `formatToldChunks` made of its index. */
  readonly chunks: Uint8Array
}

export interface DedupAnswer {
  readonly xorbs: readonly ToldXorb[]
  /** The key under which chunks were hashed. */
  readonly key: Uint8Array
  readonly createdAtSeconds: number
  readonly expiresAtSeconds: number
}

/** Records of a xorb's chunks, 48 bytes each: the hash of a chunk's hash under a key, since the chunk's own is told to nobody. */
export const formatToldChunks = (index: XorbIndex, keyed: KeyedHash): Uint8Array<ArrayBuffer> => {
  const records = new Uint8Array(index.chunks * shardRecordBytes)
  const view = new DataView(records.buffer)
  for (let i = 0; i < index.chunks; i += 1) {
    const at = i * shardRecordBytes
    records.set(keyed(index.hashAt(i)), at)
    view.setUint32(at + 32, index.rawStart(i), true)
    view.setUint32(at + 36, index.rawEnd(i) - index.rawStart(i), true)
  }
  return records
}

/** The smallest answer that both kinds of client read: no files, no tables, a footer with the key. */
export const formatDedupShard = (answer: DedupAnswer): Uint8Array => {
  const xorbBytes = answer.xorbs.reduce(
    (sum, { chunks }) => sum + shardRecordBytes + chunks.length,
    0,
  )
  const endOfXorbs = 3 * shardRecordBytes + xorbBytes
  const bytes = new Uint8Array(endOfXorbs + shardFooterBytes)
  const view = new DataView(bytes.buffer)
  const set64 = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), true)
  bytes.set(shardTag)
  set64(32, shardVersion)
  set64(40, shardFooterBytes)
  bytes.fill(0xff, shardRecordBytes, shardRecordBytes + 32)
  let at = 2 * shardRecordBytes
  for (const { hash, rawBytes, bodyBytes, chunks } of answer.xorbs) {
    bytes.set(xetHashBytes(hash), at)
    view.setUint32(at + 36, chunks.length / shardRecordBytes, true)
    view.setUint32(at + 40, rawBytes, true)
    view.setUint32(at + 44, bodyBytes, true)
    bytes.set(chunks, at + shardRecordBytes)
    at += shardRecordBytes + chunks.length
  }
  bytes.fill(0xff, at, at + 32)
  const footer = endOfXorbs
  set64(footer, 1)
  set64(footer + 8, shardRecordBytes)
  set64(footer + 16, 2 * shardRecordBytes)
  // Where tables would begin. JavaScript stops reading xorbs here, and takes 0 for "no xorbs".
  for (const offset of [24, 40, 56]) set64(footer + offset, endOfXorbs)
  bytes.set(answer.key, footer + 72)
  set64(footer + 104, answer.createdAtSeconds)
  set64(footer + 112, answer.expiresAtSeconds)
  set64(footer + 192, endOfXorbs)
  return bytes
}
