/**
 * What a shard states, checked against what the hub knows: nothing in it is believed. Source: the Xet reference, server duties for a
 * shard. A shard with one bad file is refused whole.
 */
import { FormatError } from '@weighhouse/formats/error.ts'
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import { formatXetHash, zeroXetHash } from '@weighhouse/formats/xet/hash.ts'
import {
  parseShard,
  type Shard,
  type ShardFile,
  type ShardXorb,
} from '@weighhouse/formats/xet/shard.ts'
import type { XorbIndex } from '@weighhouse/formats/xet/xorb.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Compute } from '../ports/compute.ts'
import { translateCompute } from './feed.ts'
import { digestTerms } from './read.ts'
import type { Term } from './terms.ts'
import type { Xorbs } from './xorbs.ts'

/** A file that holds what its hashes say. */
export interface CheckedFile {
  readonly hash: XetHash
  readonly sha256: Sha256
  readonly sizeBytes: number
  readonly terms: readonly Term[]
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

export const readShard = (bytes: Uint8Array): Shard => {
  try {
    return parseShard(bytes)
  } catch (error) {
    if (error instanceof FormatError) throw new HubError('invalid', error.message, {}, error)
    throw error
  }
}

/** Every xorb a shard speaks of. */
export const xorbsNamed = ({ files, xorbs }: Shard): XetHash[] => [
  ...new Set([
    ...files.flatMap((file) => file.terms.map((term) => term.xorb)),
    ...xorbs.map((xorb) => xorb.hash),
  ]),
]

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

const checkXorb = (stated: ShardXorb, index: XorbIndex): void => {
  const isRight =
    stated.chunks === index.chunks &&
    stated.rawBytes === index.rawBytes &&
    isSame(stated.list, listOf(index, 0, index.chunks))
  if (!isRight) throw invalid(`The shard describes the xorb ${stated.hash} otherwise than it is.`)
}

const checkTerm = (file: ShardFile, term: Term, index: XorbIndex): void => {
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
  rangeHashes: readonly XetHash[],
): Promise<number> => {
  using work = compute.hashFile()
  for (const [i, term] of file.terms.entries()) {
    const index = await xorbs.indexOf(term.xorb)
    checkTerm(file, term, index)
    const found = await translateCompute(work.push(listOf(index, term.start, term.end)))
    if (formatXetHash(found) !== rangeHashes[i]) {
      throw invalid(`File ${file.hash}: the verification hash of term ${i} is wrong.`)
    }
  }
  const { fileHash, sizeBytes } = await translateCompute(work.finish())
  const found = formatXetHash(fileHash)
  if (found === file.hash) return sizeBytes
  throw invalid(`The chunks stated for file ${file.hash} hash to ${found}.`)
}

const checkFile = async (
  deps: VerifyDeps,
  file: ShardFile,
  onProgress: Progress,
): Promise<CheckedFile> => {
  const { hash, sha256, terms, rangeHashes } = file
  if (sha256 === undefined) {
    throw invalid(`File ${hash} comes without its SHA-256, which files of a repository need.`)
  }
  if (rangeHashes === undefined || rangeHashes.length !== terms.length) {
    throw invalid(`File ${hash} comes without verification hashes for its terms.`)
  }
  if ((terms.length === 0) !== (hash === zeroXetHash)) {
    throw invalid(`File ${hash}: only the empty file has no terms.`)
  }
  // Terms may repeat, so a small shard can state any length; each byte of it would be read.
  const statedBytes = terms.reduce((sum, term) => sum + term.rawBytes, 0)
  if (statedBytes > limits.fileBytesMax) {
    throw new HubError(
      'too_large',
      `One file may have ${limits.fileBytesMax} bytes; file ${hash} has ${statedBytes}. Split it.`,
    )
  }
  const sizeBytes = await checkHashes(deps, file, rangeHashes)
  const known = await deps.knownSha256(hash)
  const found = known ?? (await digestTerms(deps.xorbs, deps.compute, terms, onProgress)).sha256
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
    const [first] = terms
    if (first === undefined) continue
    places.push(placeOf(await xorbs.indexOf(first.xorb), first.xorb, first.start))
  }
  return places
}

/** Chunks that the client marks as worth asking for. */
const markedPlaces = async (xorbs: Xorbs, shard: Shard): Promise<ChunkPlace[]> => {
  const places: ChunkPlace[] = []
  for (const { hash, eligible } of shard.xorbs) {
    const index = await xorbs.indexOf(hash)
    for (const position of eligible) places.push(placeOf(index, hash, position))
  }
  return places
}

/** Checks everything a shard states. The caller has made sure that every xorb it names is there, and that the actor may name it. */
export const checkShard = async (
  deps: VerifyDeps,
  shard: Shard,
  onProgress: Progress,
): Promise<CheckedShard> => {
  for (const stated of shard.xorbs) checkXorb(stated, await deps.xorbs.indexOf(stated.hash))
  const files: CheckedFile[] = []
  for (const file of shard.files) files.push(await checkFile(deps, file, onProgress))
  const first = await firstPlaces(deps.xorbs, files)
  return { files, places: [...first, ...(await markedPlaces(deps.xorbs, shard))] }
}
