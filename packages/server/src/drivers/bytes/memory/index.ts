/** Bytes in memory: for tests, and the shortest statement of what the port means. */
import { createHash } from 'node:crypto'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { type ByteStore, ByteStoreError, sourceOf } from '#core/ports/byte-store.ts'

// A cast because SHA-256 in hex is just that.
const digest = (bytes: Uint8Array): Sha256 =>
  createHash('sha256').update(bytes).digest('hex') as Sha256

const missing = (): ByteStoreError => new ByteStoreError('missing', 'The bytes are not stored.')

const gather = async (source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > bytesMax) {
      throw new ByteStoreError(
        'precondition',
        `Expected at most ${bytesMax} bytes, and more arrived.`,
      )
    }
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks, size) // bounded: bytesMax
}

export const makeMemoryStore = (nowMs: () => number): ByteStore => {
  const objects = new Map<Sha256, { bytes: Buffer; atMs: number }>()
  const stages = new Map<string, { bytes: Buffer; atMs: number }>()
  return {
    async write(stage, offset, source, bytesMax) {
      const part = await gather(source, bytesMax)
      const before = stages.get(stage)?.bytes ?? Buffer.alloc(0)
      const bytes = Buffer.alloc(Math.max(before.length, offset + part.length))
      before.copy(bytes)
      part.copy(bytes, offset)
      stages.set(stage, { bytes, atMs: nowMs() })
      return { sizeBytes: part.length, sha256: digest(part) }
    },
    digestStage(stage) {
      const found = stages.get(stage)
      if (found === undefined) return Promise.reject(missing())
      return Promise.resolve({ sizeBytes: found.bytes.length, sha256: digest(found.bytes) })
    },
    promote(stage, { key }) {
      const found = stages.get(stage) ?? objects.get(key)
      if (found === undefined) return Promise.reject(missing())
      objects.set(key, { bytes: found.bytes, atMs: nowMs() })
      stages.delete(stage)
      return Promise.resolve()
    },
    discard: (stage) => Promise.resolve(void stages.delete(stage)),
    stat: (key) => Promise.resolve(objects.get(key)?.bytes.length),
    open(key, range) {
      const found = objects.get(key)
      if (found === undefined) return Promise.reject(missing())
      const bytes = range ? found.bytes.subarray(range.start, range.end) : found.bytes
      return Promise.resolve(sourceOf(bytes))
    },
    remove: (key) => Promise.resolve(void objects.delete(key)),
    async *list() {
      for (const [key, { bytes, atMs }] of objects) {
        yield { key, sizeBytes: bytes.length, storedAtMs: atMs }
      }
    },
    async *listStages() {
      for (const [stage, { atMs }] of stages) yield { stage, modifiedAtMs: atMs }
    },
    freeBytes: () => Promise.resolve(undefined),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
