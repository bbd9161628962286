/**
 * Turns a content that came in whole into chunks. What the hub already holds is not stored again: the chunks of the same repo's files are
 * known at once, others are found by the chunks that are indexed.
 */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { XetHasher } from '@weighhouse/formats/xet/blake3.ts'
import { formatXetHash, isDedupEligible } from '@weighhouse/formats/xet/hash.ts'
import { makeMerkle } from '@weighhouse/formats/xet/merkle.ts'
import { makeXorbBuilder, type XorbBuilder } from '@weighhouse/formats/xet/xorb.ts'
import type { Database } from '#db/connect.ts'
import { HubError } from '../kernel/errors.ts'
import type { Compute, CutChunk } from '../ports/compute.ts'
import * as sql from './chunks.sql.ts'
import { makeFeed, translateCompute } from './feed.ts'
import type { Files } from './files.ts'
import { listTerms, type Term } from './terms.ts'
import { type CheckedFile, type ChunkPlace, firstPlaces } from './verify.ts'
import type { Xorbs } from './xorbs.ts'

interface Place {
  readonly xorb: XetHash
  readonly position: number
}

/** Known chunks in a row, below which they are stored again: each break costs every reader a request. */
const runChunksMin = 8
const knownChunksMax = 1_000_000

export interface PackDeps {
  readonly db: Database
  readonly compute: Compute
  readonly hasher: XetHasher
  readonly files: Files
  readonly xorbs: Xorbs
}

export interface Packed {
  readonly file: CheckedFile
  readonly places: readonly ChunkPlace[]
}

const follows = (last: Place | undefined, next: Place): boolean =>
  last?.xorb === next.xorb && last.position + 1 === next.position

/** Chunks whose place is known, by hash; grows as the file is found to resemble others. */
const makeKnown = ({ db, files, xorbs }: PackDeps) => {
  const places = new Map<XetHash, Place>()
  const loaded = new Set<XetHash>()

  const load = async (hashes: readonly XetHash[]): Promise<void> => {
    const fresh = hashes.filter((hash) => !loaded.has(hash))
    for (const row of await sql.xorbRows(db.read, fresh)) {
      if (row.doomed_at_ms !== null || row.damaged_at_ms !== null) continue
      if (places.size + row.chunks > knownChunksMax) return
      loaded.add(row.hash)
      const index = await xorbs.indexOf(row.hash)
      for (let i = 0; i < index.chunks; i += 1) {
        const hash = formatXetHash(index.hashAt(i))
        if (!places.has(hash)) places.set(hash, { xorb: row.hash, position: i })
      }
    }
  }

  const loadFile = async (file: XetHash): Promise<void> =>
    load([...new Set((await files.termsOf(file)).map((term) => term.xorb))])

  return {
    loadFile,
    async find(hash: XetHash, isIndexed: boolean): Promise<Place | undefined> {
      const known = places.get(hash)
      if (known !== undefined || !isIndexed) return known
      const [hit] = await sql.placesOfChunk(db.read, hash, {
        unnamedSinceMs: Number.MAX_SAFE_INTEGER,
        limit: 1,
      })
      if (hit === undefined) return undefined
      await load([hit.xorb_hash])
      const file = await sql.fileWithXorb(db.read, hit.xorb_hash)
      if (file !== undefined) await loadFile(file)
      return places.get(hash)
    },
  }
}

/** A term whose xorb may still be being built. */
interface OpenTerm {
  readonly xorb: XetHash | 'building'
  readonly start: number
  end: number
  rawBytes: number
}

