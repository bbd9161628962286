/** Files as lists of terms: parsed once and kept, since they never change. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import { HubError } from '../kernel/errors.ts'
import { makeLru } from '../kernel/lru.ts'
import * as sql from './chunks.sql.ts'
import { parseTerms, type Term } from './terms.ts'

export interface Files {
  /** In order. Errors: `unavailable` when the hub knows no such file. */
  termsOf(hash: XetHash): Promise<readonly Term[]>
}

const termsKept = 500_000

export const makeFiles = (q: Querier): Files => {
  const files = makeLru<XetHash, readonly Term[]>(termsKept)
  return {
    async termsOf(hash) {
      const kept = files.get(hash)
      if (kept !== undefined) return kept
      const row = await sql.fileRow(q, hash)
      if (row === undefined) {
        const message = `The chunks of file ${hash} are not known. An administrator finds what is missing with \`weighhouse fsck\`.`
        throw new HubError('unavailable', message)
      }
      const terms = parseTerms(row.terms)
      files.set(hash, terms, terms.length + 1)
      return terms
    },
  }
}
