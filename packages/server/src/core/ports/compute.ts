/**
 * Heavy work on bytes, off the main thread. A piece of work is a conversation: batches go in, results come out, its state stays with
 * whoever computes. Driver: `compute/local` (worker threads, or the same code in line for tests). Passes `testkit/contract/compute`.
 *
 * Never touches a store or the database: bytes come and go as values, so that any instance can do it.
 */
import type { ShardLayout } from '@weighhouse/formats/xet/shard.ts'
import type { VerifiedXorb } from '@weighhouse/formats/xet/xorb.ts'

export type ComputeErrorKind =
  | 'format' // the bytes are not what they should be; the message says how
  | 'broken' // the computer failed; the bytes may be fine

export class ComputeError extends Error {
  readonly kind: ComputeErrorKind
  constructor(kind: ComputeErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ComputeError'
    this.kind = kind
  }
}

/**
 * One conversation. Batches are answered in order; a caller keeps at most `worksInFlight` unanswered pushes. Whoever opened it calls
 * `finish` once, or disposes it, which forgets its state. Errors of all three: ComputeError.
 */
export interface Work<Yield, Result> extends Disposable {
  /** Hands over a batch of at most `batchBytesMax`. Its memory is taken away: the caller must not look at it again. */
  push(batch: Uint8Array<ArrayBuffer>): Promise<Yield>
  finish(): Promise<Result>
}

export const batchBytesMax = 1024 * 1024
export const worksInFlight = 2

export interface DecodePlan {
  /** Raw bytes thrown away at the start: a range may begin inside a chunk. */
  readonly skipBytes: number
  /** Raw bytes wanted after them; what comes later is thrown away. */
  readonly takeBytes: number
  /** Answers the SHA-256 of the bytes wanted. */
  readonly isDigested: boolean
  /** Yields no bytes: only the digest is wanted. */
  readonly isSilent: boolean
  /** Recomputes each chunk's hash and compares it with these, 32 bytes each, in order: for scrubbing. */
  readonly hashes?: Uint8Array<ArrayBuffer>
}

export interface Decoded {
  /** Raw bytes that were wanted and found: fewer than asked when the records ended early. */
  readonly sizeBytes: number
  /** SHA-256 in hex, when asked for. */
  readonly sha256: string | undefined
}

/** One chunk cut from a file, ready to be stored. */
export interface CutChunk {
  /** 32 bytes. */
  readonly hash: Uint8Array
  readonly rawBytes: number
  /** Header and payload, as a xorb holds them. */
  readonly record: Uint8Array
}

export interface FileHashes {
  /** 32 bytes. */
  readonly fileHash: Uint8Array
  readonly sizeBytes: number
}

export interface Compute extends AsyncDisposable {
  /** A batch of `batchBytesMax` to fill and push, or a part of it. Its memory was used before where possible, so it holds anything. */
  batch(): Uint8Array<ArrayBuffer>
  /** Recomputes every hash of a xorb body. Errors: `format`. */
  verifyXorb(): Work<undefined, VerifiedXorb>
  /** Turns records, of one xorb or several after another, into the bytes of a file. Errors: `format`. */
  decode(plan: DecodePlan): Work<readonly Uint8Array[], Decoded>
  /**
   * Cuts a file into chunks, hashes and packs them; the result is the SHA-256 of all of it in hex. An empty batch ends the file, and yields
   * its last chunk.
   */
  cut(): Work<readonly CutChunk[], { readonly sha256: string; readonly sizeBytes: number }>
  /**
   * Hashes a file from its chunks. Each batch is the chunk list of one term: 36 bytes a chunk, its hash and its raw length (u32, little
   * endian). Yields the term's range hash, 32 bytes.
   */
  hashFile(): Work<Uint8Array, FileHashes>
  /**
   * Checks the form of a shard of `shardBytes` bytes and answers where its files and xorbs begin. Batches are whole records of 48 bytes, but
   * for the last. Errors: `format`.
   */
  scanShard(shardBytes: number): Work<undefined, ShardLayout>
  /**
   * Describes xorbs for a deduplication answer under a key of 32 bytes. Each batch is the index of one xorb; yields the records of its
   * chunks, 48 bytes each. Errors: `format` for what is no index.
   */
  tellChunks(key: Uint8Array): Work<Uint8Array<ArrayBuffer>, undefined>
}
