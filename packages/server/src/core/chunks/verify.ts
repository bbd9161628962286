/**
 * What a shard states, checked against what the hub knows: nothing in it is believed. Source: the Xet reference, server duties for a
 * shard. A shard with one bad file is refused whole.
 */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import { formatXetHash, zeroXetHash } from '@weighhouse/formats/xet/hash.ts'
import { shardRecordBytes } from '@weighhouse/formats/xet/shard.ts'
import {
  openShard,
  type Shard,
  type ShardFile,
  type ShardTerm,
  type ShardXorb,
} from '@weighhouse/formats/xet/shard-view.ts'
import type { XorbIndex } from '@weighhouse/formats/xet/xorb.ts'
import { breathe } from '../kernel/breathe.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import { batchBytesMax, type Compute } from '../ports/compute.ts'
import { translateCompute } from './feed.ts'
import { digestTerms } from './read.ts'
import { eachTerm, makeTermList, type TermList } from './terms.ts'
import type { Xorbs } from './xorbs.ts'

/** A file that holds what its hashes say. */
export interface CheckedFile {
  readonly hash: XetHash
  readonly sha256: Sha256
  readonly sizeBytes: number
  readonly terms: TermList
}

/** A chunk that clients may ask for. */
export interface ChunkPlace {
  readonly chunk: XetHash
  readonly xorb: XetHash
  readonly position: number
}

export interface CheckedShard {
  readonly files: readonly CheckedFile[]
  readonly places: readonly ChunkPlace[]
}

const listEntryBytes = 36

const invalid = (message: string): HubError => new HubError('invalid', message)

const pieceBytes = Math.floor(batchBytesMax / shardRecordBytes) * shardRecordBytes
/** Records between two breaths. */
const recordsAtOnce = 1000
const xorbsAtOnce = 500

/** The form is checked on a thread; what it says is read where it lies. Errors: `invalid`. */
export const readShard = async (compute: Compute, bytes: Uint8Array): Promise<Shard> => {
  using work = compute.scanShard(bytes.length)
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes)
    const batch = compute.batch()
    batch.set(piece)
    await translateCompute(work.push(batch.subarray(0, piece.length)))
  }
  return openShard(bytes, await translateCompute(work.finish()))
}

const xorbBytesIn = function* (shard: Shard): Generator<Uint8Array> {
  for (const { terms, xorbBytes } of shard.files()) {
    for (let i = 0; i < terms; i += 1) yield xorbBytes(i)
  }
  for (const { hashBytes } of shard.xorbs()) yield hashBytes
}

