/** What is wrong with what the database says of files and xorbs; their bytes are the scrub's. For `fsck`. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import { isHubError } from '../kernel/errors.ts'
import * as sql from './chunks.sql.ts'
import type { Files } from './files.ts'
import type { Term } from './terms.ts'
import type { Xorbs } from './xorbs.ts'

export interface ChunkInspection {
  /** What is wrong with a file's terms, or undefined. A xorb without an index is told of once, by `indexed`. */
  problemOfFile(file: XetHash): Promise<string | undefined>
  /** Which of these xorbs have an index. */
  indexed(xorbs: readonly XetHash[]): Promise<Set<XetHash>>
}

interface Parts {
  readonly q: Querier
  readonly files: Files
  readonly xorbs: Pick<Xorbs, 'indexOf'>
}

const problemOfTerm = async ({ xorbs }: Parts, term: Term): Promise<string | undefined> => {
  const { xorb, start, end, rawBytes } = term
  try {
    const index = await xorbs.indexOf(xorb)
    const found = end <= index.chunks ? index.rawEnd(end - 1) - index.rawStart(start) : undefined
    if (found === rawBytes) return undefined
    return `names chunks ${start} to ${end} of the xorb ${xorb} as ${rawBytes} bytes, which they are not`
  } catch (error) {
    if (isHubError(error, 'unavailable')) return undefined
    throw error
  }
}

const problemOfTerms = async (
  parts: Parts,
  file: XetHash,
  sizeBytes: number,
): Promise<string | undefined> => {
  const terms = await parts.files.termsOf(file)
  const needed = [...new Set(terms.map((term) => term.xorb))]
  const known = new Set((await sql.xorbRows(parts.q, needed)).map((row) => row.hash))
  const kept = new Set(await sql.xorbsOfFile(parts.q, file))
  for (const xorb of needed) {
    if (!known.has(xorb)) return `needs the xorb ${xorb}, which is not known`
    if (!kept.has(xorb)) return `needs the xorb ${xorb}, which a sweep may take`
  }
  for (const term of terms) {
    const problem = await problemOfTerm(parts, term)
    if (problem !== undefined) return problem
  }
  const found = terms.reduce((sum, term) => sum + term.rawBytes, 0)
  return found === sizeBytes ? undefined : `has ${sizeBytes} bytes, its chunks have ${found}`
}

export const makeChunkInspection = (parts: Parts): ChunkInspection => ({
  async problemOfFile(file) {
    const facts = await sql.fileFacts(parts.q, file)
    if (facts === undefined) return 'is not known'
    return problemOfTerms(parts, file, facts.size_bytes)
  },

  indexed: (xorbs) => sql.indexedAmong(parts.q, xorbs),
})
