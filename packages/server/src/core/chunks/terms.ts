/** A file's list of terms as it is stored: 44 bytes each, the xorb's hash, then first chunk, end chunk and raw bytes as u32 LE. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import { formatXetHash, xetHashBytes } from '@weighhouse/formats/xet/hash.ts'

/** Chunks `start` to `end` (exclusive) of one xorb: `rawBytes` bytes of a file. */
export interface Term {
  readonly xorb: XetHash
  readonly start: number
  readonly end: number
  readonly rawBytes: number
}

const termBytes = 44

/** All terms of a file. */
export interface TermList {
  /** As they are stored. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Each once, in the order of the file. */
  readonly xorbs: readonly XetHash[]
  /** None in the empty file. */
  readonly first: Term | undefined
}

/** One after another, so that a long list is never whole in memory. */
export const eachTerm = function* (bytes: Uint8Array): Generator<Term> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; at += termBytes) {
    yield {
      xorb: formatXetHash(bytes, at),
      start: view.getUint32(at + 32, true),
      end: view.getUint32(at + 36, true),
      rawBytes: view.getUint32(at + 40, true),
    }
  }
}

export const parseTerms = (bytes: Uint8Array): Term[] => [...eachTerm(bytes)]

/** Gathers `count` terms of a file as they are stored, with what else is written of them. */
export const makeTermList = (count: number) => {
  const bytes = new Uint8Array(count * termBytes)
  const view = new DataView(bytes.buffer)
  const xorbs = new Set<XetHash>()
  let first: Term | undefined
  let at = 0
  return {
    /** `xorbBytes` is the term's xorb as 32 bytes. */
    add(term: Term, xorbBytes: Uint8Array): void {
      bytes.set(xorbBytes, at)
      view.setUint32(at + 32, term.start, true)
      view.setUint32(at + 36, term.end, true)
      view.setUint32(at + 40, term.rawBytes, true)
      at += termBytes
      first ??= term
      xorbs.add(term.xorb)
    },
    finish: (): TermList => ({ bytes, xorbs: [...xorbs], first }),
  }
}

export const listTerms = (terms: readonly Term[]): TermList => {
  const list = makeTermList(terms.length)
  for (const term of terms) list.add(term, xetHashBytes(term.xorb))
  return list.finish()
}

/** Every byte of a file of these terms. */
export const wholeOf = (terms: readonly Term[]) => ({
  terms,
  takeBytes: terms.reduce((sum, term) => sum + term.rawBytes, 0),
})
