/** What contents take as chunks, and who else needs the same xorbs: for reports on storage. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { XorbIndex } from '@weighhouse/formats/xet/xorb.ts'
import type { Querier } from '#db/flavor.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import { unneededSum, unneededUsedAtMs } from './chunks.sql.ts'
import type { Files } from './files.ts'
import { fetchesOf } from './plan.ts'
import * as sql from './weigh.sql.ts'

/** One content needs one xorb. */
export interface XorbUse {
  readonly sha256: Sha256
  readonly xorb: XetHash
  /** Of the xorb's body. */
  readonly sizeBytes: number
}

export interface UnneededXorbs {
  readonly bytes: number
  /** When the grace of the last of them is over; undefined when there is none. */
  readonly goneAtMs: number | undefined
}

export interface ChunkWeights {
  /** Xorbs that these contents need, however they were cut; none for those that are held whole. */
  usesOf(contents: readonly Sha256[]): Promise<XorbUse[]>
  /** Every content that needs these xorbs. */
  contentsNeeding(xorbs: readonly XetHash[]): Promise<Map<XetHash, Sha256[]>>
  /** Bytes of a file's own records in each of its xorbs. */
  recordBytes(file: XetHash): Promise<Map<XetHash, number>>
  /** Of all xorbs. */
  storedBytes(): Promise<number>
  /** Of all xorbs that no content needs. */
  unneeded(): Promise<UnneededXorbs>
}

const namesPerQuery = 500

export const makeChunkWeights = (
  q: Querier,
  files: Files,
  { indexOf, clock }: { indexOf: (xorb: XetHash) => Promise<XorbIndex>; clock: Clock },
): ChunkWeights => ({
  async usesOf(contents) {
    const found: XorbUse[] = []
    for (let i = 0; i < contents.length; i += namesPerQuery) {
      const rows = await sql.usesOfContents(q, contents.slice(i, i + namesPerQuery))
      for (const { sha256, hash: xorb, size_bytes: sizeBytes } of rows) {
        found.push({ sha256, xorb, sizeBytes })
      }
    }
    return found
  },

  async contentsNeeding(xorbs) {
    const found = new Map<XetHash, Sha256[]>()
    for (let i = 0; i < xorbs.length; i += namesPerQuery) {
      const rows = await sql.contentsOfXorbs(q, xorbs.slice(i, i + namesPerQuery))
      for (const row of rows) {
        const known = found.get(row.xorb_hash)
        if (known === undefined) found.set(row.xorb_hash, [row.sha256])
        else known.push(row.sha256)
      }
    }
    return found
  },

  async recordBytes(file) {
    const found = new Map<XetHash, number>()
    for (const [xorb, fetches] of await fetchesOf(await files.termsOf(file), indexOf)) {
      const bytes = fetches.reduce((sum, one) => sum + one.bytes.end - one.bytes.start, 0)
      found.set(xorb, bytes)
    }
    return found
  },

  storedBytes: () => sql.xorbBytes(q),

  async unneeded() {
    const nowMs = clock.nowMs()
    const all = { namedBeforeMs: nowMs, unnamedBeforeMs: nowMs }
    const { named, unnamed } = await unneededUsedAtMs(q, all)
    const ends = [
      ...(named === undefined ? [] : [named + limits.sweepGraceMs]),
      ...(unnamed === undefined ? [] : [unnamed + limits.xorbUploadGraceMs]),
    ]
    const { bytes } = await unneededSum(q, all)
    return { bytes, goneAtMs: ends.length === 0 ? undefined : Math.max(...ends) }
  },
})
