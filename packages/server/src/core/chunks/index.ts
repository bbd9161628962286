/**
 * The chunks room: bytes as chunks in xorbs, and files as lists of them, in the form of the Xet protocol. The content room says which repo
 * holds what; this room knows no repo.
 *
 * Invariants: a xorb is durable and every hash in it was recomputed before a row names it; a file is named only when its range hashes,
 * its file hash and its SHA-256 were; a stored body and its index are replaced together or not at all; nobody becomes able to name a xorb
 * by knowing its hash; the sweep never takes what a file needs.
 */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { XetHasher } from '@weighhouse/formats/xet/blake3.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import { actorIdOf } from '../kernel/actor.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { Permit, Policy, ReadPermit } from '../policy/index.ts'
import type { ByteRange, ByteSource, XorbStore } from '../ports/byte-store.ts'
import type { Compute } from '../ports/compute.ts'
import * as sql from './chunks.sql.ts'
import { answerQuery } from './dedup.ts'
import { makeFiles } from './files.ts'
import { packContent, type Packed } from './pack.ts'
import { type Fetch, fetchesOf, type Plan, selectTerms } from './plan.ts'
import { digestTerms, readPlan } from './read.ts'
import { problemOfXorb, type ScrubOptions, type ScrubReport, scrubXorbs } from './scrub.ts'
import { agesAt, type SweptXorbs, sweepXorbs, type XorbGraces } from './sweep.ts'
import { type Term, wholeOf } from './terms.ts'
import {
  type ChunkPlace,
  type CheckedFile,
  type CheckedShard,
  checkShard,
  type Progress,
  readShard,
  xorbsNamed,
} from './verify.ts'
import { type ChunkInspection, makeChunkInspection } from './inspect.ts'
import { type ChunkWeights, makeChunkWeights } from './weigh.ts'
import { makePlaces } from './places.ts'
import { makeXorbs } from './xorbs.ts'

export { holdSweepUntil, sweepHeldUntilMs } from './hold.sql.ts'
export type { Fetch } from './plan.ts'
export type { Packed } from './pack.ts'
export type { ScrubReport } from './scrub.ts'
export type { SweptXorbs, XorbGraces } from './sweep.ts'
export type { Term } from './terms.ts'
export type { CheckedFile, CheckedShard, Progress } from './verify.ts'

/** How a client puts a range of a file together. */
export interface Reconstruction {
  /** Bytes of the first chunk that come before the range. */
  readonly skipBytes: number
  /** In the order of the file. */
  readonly terms: readonly Term[]
  /** What to fetch of each xorb, ascending and apart. */
  readonly fetches: ReadonlyMap<XetHash, readonly Fetch[]>
}

export interface XorbFacts {
  readonly hash: XetHash
  readonly sizeBytes: number
  /** Its bytes were found wrong, and nobody has sent it again yet. */
  readonly isDamaged: boolean
}

