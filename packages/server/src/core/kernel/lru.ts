/**
 * A map that forgets what was not asked for longest, bounded by the sum of its entries' weights. What is among the newest quarter stays in its
 * place when it is asked for: to move an entry costs several times what it costs to find it.
 */
export interface Lru<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V, weight: number): void
  delete(key: K): void
}

export const makeLru = <K, V>(weightMax: number): Lru<K, V> => {
  const entries = new Map<K, { value: V; weight: number; turn: number }>()
  let total = 0
  /** Rises with each entry that goes to the end. */
  let turn = 0
  const drop = (key: K): void => {
    const entry = entries.get(key)
    if (entry === undefined) return
    entries.delete(key)
    total -= entry.weight
  }
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      if (turn - entry.turn > entries.size / 4) {
        entry.turn = turn += 1
        entries.delete(key)
        entries.set(key, entry)
      }
      return entry.value
    },
    set(key, value, weight) {
      drop(key)
      if (weight > weightMax) return
      turn += 1
      entries.set(key, { value, weight, turn })
      total += weight
      for (const oldest of entries.keys()) {
        if (total <= weightMax) break
        drop(oldest)
      }
    },
    delete: drop,
  }
}
