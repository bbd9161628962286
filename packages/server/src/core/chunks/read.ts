/** The bytes of a file, put together from its chunks while they are read. */
import { recordHeaderBytes, unpackRecord } from '@weighhouse/formats/xet/record.ts'
import { makeRecordStream } from '@weighhouse/formats/xet/record-stream.ts'
import type { ByteRange, ByteSource } from '../ports/byte-store.ts'
import type { Compute } from '../ports/compute.ts'
import { makeFeed, translateCompute } from './feed.ts'
import { bytesOf, type Plan } from './plan.ts'
import type { Term } from './terms.ts'
import type { Xorbs } from './xorbs.ts'

interface Segment {
  readonly term: Term
  readonly bytes: ByteRange
  /** Every record may be stored as it is: unpacking costs nothing, so it need not leave this thread. */
  readonly isPlain: boolean
}

const segmentOf = async (xorbs: Xorbs, term: Term): Promise<Segment> => {
  const bytes = bytesOf(await xorbs.indexOf(term.xorb), term.start, term.end)
  const plainBytes = term.rawBytes + recordHeaderBytes * (term.end - term.start)
  return { term, bytes, isPlain: bytes.end - bytes.start === plainBytes }
}

const readPlain = async function* (source: ByteSource): AsyncGenerator<Uint8Array> {
  let found: Uint8Array[] = []
  let pushed: ArrayBufferLike | undefined
  const records = makeRecordStream((header, payload) => {
    // A packed record may happen to be as long as its bytes; a single one is quickly unpacked here.
    const raw = unpackRecord(header, payload)
    // A record that began in an earlier part lies in memory that the next one is gathered in: before it is read here, it would be gone.
    const isLent = raw.buffer === payload.buffer && raw.buffer !== pushed
    found.push(isLent ? Uint8Array.from(raw) : raw)
  })
  for await (const bytes of source) {
    found = []
    pushed = bytes.buffer
    records.push(bytes)
    yield* found
  }
  records.finish()
}

/** Reads segment after segment through one conversation, so that short ones cost no more than their bytes. */
const readPacked = async function* (
  xorbs: Xorbs,
  compute: Compute,
  segments: readonly Segment[],
): AsyncGenerator<Uint8Array> {
  const takeBytes = segments.reduce((sum, { term }) => sum + term.rawBytes, 0)
  using work = compute.decode({ skipBytes: 0, takeBytes, isDigested: false, isSilent: false })
  const feed = makeFeed(compute, work)
  for (const { term, bytes } of segments) {
    for await (const part of await xorbs.open(term.xorb, bytes)) {
      for (const decoded of await feed.push(part)) yield* decoded
    }
  }
  for (const decoded of await feed.flush()) yield* decoded
  await translateCompute(work.finish())
}

/** Packed segments that follow one another in runs, plain ones alone. */
const inRuns = (segments: readonly Segment[]): Segment[][] => {
  const runs: Segment[][] = []
  for (const segment of segments) {
    const open = runs.at(-1)
    if (open?.[0]?.isPlain === false && !segment.isPlain) open.push(segment)
    else runs.push([segment])
  }
  return runs
}

const readTerms = async function* (
  xorbs: Xorbs,
  compute: Compute,
  terms: readonly Term[],
): AsyncGenerator<Uint8Array> {
  const segments: Segment[] = []
  for (const term of terms) segments.push(await segmentOf(xorbs, term))
  for (const run of inRuns(segments)) {
    const [first] = run
    if (first?.isPlain === true) yield* readPlain(await xorbs.open(first.term.xorb, first.bytes))
    else yield* readPacked(xorbs, compute, run)
  }
}

const trimmed = async function* (
  source: AsyncIterable<Uint8Array>,
  { skipBytes, takeBytes }: { skipBytes: number; takeBytes: number },
): AsyncGenerator<Uint8Array, undefined> {
  let skip = skipBytes
  let left = takeBytes
  for await (const bytes of source) {
    const from = Math.min(skip, bytes.length)
    const part = bytes.subarray(from, Math.min(bytes.length, from + left))
    skip -= from
    left -= part.length
    if (part.length > 0) yield part
    if (left === 0) return undefined
  }
  return undefined
}

/** What a plan covers, as a source. A chunk of it is valid until the next one is asked for. */
export const readPlan = (xorbs: Xorbs, compute: Compute, plan: Plan): ByteSource => {
  const bytes = trimmed(readTerms(xorbs, compute, plan.terms), plan)
  return {
    next: () => bytes.next(),
    return: () => bytes.return(undefined),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** SHA-256 in hex of a whole file of `takeBytes` bytes, computed off the main thread. */
export const digestTerms = async (
  xorbs: Xorbs,
  compute: Compute,
  { terms, takeBytes }: { terms: Iterable<Term>; takeBytes: number },
  onProgress: (bytes: number) => void = () => undefined,
): Promise<string> => {
  using work = compute.decode({ skipBytes: 0, takeBytes, isDigested: true, isSilent: true })
  const feed = makeFeed(compute, work)
  for (const term of terms) {
    const { bytes } = await segmentOf(xorbs, term)
    for await (const part of await xorbs.open(term.xorb, bytes)) await feed.push(part)
    onProgress(term.rawBytes)
  }
  await feed.flush()
  return (await translateCompute(work.finish())).sha256 ?? ''
}