export interface Chunks extends ChunkWeights, ChunkInspection {
  /**
   * Takes a xorb's body and verifies every hash in it. Answers whether it was new to this actor: whether others hold it is not told.
   * Repeating it is no error. Errors: `invalid`, `digest_mismatch`, `too_large`, `storage_full`.
   */
  receiveXorb(
    permit: Permit<'repo.write'>,
    hash: XetHash,
    source: AsyncIterable<Uint8Array>,
  ): Promise<boolean>
  /** Size of a xorb's stored body, when the permit's actor may name it. */
  xorbSize(permit: ReadPermit, hash: XetHash): Promise<number | undefined>
  /**
   * Waits for leave to hold and check a shard of more than `shardSmallBytesMax`. Whoever has it disposes it when the shard is named or
   * refused. Errors: `busy` when the client goes away meanwhile.
   */
  admitLargeShard(permit: Permit<'repo.write'>, signal: AbortSignal): Promise<Disposable>
  /**
   * Checks everything a shard states. Nothing is named yet: `name` does that inside the caller's transaction. Errors: `invalid` (also for a
   * xorb that is missing or that this actor may not name: the two are not told apart), `digest_mismatch`.
   */
  check(
    permit: Permit<'repo.write'>,
    shard: Uint8Array,
    onProgress: Progress,
  ): Promise<CheckedShard>
  /** Names checked files inside the caller's transaction. Repeating it is no error. Errors: `busy` when a xorb was swept meanwhile. */
  name(q: Querier, checked: CheckedShard): Promise<void>
  /** SHA-256 and length of a named file. */
  factsOf(hash: XetHash): Promise<{ sha256: Sha256; sizeBytes: number } | undefined>
  /** What a client fetches for a range that lies inside the file and is not empty. */
  plan(hash: XetHash, range: ByteRange): Promise<Reconstruction>
  /** Size of a stored xorb, for whoever holds a link to it. Errors: `entry_not_found` when it is gone. */
  storedSize(hash: XetHash): Promise<number>
  /** Bytes of a stored xorb. The range comes from a plan. Errors: `unavailable`. */
  openXorb(hash: XetHash, range: ByteRange): Promise<ByteSource>
  /** The file's own bytes. A chunk of the source is valid until the next one is asked for. */
  open(hash: XetHash, range: ByteRange): Promise<ByteSource>
  /** SHA-256 of the file's bytes as they are stored now. */
  digest(hash: XetHash): Promise<string>
  /** A shard of what is known of a chunk, for this actor alone; `hints` are files of the repo. */
  answerQuery(
    permit: ReadPermit,
    chunk: XetHash,
    hints: () => Promise<readonly XetHash[]>,
  ): Promise<Uint8Array | undefined>
  /** Stores a content as chunks. Nothing names the result yet: `name` does. */
  pack(
    source: AsyncIterable<Uint8Array>,
    content: { sha256: Sha256; likely: readonly XetHash[] },
  ): Promise<Packed>
  /** Forgets the files of contents that are gone, inside the caller's transaction. Their xorbs follow after their grace. */
  forget(q: Querier, contents: readonly Sha256[]): Promise<void>
  /** Part of every URL given to clients for chunks: when it grows, they forget what they know of this hub's xorbs. */
  epoch(): Promise<number>
  /** Makes clients forget. The epoch becomes at least this: a restored database does not know how far it had grown. */
  bumpEpoch(epochMin?: number): Promise<void>
  sweep(graces: XorbGraces): Promise<SweptXorbs>
  /** What a sweep would free. */
  sweepable(graces: XorbGraces): Promise<SweptXorbs>
  /** Verifies xorbs at rest, those first that were verified longest ago. */
  scrub(options: ScrubOptions): Promise<ScrubReport>
  /** Every xorb that is not being swept, in order of hash, after the given one: for `fsck`, backups and reports. */
  eachXorb(after: string, limit: number): Promise<XorbFacts[]>
  /** What is wrong with a stored xorb; reads all of it. */
  problemOf(xorb: XorbFacts): Promise<string | undefined>
  /** Every way in which a content was cut. */
  filesOf(sha256: Sha256): Promise<XetHash[]>
  xorbsOf(file: XetHash): Promise<XetHash[]>
}

export interface ChunksDeps {
  readonly db: Database
  readonly xorbs: XorbStore
  readonly compute: Compute
  readonly hasher: XetHasher
  readonly policy: Policy
  readonly clock: Clock
  readonly chance: Chance
  readonly secret: Buffer
}

const emptyPlan: Reconstruction = { skipBytes: 0, terms: [], fetches: new Map() }

const placeRow = ({ chunk, xorb, position }: ChunkPlace) => ({
  chunk_hash: chunk,
  xorb_hash: xorb,
  position,
})

const fileRow = (file: CheckedFile, nowMs: number) => ({
  hash: file.hash,
  sha256: file.sha256,
  size_bytes: file.sizeBytes,
  terms: file.terms.bytes,
  created_at_ms: nowMs,
})

