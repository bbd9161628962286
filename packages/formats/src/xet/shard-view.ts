/** A scanned shard, read where it lies: nothing is kept of what was read, and hashes become text only where they are asked for. */
import type { Sha256, XetHash } from '../digest/digest.ts'
import { formatXetHash, sha256OfXetBytes } from './hash.ts'
import { readFileHead, shardRecordBytes, type ShardLayout } from './shard.ts'

/** Chunks `start` to `end` (exclusive) of one xorb: `rawBytes` bytes of a file. */
export interface ShardTerm {
  readonly xorb: XetHash
  readonly rawBytes: number
  readonly start: number
  readonly end: number
}

export interface ShardFile {
  readonly hash: XetHash
  /** How many there are. */
  readonly terms: number
  /** Sum of what its terms say. */
  readonly statedBytes: number
  /** Does each term come with its range hash? */
  readonly isVerified: boolean
  /** As claimed. */
  readonly sha256: Sha256 | undefined
  /** In the order of the file. */
  term(i: number): ShardTerm
  /** A view of 32 bytes. */
  xorbBytes(i: number): Uint8Array
  /** A view of 32 bytes. Only of a file that `isVerified`. */
  rangeHash(i: number): Uint8Array
}

export interface ShardXorb {
  readonly hash: XetHash
  /** A view of 32 bytes. */
  readonly hashBytes: Uint8Array
  readonly rawBytes: number
  readonly chunks: number
  /** A view of 32 bytes. */
  chunkHash(i: number): Uint8Array
  chunkBytes(i: number): number
  /** Does the client mark this chunk as worth an index? */
  isMarked(i: number): boolean
}

export interface Shard {
  /** In order, and as often as they come. */
  files(): Generator<ShardFile>
  xorbs(): Generator<ShardXorb>
}

const isEligible = 0x80000000

/** The layout is that of these very bytes, and they do not change. */
export const openShard = (bytes: Uint8Array, layout: ShardLayout): Shard => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const u32 = (at: number): number => view.getUint32(at, true)
  const raw = (at: number): Uint8Array => bytes.subarray(at, at + 32)

  const fileAt = (head: number): ShardFile => {
    const { terms, isVerified, isDescribed } = readFileHead(view, head)
    const termAt = (i: number): number => head + (1 + i) * shardRecordBytes
    const end = termAt(isVerified ? 2 * terms : terms)
    let statedBytes = 0
    for (let i = 0; i < terms; i += 1) statedBytes += u32(termAt(i) + 36)
    return {
      hash: formatXetHash(bytes, head),
      terms,
      statedBytes,
      isVerified,
      sha256: isDescribed ? sha256OfXetBytes(bytes, end) : undefined,
      term(i) {
        const at = termAt(i)
        return {
          xorb: formatXetHash(bytes, at),
          rawBytes: u32(at + 36),
          start: u32(at + 40),
          end: u32(at + 44),
        }
      },
      xorbBytes: (i) => raw(termAt(i)),
      rangeHash: (i) => raw(termAt(terms + i)),
    }
  }

  const xorbAt = (head: number): ShardXorb => {
    const chunkAt = (i: number): number => head + (1 + i) * shardRecordBytes
    return {
      hash: formatXetHash(bytes, head),
      hashBytes: raw(head),
      chunks: u32(head + 36),
      rawBytes: u32(head + 40),
      chunkHash: (i) => raw(chunkAt(i)),
      chunkBytes: (i) => u32(chunkAt(i) + 36),
      isMarked: (i) => (u32(chunkAt(i) + 40) & isEligible) !== 0,
    }
  }

  return {
    *files() {
      for (const head of layout.files) yield fileAt(head)
    },
    *xorbs() {
      for (const head of layout.xorbs) yield xorbAt(head)
    },
  }
}
