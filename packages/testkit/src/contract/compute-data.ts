/** What the compute suite is fed with, and how. */
import { packRecord } from '@weighhouse/formats/xet/record.ts'
import {
  batchBytesMax,
  type Compute,
  type CutChunk,
  type Work,
  worksInFlight,
} from '@weighhouse/server/core/ports/compute.ts'
import type { Random } from '../random.ts'

/** The generator of the Xet reference's test vectors. */
export const lcg = (count: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(count)
  let state = seed >>> 0
  for (let i = 0; i < count; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** Joins what tests can hold. */
export const join = (parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts) // bounded: test data

/** Memory of its own, to be given away. */
export const own = (bytes: ArrayLike<number>): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/** Slices of random lengths up to `max`, some of a few bytes. */
export const slices = (bytes: Uint8Array, random: Random, max: number): Uint8Array[] => {
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const length = random.below(4) === 0 ? 1 + random.below(9) : 1 + random.below(max)
    parts.push(bytes.subarray(at, at + length))
    at += length
  }
  return parts
}

export const batches = (bytes: Uint8Array, size = batchBytesMax): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )

/** Pushes copies of the parts, as many at once as is allowed; `onYield` sees the answers in order. */
export const feed = async <Yield>(
  work: Work<Yield, unknown>,
  parts: Iterable<Uint8Array>,
  onYield: (yielded: Yield) => void = () => undefined,
): Promise<void> => {
  const pending: Promise<Yield>[] = []
  const take = async (keep: number): Promise<void> => {
    while (pending.length > keep) {
      const oldest = pending.shift()
      if (oldest !== undefined) onYield(await oldest)
    }
  }
  for (const part of parts) {
    pending.push(work.push(own(part)))
    await take(worksInFlight - 1)
  }
  await take(0)
}

export interface Cut {
  readonly chunks: CutChunk[]
  readonly sha256: string
  readonly sizeBytes: number
}

export const cutAll = async (compute: Compute, parts: Iterable<Uint8Array>): Promise<Cut> => {
  using work = compute.cut()
  const chunks: CutChunk[] = []
  await feed(work, parts, (yielded) => void chunks.push(...yielded))
  // The end of the file: what is open is its last chunk.
  chunks.push(...(await work.push(new Uint8Array(0))))
  return { chunks, ...(await work.finish()) }
}

/** Chunks of every scheme: what repeats, what looks like floats, what looks like noise. */
export const mixedChunks = (random: Random, count: number): Uint8Array[] =>
  Array.from({ length: count }, () => {
    const length = 1 + random.below(40_000)
    const kind = random.below(3)
    if (kind === 0) return new Uint8Array(length).fill(random.below(256))
    const noise = random.bytes(length)
    if (kind === 1) for (let i = 3; i < length; i += 4) noise[i] = 0x3f
    return noise
  })

/** The body of a xorb. */
export const bodyOf = (chunks: readonly Uint8Array[]): Buffer => join(chunks.map(packRecord))

/** 36 bytes a chunk: hash, raw length. */
export const listOf = (chunks: readonly CutChunk[]): Uint8Array<ArrayBuffer> => {
  const list = new Uint8Array(chunks.length * 36)
  const view = new DataView(list.buffer)
  chunks.forEach(({ hash, rawBytes }, i) => {
    list.set(hash, i * 36)
    view.setUint32(i * 36 + 32, rawBytes, true)
  })
  return list
}
