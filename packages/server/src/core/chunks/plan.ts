/** From a range of a file to the chunks that hold it: pure. Source: the Xet reference, reconstruction. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { XorbIndex } from '@weighhouse/formats/xet/xorb.ts'
import type { ByteRange } from '../ports/byte-store.ts'
import type { Term } from './terms.ts'

/** Terms that cover a range, cut to the chunks it needs. */
export interface Plan {
  readonly terms: readonly Term[]
  /** Bytes of the first chunk that come before the range. */
  readonly skipBytes: number
  readonly takeBytes: number
}

/** Chunks of one xorb that are fetched together, and where they lie in its body (`bytes.end` exclusive). */
export interface Fetch {
  readonly chunks: { readonly start: number; readonly end: number }
  readonly bytes: ByteRange
}

interface Kept {
  readonly term: Term
  /** Where the term begins in the file. */
  readonly at: number
}

const covering = (terms: readonly Term[], range: ByteRange): Kept[] => {
  const kept: Kept[] = []
  let at = 0
  for (const term of terms) {
    if (at >= range.end) break
    if (at + term.rawBytes > range.start) kept.push({ term, at })
    at += term.rawBytes
  }
  return kept
}

const rawBefore = (index: XorbIndex, chunk: number): number =>
  chunk === 0 ? 0 : index.rawEnd(chunk - 1)

/** Drops chunks that end before the range or start after it. */
const trim = ({ term, at }: Kept, index: XorbIndex, range: ByteRange): Kept => {
  const base = rawBefore(index, term.start)
  let { start, end } = term
  while (start + 1 < end && at + index.rawEnd(start) - base <= range.start) start += 1
  while (end - 1 > start && at + rawBefore(index, end - 1) - base >= range.end) end -= 1
  const from = rawBefore(index, start)
  const rawBytes = rawBefore(index, end) - from
  return { term: { xorb: term.xorb, start, end, rawBytes }, at: at + from - base }
}

/** `indexOf` is asked for the first and the last term's xorb only. The range is not empty and lies inside the file. */
export const selectTerms = async (
  terms: readonly Term[],
  range: ByteRange,
  indexOf: (xorb: XetHash) => Promise<XorbIndex>,
): Promise<Plan> => {
  const kept = covering(terms, range)
  const last = kept.length - 1
  const cut: Kept[] = []
  for (const [i, one] of kept.entries()) {
    const isEdge = i === 0 || i === last
    cut.push(isEdge ? trim(one, await indexOf(one.term.xorb), range) : one)
  }
  const skipBytes = cut[0] === undefined ? 0 : range.start - cut[0].at
  return { terms: cut.map((one) => one.term), skipBytes, takeBytes: range.end - range.start }
}

/** Where chunks `start` to `end` lie in the body of their xorb. */
export const bytesOf = (index: XorbIndex, start: number, end: number): ByteRange => ({
  start: index.recordStart(start),
  end: index.recordEnd(end - 1),
})

/** What to fetch of each xorb: ranges that overlap or touch are one, ascending. Keyed in the order in which terms need them. */
export const fetchesOf = async (
  terms: readonly Term[],
  indexOf: (xorb: XetHash) => Promise<XorbIndex>,
): Promise<Map<XetHash, Fetch[]>> => {
  const byXorb = Map.groupBy(terms, (term) => term.xorb)
  const fetches = new Map<XetHash, Fetch[]>()
  for (const [xorb, needed] of byXorb) {
    const index = await indexOf(xorb)
    const merged: { start: number; end: number }[] = []
    for (const { start, end } of needed.toSorted((a, b) => a.start - b.start)) {
      const open = merged.at(-1)
      if (open !== undefined && start <= open.end) open.end = Math.max(open.end, end)
      else merged.push({ start, end })
    }
    fetches.set(
      xorb,
      merged.map((chunks) => ({ chunks, bytes: bytesOf(index, chunks.start, chunks.end) })),
    )
  }
  return fetches
}
