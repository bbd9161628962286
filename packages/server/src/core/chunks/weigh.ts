/** What contents take as chunks, and who else needs the same xorbs: for reports on storage. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { XorbIndex } from '@weighhouse/formats/xet/xorb.ts'
import type { Querier } from '#db/flavor.ts'
import type { Files } from './files.ts'
import { fetchesOf } from './plan.ts'
import * as sql from './weigh.sql.ts'

export interface ChunkWeights {
  /** Xorbs that these contents need, with the sizes of their bodies. */
  xorbsNeeded(contents: readonly Sha256[]): Promise<Map<XetHash, number>>
  /** Every content that needs these xorbs. */
  contentsNeeding(xorbs: readonly XetHash[]): Promise<Map<XetHash, Sha256[]>>
  /** Bytes of a file's own records in each of its xorbs. */
  recordBytes(file: XetHash): Promise<Map<XetHash, number>>
  /** Of all xorbs. */
  storedBytes(): Promise<number>
}

const namesPerQuery = 500

export const makeChunkWeights = (
  q: Querier,
  files: Files,
  indexOf: (xorb: XetHash) => Promise<XorbIndex>,
): ChunkWeights => ({
  async xorbsNeeded(contents) {
    const found = new Map<XetHash, number>()
    for (let i = 0; i < contents.length; i += namesPerQuery) {
      const rows = await sql.xorbsOfContents(q, contents.slice(i, i + namesPerQuery))
      for (const row of rows) found.set(row.hash, row.size_bytes)
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
})
