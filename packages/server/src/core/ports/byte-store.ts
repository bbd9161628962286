/**
 * Where bytes live. Keys are hashes of what is stored; a stored object never changes. The hub has two stores: contents under their
 * SHA-256, and xorbs under their Xet hash, which other code computes. Drivers: disk (default), memory (tests); S3 later. All pass
 * `testkit/contract/byte-store`.
 *
 * Writing is staged: bytes are received under a stage name, made durable, and only then named by their hash, so a crash
 * leaves stages, never half objects.
 */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'

/** A half-open byte range: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export type ByteStoreErrorKind =
  | 'missing' // no such object or stage
  | 'precondition' // the stage is not what the caller said (length, digest)
  | 'full' // no room
  | 'transient' // may succeed if tried again
  | 'permanent' // will not

export class ByteStoreError extends Error {
  readonly kind: ByteStoreErrorKind
  constructor(kind: ByteStoreErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ByteStoreError'
    this.kind = kind
  }
}

export interface WriteResult<Digest = Sha256> {
  readonly sizeBytes: number
  /** Digest of the bytes of this write, taken on the way by a store that takes one. */
  readonly sha256: Digest
}

export interface StoredObject<Key = Sha256> {
  readonly key: Key
  readonly sizeBytes: number
}

export interface ListedObject<Key = Sha256> extends StoredObject<Key> {
  /** When it was last promoted. */
  readonly storedAtMs: number
}

export interface StagedObject {
  readonly stage: string
  readonly modifiedAtMs: number
}

/**
 * Bytes of an object, in order. A chunk is valid until the next one is asked for: its memory is used again, so whoever keeps it copies it.
 * Whoever opened the source reads it to its end or calls `return`; `for await` does either.
 */
export interface ByteSource extends AsyncIterable<Uint8Array> {
  next(): Promise<IteratorResult<Uint8Array, undefined>>
  return(): Promise<IteratorResult<Uint8Array, undefined>>
  [Symbol.asyncIterator](): ByteSource
}

/** Bytes at hand as a source of one chunk. */
export const sourceOf = (bytes: Uint8Array): ByteSource => {
  let isDone = bytes.length === 0
  const end = { done: true, value: undefined } as const
  return {
    next() {
      const answer = isDone ? end : ({ done: false, value: bytes } as const)
      isDone = true
      return Promise.resolve(answer)
    },
    return() {
      isDone = true
      return Promise.resolve(end)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

export interface ByteStore<
  Key extends string = Sha256,
  Digest extends Sha256 | undefined = Sha256,
> extends AsyncDisposable {
  /**
   * Receives a stream into a stage at a byte offset and makes it durable before it answers. Writing the same stage and
   * offset again replaces it. Reads `source` to its end or destroys it. Errors: `precondition` when more than
   * `bytesMax` arrive, `full`, `transient`.
   */
  write(
    stage: string,
    offset: number,
    source: AsyncIterable<Uint8Array>,
    bytesMax: number,
  ): Promise<WriteResult<Digest>>
  /** Digest and length of a whole stage, read back from the store. Errors: `missing`. */
  digestStage(stage: string, signal?: AbortSignal): Promise<WriteResult<Digest>>
  /**
   * Names a stage by its hash, durably. The caller has verified digest and length. A stage that is gone while the object is there is a
   * repeat, and succeeds. Errors: `missing`, `full`.
   */
  promote(stage: string, object: StoredObject<Key>): Promise<void>
  /** Forgets a stage; no error if there is none. */
  discard(stage: string): Promise<void>
  /** Size in bytes, or undefined when the object is not stored. */
  stat(key: Key): Promise<number | undefined>
  /** Opens an object, or a part of it, for reading. Errors: `missing` before the first byte. */
  open(key: Key, range?: ByteRange): Promise<ByteSource>
  /** Deletes an object; no error if there is none. */
  remove(key: Key): Promise<void>
  /** Every stored object, in no order. */
  list(): AsyncIterable<ListedObject<Key>>
  /** Every stage, in no order. */
  listStages(): AsyncIterable<StagedObject>
  /** Bytes free for new objects, or undefined when the store cannot say. */
  freeBytes(): Promise<number | undefined>
}

/** Xorb bodies under their Xet hash. It takes no digest: whoever names a xorb has recomputed every hash in it. */
export type XorbStore = ByteStore<XetHash, undefined>
