/** Chance that repeats: the same seed, the same sequence. */

export interface Random {
  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number
  pick<T>(items: readonly T[]): T
  bytes(count: number): Buffer
}

/** Mulberry32: small, even, and good enough for tests. */
export const makeRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('expected something to pick from')
      return item
    },
    bytes(count) {
      const bytes = Buffer.alloc(count)
      for (let i = 0; i < count; i += 1) bytes[i] = next() & 0xff
      return bytes
    },
  }
}
