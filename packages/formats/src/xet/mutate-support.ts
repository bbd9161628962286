/** Random changes to bytes that are in order. */
import { joined } from './test-support.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** Random numbers, the same everywhere: xorshift. */
export const makeRandom = (seed: number) => {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  const below = (limit: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.floor(((state >>> 0) / 2 ** 32) * limit)
  }
  const pick = <T>(list: readonly [T, ...T[]]): T => list[below(list.length)] ?? list[0]
  const bytes = (length: number): Bytes => Uint8Array.from({ length }, () => below(256))
  return { below, pick, bytes }
}
export type Random = ReturnType<typeof makeRandom>

const edges = [0, 1, 4, 12, 15, 255, 256, 4096, 8192, 8193, 65_535, 65_536, 131_072] as const
const edgesToo = [
  131_073, 262_144, 0xffffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
] as const

const withEdge = (random: Random, bytes: Uint8Array, at: number): Bytes => {
  const copy = joined(bytes)
  const value = random.pick([...edges, ...edgesToo])
  const size = random.pick([1, 2, 3, 4])
  for (let i = 0; i < size && at + i < copy.length; i += 1) copy[at + i] = value >>> (8 * i)
  return copy
}

/** One change: bits, integers at the edge, cuts, repetitions, or a piece of `other`. */
export const mutate = (random: Random, bytes: Uint8Array, other: Uint8Array): Bytes => {
  const at = random.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + random.below(60))
  const before = bytes.subarray(0, at)
  const part = bytes.subarray(at, end)
  switch (random.below(8)) {
    case 0: {
      const copy = joined(bytes)
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
      return copy
    }
    case 1:
    case 2:
      return withEdge(random, bytes, at)
    case 3:
      return joined(before, random.bytes(part.length), bytes.subarray(end))
    case 4:
      return joined(before)
    case 5:
      return joined(before, bytes.subarray(end))
    case 6:
      return joined(bytes.subarray(0, end), part, bytes.subarray(end))
    default: {
      const from = random.below(other.length + 1)
      return joined(before, other.subarray(from, from + random.below(100)), bytes.subarray(end))
    }
  }
}