/** Every xorb a shard speaks of, each once, some at a time: a shard may name a million that are not there. */
export const xorbsNamed = async function* (shard: Shard): AsyncGenerator<XetHash[]> {
  const found = new Set<XetHash>()
  let page: XetHash[] = []
  let last = new Uint8Array(0)
  let read = 0
  for (const raw of xorbBytesIn(shard)) {
    read += 1
    if (read % recordsAtOnce === 0) await breathe()
    if (isSame(raw, last)) continue
    last = Uint8Array.from(raw)
    const hash = formatXetHash(raw)
    if (found.has(hash)) continue
    found.add(hash)
    page.push(hash)
    if (page.length < xorbsAtOnce) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** The chunk list of chunks `start` to `end`: 36 bytes each, hash and raw length. */
const listOf = (index: XorbIndex, start: number, end: number): Uint8Array<ArrayBuffer> => {
  const list = new Uint8Array((end - start) * listEntryBytes)
  const view = new DataView(list.buffer)
  for (let i = start; i < end; i += 1) {
    const at = (i - start) * listEntryBytes
    list.set(index.hashAt(i), at)
    view.setUint32(at + 32, index.rawEnd(i) - index.rawStart(i), true)
  }
  return list
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

const isChunk = (stated: ShardXorb, index: XorbIndex, i: number): boolean =>
  stated.chunkBytes(i) === index.rawEnd(i) - index.rawStart(i) &&
  isSame(stated.chunkHash(i), index.hashAt(i))

const checkXorb = (stated: ShardXorb, index: XorbIndex): void => {
  let isRight = stated.chunks === index.chunks && stated.rawBytes === index.rawBytes
  for (let i = 0; i < index.chunks && isRight; i += 1) isRight = isChunk(stated, index, i)
  if (!isRight) throw invalid(`The shard describes the xorb ${stated.hash} otherwise than it is.`)
}

const checkTerm = (file: ShardFile, term: ShardTerm, index: XorbIndex): void => {
  const { start, end } = term
  if (start >= end || end > index.chunks) {
    throw invalid(
      `File ${file.hash}: chunks ${start} to ${end} are asked of the xorb ${term.xorb}, which has ${index.chunks}.`,
    )
  }
  const rawBytes = index.rawEnd(end - 1) - index.rawStart(start)
  if (rawBytes === term.rawBytes) return
  throw invalid(
    `File ${file.hash}: chunks ${start} to ${end} of the xorb ${term.xorb} have ${rawBytes} bytes, the shard says ${term.rawBytes}.`,
  )
}

export interface Progress {
  (verifiedBytes: number): void
}

export interface VerifyDeps {
  readonly xorbs: Xorbs
  readonly compute: Compute
  /** What is known of a file that was verified before. */
  knownSha256(hash: XetHash): Promise<Sha256 | undefined>
}

/** Range hashes and file hash: only who knows every chunk's hash can state them. */
const checkHashes = async (
  { xorbs, compute }: VerifyDeps,
  file: ShardFile,
  onProgress: Progress,
): Promise<{ sizeBytes: number; terms: TermList }> => {
  const list = makeTermList(file.terms)
  using work = compute.hashFile()
  for (let i = 0; i < file.terms; i += 1) {
    const term = file.term(i)
    const index = await xorbs.indexOf(term.xorb)
    checkTerm(file, term, index)
    const found = await translateCompute(work.push(listOf(index, term.start, term.end)))
    if (!isSame(found, file.rangeHash(i))) {
      throw invalid(`File ${file.hash}: the verification hash of term ${i} is wrong.`)
    }
    list.add(term, file.xorbBytes(i))
    onProgress(0)
  }
  const { fileHash, sizeBytes } = await translateCompute(work.finish())
  const found = formatXetHash(fileHash)
  if (found === file.hash) return { sizeBytes, terms: list.finish() }
  throw invalid(`The chunks stated for file ${file.hash} hash to ${found}.`)
}

const checkFile = async (
  deps: VerifyDeps,
  file: ShardFile,
  onProgress: Progress,
): Promise<CheckedFile> => {
  const { hash, sha256 } = file
  if (sha256 === undefined) {
    throw invalid(`File ${hash} comes without its SHA-256, which files of a repository need.`)
  }
  if (!file.isVerified) {
    throw invalid(`File ${hash} comes without verification hashes for its terms.`)
  }
  if ((file.terms === 0) !== (hash === zeroXetHash)) {
    throw invalid(`File ${hash}: only the empty file has no terms.`)
  }
  // Terms may repeat, so a small shard can state any length; each byte of it would be read.
  if (file.statedBytes > limits.fileBytesMax) {
    throw new HubError(
      'too_large',
      `One file may have ${limits.fileBytesMax} bytes; file ${hash} has ${file.statedBytes}. Split it.`,
    )
  }
  const { sizeBytes, terms } = await checkHashes(deps, file, onProgress)
  const whole = { terms: eachTerm(terms.bytes), takeBytes: sizeBytes }
  const found =
    (await deps.knownSha256(hash)) ??
    (await digestTerms(deps.xorbs, deps.compute, whole, onProgress))
  if (found !== sha256) {
    throw new HubError(
      'digest_mismatch',
      `File ${hash} is said to have SHA-256 ${sha256}; its bytes have ${found}.`,
    )
  }
  return { hash, sha256, sizeBytes, terms }
}

const placeOf = (index: XorbIndex, xorb: XetHash, position: number): ChunkPlace => ({
  chunk: formatXetHash(index.hashAt(position)),
  xorb,
  position,
})

/** First chunks of files, which clients ask for first. */
export const firstPlaces = async (
  xorbs: Xorbs,
  files: readonly CheckedFile[],
): Promise<ChunkPlace[]> => {
  const places: ChunkPlace[] = []
  for (const { terms } of files) {
    const { first } = terms
    if (first === undefined) continue
    places.push(placeOf(await xorbs.indexOf(first.xorb), first.xorb, first.start))
  }
  return places
}

/** Chunks that the client marks as worth asking for. */
const markedPlaces = (marked: ShardXorb, index: XorbIndex): ChunkPlace[] => {
  const places: ChunkPlace[] = []
  for (let i = 0; i < marked.chunks && places.length < limits.markedChunksPerXorbMax; i += 1) {
    if (marked.isMarked(i)) places.push(placeOf(index, marked.hash, i))
  }
  return places
}

/** Xorbs as they are described, each looked at as often as it comes and marked once. */
const checkXorbs = async ({ xorbs }: VerifyDeps, shard: Shard): Promise<ChunkPlace[]> => {
  const marked = new Map<XetHash, ChunkPlace[]>()
  for (const stated of shard.xorbs()) {
    const index = await xorbs.indexOf(stated.hash)
    checkXorb(stated, index)
    if (!marked.has(stated.hash)) marked.set(stated.hash, markedPlaces(stated, index))
    await breathe()
  }
  return [...marked.values()].flat()
}

/** A file that comes twice counts once, as it came first. */
const checkFiles = async (
  deps: VerifyDeps,
  shard: Shard,
  onProgress: Progress,
): Promise<CheckedFile[]> => {
  const files = new Map<XetHash, CheckedFile>()
  let read = 0
  for (const file of shard.files()) {
    read += 1
    if (read % recordsAtOnce === 0) await breathe()
    if (!files.has(file.hash)) files.set(file.hash, await checkFile(deps, file, onProgress))
  }
  return [...files.values()]
}

/** Checks everything a shard states. The caller has made sure that every xorb it names is there, and that the actor may name it. */
export const checkShard = async (
  deps: VerifyDeps,
  shard: Shard,
  onProgress: Progress,
): Promise<CheckedShard> => {
  const marked = await checkXorbs(deps, shard)
  const files = await checkFiles(deps, shard, onProgress)
  return { files, places: [...(await firstPlaces(deps.xorbs, files)), ...marked] }
}
