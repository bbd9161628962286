/**
 * What one repo holds and who else needs it, gathered once, so that its refs and files are weighed without asking again. Xorbs are freed
 * whole: what is freed is told by them. Memory: about 300 bytes a content, and one entry for each xorb.
 */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { RepoId } from '#core/kernel/ids.ts'
import type { House } from '../house.ts'

export interface Weight {
  /** The files as their readers get them. */
  readonly logicalBytes: number
  /** The distinct xorbs and whole contents behind them. */
  readonly storedBytes: number
  /** Of those, what nothing else needs: deleting it would free them. */
  readonly exclusiveBytes: number
}

/** Of the house, what weighing takes. */
export type Weighed = Pick<House, 'hub' | 'db'>

interface XorbEntry {
  readonly sizeBytes: number
  /** A content that others are linked to needs it too. */
  isNeededElsewhere: boolean
  /** Contents of this repo alone that need it. */
  needs: number
}

interface ContentEntry {
  readonly sizeBytes: number
  /** No other repo is linked to it. */
  readonly isOwn: boolean
  readonly isWhole: boolean
  readonly xorbs: XetHash[]
}

export interface Ledger {
  /** Every content that the repo is linked to. */
  readonly contents: readonly Sha256[]
  /** What these contents of the repo weigh; `isGoing` are those that would go, all by default. */
  weigh(contents: Iterable<Sha256>, isGoing?: (sha256: Sha256) => boolean): Weight
  /** Would this xorb go with this content alone? */
  isXorbOf(xorb: XetHash, sha256: Sha256): boolean
  find(sha256: Sha256): Pick<ContentEntry, 'sizeBytes' | 'isOwn' | 'isWhole'> | undefined
}

const page = 500
/** Thousands of contents may need one xorb. */
const xorbsPerPage = 50

const openContents = async (
  { hub }: Weighed,
  repoId: RepoId,
): Promise<{ contents: Map<Sha256, ContentEntry>; xorbs: Map<XetHash, XorbEntry> }> => {
  const contents = new Map<Sha256, ContentEntry>()
  const xorbs = new Map<XetHash, XorbEntry>()
  let after = ''
  for (;;) {
    const wish = { after, limit: page, linkedBeforeMs: Number.MAX_SAFE_INTEGER }
    const links = await hub.content.linksBefore(repoId, wish)
    const hashes = links.map((link) => link.sha256)
    const owners = await hub.content.ownersOf(hashes)
    for (const { sha256, sizeBytes } of links) {
      const { links: count = 1, isWhole = true } = owners.get(sha256) ?? {}
      contents.set(sha256, { sizeBytes, isOwn: count === 1, isWhole, xorbs: [] })
    }
    for (const { sha256, xorb, sizeBytes } of await hub.chunks.usesOf(hashes)) {
      if (!xorbs.has(xorb)) xorbs.set(xorb, { sizeBytes, isNeededElsewhere: false, needs: 0 })
      contents.get(sha256)?.xorbs.push(xorb)
    }
    const last = links.at(-1)
    if (last === undefined) return { contents, xorbs }
    after = last.sha256
  }
}

/** A content that nobody is linked to any more keeps nothing from being freed. */
const countNeeds = async (
  { hub }: Weighed,
  contents: ReadonlyMap<Sha256, ContentEntry>,
  xorbs: ReadonlyMap<XetHash, XorbEntry>,
): Promise<void> => {
  const all = [...xorbs.keys()]
  for (let i = 0; i < all.length; i += xorbsPerPage) {
    const needing = await hub.chunks.contentsNeeding(all.slice(i, i + xorbsPerPage))
    const others = [...new Set([...needing.values()].flat())].filter((one) => !contents.has(one))
    const owners = await hub.content.ownersOf(others)
    for (const [xorb, needed] of needing) {
      const entry = xorbs.get(xorb)
      if (entry === undefined) continue
      for (const sha256 of needed) {
        const isOwn = contents.get(sha256)?.isOwn
        if (isOwn === true) entry.needs += 1
        else if (isOwn === false || owners.has(sha256)) entry.isNeededElsewhere = true
      }
    }
  }
}

export const openLedger = async (house: Weighed, repoId: RepoId): Promise<Ledger> => {
  const { contents, xorbs } = await openContents(house, repoId)
  await countNeeds(house, contents, xorbs)

  return {
    contents: [...contents.keys()],

    weigh(wanted, isGoing = () => true) {
      const going = new Map<XetHash, number>()
      let logicalBytes = 0
      let storedBytes = 0
      let exclusiveBytes = 0
      for (const sha256 of wanted) {
        const entry = contents.get(sha256)
        if (entry === undefined) continue
        const goes = entry.isOwn && isGoing(sha256)
        logicalBytes += entry.sizeBytes
        if (entry.isWhole) {
          storedBytes += entry.sizeBytes
          if (goes) exclusiveBytes += entry.sizeBytes
        }
        for (const xorb of entry.xorbs) going.set(xorb, (going.get(xorb) ?? 0) + (goes ? 1 : 0))
      }
      for (const [xorb, count] of going) {
        const { sizeBytes = 0, isNeededElsewhere = true, needs = 0 } = xorbs.get(xorb) ?? {}
        storedBytes += sizeBytes
        if (!isNeededElsewhere && count === needs) exclusiveBytes += sizeBytes
      }
      return { logicalBytes, storedBytes, exclusiveBytes }
    },

    isXorbOf(xorb, sha256) {
      const entry = xorbs.get(xorb)
      const isOwn = contents.get(sha256)?.isOwn === true
      return isOwn && entry?.isNeededElsewhere === false && entry.needs === 1
    },

    find: (sha256) => contents.get(sha256),
  }
}
