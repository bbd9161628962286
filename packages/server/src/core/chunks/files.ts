/** Files as lists of terms: parsed once and kept. The same file may be named again with other terms when it was forgotten in between. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import { HubError } from '../kernel/errors.ts'
import { makeLru } from '../kernel/lru.ts'
import * as sql from './chunks.sql.ts'
import { parseTerms, type Term } from './terms.ts'

export interface Files {
  /** In order. Errors: `unavailable` when the hub knows no such file. */
  termsOf(hash: XetHash): Promise<readonly Term[]>
  /** Files were forgotten: nothing that is kept may be relied on. */
  clear(): void
}

interface Kept {
  readonly terms: readonly Term[]
  /** Tells it from a later one of the same name, also where another process has forgotten it. */
  readonly createdAtMs: number
}

const termsKept = 500_000

const unknown = (hash: XetHash): HubError =>
  new HubError(
    'unavailable',
    `The chunks of file ${hash} are not known. An administrator finds what is missing with \`weighhouse fsck\`.`,
  )

export const makeFiles = (q: Querier): Files => {
  let files = makeLru<XetHash, Kept>(termsKept)
  return {
    async termsOf(hash) {
      const facts = await sql.fileFacts(q, hash)
      if (facts === undefined) throw unknown(hash)
      const kept = files.get(hash)
      if (kept?.createdAtMs === facts.created_at_ms) return kept.terms
      const row = await sql.fileRow(q, hash)
      if (row === undefined) throw unknown(hash)
      const terms = parseTerms(row.terms)
      files.set(hash, { terms, createdAtMs: row.created_at_ms }, terms.length + 1)
      return terms
    },
    clear() {
      files = makeLru(termsKept)
    },
  }
}
