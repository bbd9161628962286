/** A file cut into chunks, hashed and packed. */
import { createHash } from 'node:crypto'
import type { XetHasher } from '@weighhouse/formats/xet/blake3.ts'
import { makeCutter } from '@weighhouse/formats/xet/cutter.ts'
import { chunkBytesMax, packRecord } from '@weighhouse/formats/xet/record.ts'
import { assert } from '#core/kernel/errors.ts'
import type { CutChunk } from '#core/ports/compute.ts'
import type { Given, Task } from './tasks.ts'

/** An empty batch says that the file ends, and yields its last chunk: until then nobody knows that it is one. */
export const makeCut = (
  hasher: XetHasher,
): Task<readonly CutChunk[], { sha256: string; sizeBytes: number }> => {
  const cutter = makeCutter()
  const digest = createHash('sha256')
  /** The beginning of a chunk that goes on in the next batch. */
  const open = new Uint8Array(chunkBytesMax)
  let openBytes = 0
  let sizeBytes = 0
  let isEnded = false

  const hold = (part: Uint8Array): void => {
    open.set(part, openBytes)
    openBytes += part.length
  }

  const chunkOf = (raw: Uint8Array): CutChunk => ({
    hash: hasher.chunk(raw),
    rawBytes: raw.length,
    record: packRecord(raw),
  })

  /** The chunk that was held, complete now. */
  const release = (): CutChunk => {
    const chunk = chunkOf(open.subarray(0, openBytes))
    openBytes = 0
    return chunk
  }

  const give = (value: CutChunk[]): Given<CutChunk[]> => ({
    value,
    // A cast because a record's memory is its own.
    memory: value.map(({ record }) => record.buffer as ArrayBuffer),
  })

  return {
    push(batch) {
      if (batch.length === 0) {
        isEnded = true
        return give(openBytes === 0 ? [] : [release()])
      }
      assert(!isEnded, 'nothing comes after the empty batch that ends a file')
      digest.update(batch)
      sizeBytes += batch.length
      const chunks: CutChunk[] = []
      let from = 0
      for (const end of cutter.push(batch)) {
        const part = batch.subarray(from, end)
        if (openBytes > 0) {
          hold(part)
          chunks.push(release())
        } else chunks.push(chunkOf(part))
        from = end
      }
      hold(batch.subarray(from))
      return give(chunks)
    },
    finish() {
      assert(openBytes === 0, 'an empty batch takes the last chunk before the work is finished')
      return { value: { sha256: digest.digest('hex'), sizeBytes }, memory: [] }
    },
  }
}
