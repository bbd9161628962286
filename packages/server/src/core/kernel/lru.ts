/** A map that forgets what was not asked for longest, bounded by the sum of its entries' weights. */
export interface Lru<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V, weight: number): void
  delete(key: K): void
}

export const makeLru = <K, V>(weightMax: number): Lru<K, V> => {
  const entries = new Map<K, { value: V; weight: number }>()
  let total = 0
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
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    set(key, value, weight) {
      drop(key)
      if (weight > weightMax) return
      entries.set(key, { value, weight })
      total += weight
      for (const oldest of entries.keys()) {
        if (total <= weightMax) break
        drop(oldest)
      }
    },
    delete: drop,
  }
}
