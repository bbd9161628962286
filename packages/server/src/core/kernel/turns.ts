/** Work on one thing at a time: what concerns the same key waits for its turn, everything else goes on. */

export interface Turns<K> {
  /** Runs when all earlier work on the key has ended, well or not. */
  take<T>(key: K, work: () => Promise<T>): Promise<T>
}

/** Keeps one entry for each key that has work under way. In one process only. */
export const makeTurns = <K>(): Turns<K> => {
  const last = new Map<K, Promise<unknown>>()
  return {
    async take(key, work) {
      const before = last.get(key)
      const mine = (async () => {
        await before?.catch(() => undefined)
        return work()
      })()
      last.set(key, mine)
      try {
        return await mine
      } finally {
        if (last.get(key) === mine) last.delete(key)
      }
    },
  }
}
