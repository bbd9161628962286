/** How long to wait before a stream is begun again: longer each time, and not all at once: a hub that comes back is not run over. */
const baseMs = 1_000
const mostMs = 60_000

/** `chance` from 0 to 1 spreads those who were cut off together. */
export const waitBefore = (failures: number, chance: number): number => {
  const longest = Math.min(mostMs, baseMs * 2 ** Math.min(failures, 10))
  return Math.round(longest / 2 + (longest / 2) * chance)
}