/** Gathers terms and new xorbs, in the order of the file. */
const makeWriter = ({ hasher, xorbs }: PackDeps) => {
  const terms: OpenTerm[] = []
  let builder: XorbBuilder = makeXorbBuilder(hasher)
  let built = 0
  /** Terms from here on that say `building` lie in the open xorb. */
  let firstOpen = 0

  const append = (xorb: OpenTerm['xorb'], position: number, rawBytes: number): void => {
    const last = terms.at(-1)
    if (last?.xorb === xorb && last.end === position && terms.length > firstOpen) {
      last.end += 1
      last.rawBytes += rawBytes
    } else terms.push({ xorb, start: position, end: position + 1, rawBytes })
  }

  const close = async (): Promise<void> => {
    if (builder.isEmpty) return
    const { body, verified } = builder.build()
    await xorbs.put(verified, body)
    for (let i = firstOpen; i < terms.length; i += 1) {
      const term = terms[i]
      if (term?.xorb === 'building') terms[i] = { ...term, xorb: verified.hash }
    }
    firstOpen = terms.length
    builder = makeXorbBuilder(hasher)
    built = 0
  }

  return {
    /** A chunk that is somewhere already. */
    refer(place: Place, rawBytes: number): void {
      append(place.xorb, place.position, rawBytes)
    },
    async store({ hash, rawBytes, record }: CutChunk): Promise<void> {
      if (!builder.add(hash, rawBytes, record)) {
        await close()
        builder.add(hash, rawBytes, record)
      }
      append('building', built, rawBytes)
      built += 1
    },
    async finish(): Promise<Term[]> {
      await close()
      // A cast because no term is open any more.
      return terms as Term[]
    },
  }
}

/**
 * Cuts, stores and describes a content; nothing names the result yet. `likely` are files it may resemble. Errors: `digest_mismatch` when
 * the bytes are not those of the content any more.
 */
export const packContent = async (
  deps: PackDeps,
  source: AsyncIterable<Uint8Array>,
  { sha256, likely }: { sha256: Sha256; likely: readonly XetHash[] },
): Promise<Packed> => {
  const known = makeKnown(deps)
  for (const file of likely) await known.loadFile(file)
  const writer = makeWriter(deps)
  const merkle = makeMerkle(deps.hasher)
  /** Known chunks that lie one after another in a xorb, too few yet to be worth a break. */
  let run: { chunk: CutChunk; place: Place }[] = []
  /** The last chunk of a run that was long enough. */
  let settled: Place | undefined
  let chunks = 0

  const endRun = async (): Promise<void> => {
    const isWholeFile = run.length > 0 && run.length === chunks
    for (const { chunk, place } of run) {
      if (isWholeFile) writer.refer(place, chunk.rawBytes)
      else await writer.store(chunk)
    }
    run = []
  }

  const takeKnown = async (chunk: CutChunk, place: Place): Promise<void> => {
    if (follows(settled, place)) {
      writer.refer(place, chunk.rawBytes)
      settled = place
      return
    }
    settled = undefined
    if (!follows(run.at(-1)?.place, place)) await endRun()
    run.push({ chunk, place })
    if (run.length < runChunksMin) return
    for (const one of run) writer.refer(one.place, one.chunk.rawBytes)
    run = []
    settled = place
  }

  const take = async (chunk: CutChunk): Promise<void> => {
    merkle.add(chunk.hash, chunk.rawBytes)
    const isIndexed = chunks === 0 || isDedupEligible(chunk.hash)
    const place = await known.find(formatXetHash(chunk.hash), isIndexed)
    if (place !== undefined) await takeKnown(chunk, place)
    else {
      settled = undefined
      await endRun()
      await writer.store(chunk)
    }
    chunks += 1
  }

  using work = deps.compute.cut()
  const feed = makeFeed(deps.compute, work)
  for await (const bytes of source) {
    for (const cut of await feed.push(bytes)) for (const chunk of cut) await take(chunk)
  }
  for (const cut of await feed.flush()) for (const chunk of cut) await take(chunk)
  // Only the end of the file says where its last chunk ends.
  for (const chunk of await translateCompute(work.push(new Uint8Array(0)))) await take(chunk)
  await endRun()
  const found = await translateCompute(work.finish())
  if (found.sha256 !== sha256) {
    throw new HubError(
      'digest_mismatch',
      `The stored content ${sha256} now has SHA-256 ${found.sha256}: it was damaged at rest. It is left as it is.`,
    )
  }
  const terms = listTerms(await writer.finish())
  const hash = formatXetHash(deps.hasher.file(merkle.finish()))
  const file = { hash, sha256, sizeBytes: found.sizeBytes, terms }
  return { file, places: await firstPlaces(deps.xorbs, [file]) }
}