export const makeChunks = (deps: ChunksDeps): Chunks => {
  const { db, compute, hasher, policy, clock, secret } = deps
  const store = deps.xorbs
  const xorbs = makeXorbs(deps)
  const files = makeFiles(db.read)
  const dedup = { db, policy, clock, files, xorbs, compute, secret }
  const largeShards = makePlaces(limits.largeShardsMax)
  const parts = { db, xorbs: store, compute, clock }

  const planOf = async (hash: XetHash, range: ByteRange): Promise<Plan> =>
    selectTerms(await files.termsOf(hash), range, xorbs.indexOf)

  const refuseUnknown = async (permit: Permit<'repo.write'>, wanted: readonly XetHash[]) => {
    const rows = await sql.xorbRows(db.read, wanted)
    const there = new Set(rows.filter((row) => row.doomed_at_ms === null).map((row) => row.hash))
    const may = await policy.claimable(permit, wanted)
    const missing = wanted.find((hash) => !there.has(hash) || !may.has(hash))
    if (missing === undefined) return
    throw new HubError(
      'invalid',
      `The shard names the xorb ${missing}, which was not uploaded here. Upload the file again; if that does not help, delete the client's Xet cache (~/.cache/huggingface/xet) first.`,
    )
  }

  return {
    ...makeChunkWeights(db.read, files, { indexOf: xorbs.indexOf, clock }),
    ...makeChunkInspection({ q: db.read, files, xorbs }),

    async receiveXorb(permit, hash, source) {
      const isKnown = (await policy.claimable(permit, [hash])).has(hash)
      await xorbs.receive(hash, source, actorIdOf(permit.actor))
      return !isKnown
    },

    async xorbSize(permit, hash) {
      const row = await sql.xorbRow(db.read, hash)
      if (row?.doomed_at_ms !== null) return undefined
      return (await policy.claimable(permit, [hash])).has(hash) ? row.size_bytes : undefined
    },

    admitLargeShard: ({ actor }, signal) => largeShards.take(actorIdOf(actor) ?? 'system', signal),

    async check(permit, bytes, onProgress) {
      const shard = await readShard(compute, bytes)
      for await (const page of xorbsNamed(shard)) await refuseUnknown(permit, page)
      const knownSha256 = async (hash: XetHash) => (await sql.fileFacts(db.read, hash))?.sha256
      return checkShard({ xorbs, compute, knownSha256 }, shard, onProgress)
    },

    async name(q, { files: named, places }) {
      const nowMs = clock.nowMs()
      const needed = new Set(named.flatMap((file) => file.terms.xorbs))
      const all = [...new Set([...needed, ...places.map((place) => place.xorb)])]
      const rows = await sql.xorbRows(q, all)
      const usable = rows.filter((row) => row.doomed_at_ms === null)
      if (usable.length !== all.length) {
        throw new HubError('busy', 'A xorb of this file was just being swept. Upload it again.')
      }
      await sql.touchXorbs(q, all, nowMs)
      await sql.markNamed(q, [...needed], nowMs)
      for (const file of named) {
        await sql.insertFile(q, fileRow(file, nowMs), file.terms.xorbs)
      }
      await sql.insertChunks(q, places.map(placeRow))
    },

    async factsOf(hash) {
      const row = await sql.fileFacts(db.read, hash)
      return row === undefined ? undefined : { sha256: row.sha256, sizeBytes: row.size_bytes }
    },

    async plan(hash, range) {
      if (range.start === range.end) return emptyPlan
      const { terms, skipBytes } = await planOf(hash, range)
      return { skipBytes, terms, fetches: await fetchesOf(terms, xorbs.indexOf) }
    },

    async storedSize(hash) {
      const row = await sql.xorbRow(db.read, hash)
      if (row !== undefined) return row.size_bytes
      throw new HubError('entry_not_found', `The xorb ${hash} is gone.`)
    },

    openXorb: xorbs.open,

    async open(hash, range) {
      const plan =
        range.start === range.end
          ? { terms: [], skipBytes: 0, takeBytes: 0 }
          : await planOf(hash, range)
      return readPlan(xorbs, compute, plan)
    },

    async digest(hash) {
      return digestTerms(xorbs, compute, wholeOf(await files.termsOf(hash)))
    },

    answerQuery: (permit, chunk, hints) => answerQuery(dedup, permit, chunk, hints),

    pack: (source, content) => packContent({ db, compute, hasher, files, xorbs }, source, content),

    async forget(q, contents) {
      await sql.deleteFilesOf(q, contents, clock.nowMs())
      files.clear()
    },

    epoch: () => sql.xetEpoch(db.read),

    bumpEpoch: (epochMin = 0) =>
      db.tx(async (q) => sql.setXetEpoch(q, Math.max((await sql.xetEpoch(q)) + 1, epochMin))),

    sweep: (graces) => sweepXorbs(parts, graces),

    sweepable: (graces) => sql.unneededSum(db.read, agesAt(clock.nowMs(), graces)),

    scrub: (options) => scrubXorbs(parts, options),

    async eachXorb(after, limit) {
      const rows = await sql.xorbPage(db.read, after, limit)
      return rows.map((row) => ({
        hash: row.hash,
        sizeBytes: row.size_bytes,
        isDamaged: row.damaged_at_ms !== null,
      }))
    },

    problemOf: ({ hash, sizeBytes }) => problemOfXorb(parts, { hash, size_bytes: sizeBytes }),

    filesOf: (sha256) => sql.filesOfContent(db.read, sha256),

    xorbsOf: (file) => sql.xorbsOfFile(db.read, file),
  }
}
