/** What sweeping would free, told without doing it: what nothing needs now, and what follows from links that would go. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { House } from '../house.ts'

export interface Foreseen {
  readonly contents: number
  /** Of those that are whole in the byte store. */
  readonly wholeBytes: number
  /** Xorbs that only these contents need. */
  readonly xorbs: number
  readonly xorbBytes: number
}

const page = 500

/** Contents that lose their last link, or have none. Memory: one entry for each. */
const goingContents = async (
  { hub }: House,
  lost: ReadonlyMap<Sha256, number>,
  olderThanMs: number,
): Promise<{ going: Set<Sha256>; wholeBytes: number }> => {
  const going = new Set<Sha256>()
  let wholeBytes = 0
  let after = ''
  for (;;) {
    const rows = await hub.content.eachHeld(after, page)
    const wanted = rows.filter((row) => lost.has(row.sha256)).map((row) => row.sha256)
    const owners = await hub.content.ownersOf(wanted)
    for (const { sha256, sizeBytes, isLinked, createdAtMs, xetHash } of rows) {
      const links = lost.get(sha256)
      const isLost = links !== undefined && owners.get(sha256)?.links === links
      if (createdAtMs > olderThanMs || (isLinked && !isLost)) continue
      going.add(sha256)
      if (xetHash === undefined) wholeBytes += sizeBytes
    }
    const last = rows.at(-1)
    if (last === undefined) return { going, wholeBytes }
    after = last.sha256
  }
}

/** `lost` counts, of each content, the links that would go; those younger than `graceMs` stay. */
export const foresee = async (
  house: House,
  lost: ReadonlyMap<Sha256, number>,
  graceMs: number,
): Promise<Foreseen> => {
  const { hub } = house
  const { going, wholeBytes } = await goingContents(house, lost, hub.clock.nowMs() - graceMs)
  const hashes = [...going]
  const freed = new Map<XetHash, number>()
  for (let i = 0; i < hashes.length; i += page) {
    const uses = await hub.chunks.usesOf(hashes.slice(i, i + page))
    const sizes = new Map(uses.map(({ xorb, sizeBytes }) => [xorb, sizeBytes]))
    for (const [xorb, contents] of await hub.chunks.contentsNeeding([...sizes.keys()])) {
      if (contents.every((one) => going.has(one))) freed.set(xorb, sizes.get(xorb) ?? 0)
    }
  }
  const xorbBytes = [...freed.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0)
  return { contents: going.size, wholeBytes, xorbs: freed.size, xorbBytes }
}
