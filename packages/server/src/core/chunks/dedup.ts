/**
 * What a client is told of chunks that are here already: keyed, so that the answer teaches no chunk hash, and only of xorbs that this
 * client may name.
 */
import { hkdfSync } from 'node:crypto'
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import { formatDedupShard, type ToldXorb } from '@weighhouse/formats/xet/shard-answer.ts'
import type { Database } from '#db/connect.ts'
import { type Actor, actorIdOf } from '../kernel/actor.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { Policy, ReadPermit } from '../policy/index.ts'
import type { Compute } from '../ports/compute.ts'
import * as sql from './chunks.sql.ts'
import { translateCompute } from './feed.ts'
import type { Files } from './files.ts'
import type { Xorbs } from './xorbs.ts'

export interface DedupDeps {
  readonly db: Database
  readonly policy: Policy
  readonly clock: Clock
  readonly files: Files
  readonly xorbs: Xorbs
  readonly compute: Compute
  /** The hub's own secret, from which the keys of answers are made. */
  readonly secret: Buffer
}

const placesPerChunk = 64
const unnamedMax = 256
const weekMs = 7 * 24 * 3600_000
const daySeconds = 24 * 3600
const bytesPerChunk = 48

/** Both kinds of client try every key they hold on every chunk, so a key serves one account for a week. */
const keyOf = ({ secret, clock }: DedupDeps, domain: string): Uint8Array => {
  const week = Math.floor(clock.nowMs() / weekMs)
  return new Uint8Array(
    hkdfSync('sha256', secret, '', `weighhouse xet dedup ${domain} ${week}`, 32),
  )
}

/** Xorbs of a file in its order, beginning with the one that is asked for: what comes next in the file is wanted next. */
const fromXorb = (ordered: readonly XetHash[], xorb: XetHash): XetHash[] => {
  const at = ordered.indexOf(xorb)
  return at === -1 ? [xorb, ...ordered] : [...ordered.slice(at), ...ordered.slice(0, at)]
}

const orderedXorbs = async (files: Files, file: XetHash): Promise<XetHash[]> => [
  ...new Set((await files.termsOf(file)).map((term) => term.xorb)),
]

/** What is told is a promise for a day: what would be swept within it is not told. */
const unnamedSince = ({ clock }: DedupDeps): number =>
  clock.nowMs() - limits.xorbUploadGraceMs + daySeconds * 1000

/** Xorbs of the upload that this one may be continuing: the client has forgotten them, when it was killed. */
const interrupted = async (deps: DedupDeps, actor: Actor): Promise<XetHash[]> => {
  const accountId = actorIdOf(actor)
  if (accountId === undefined) return []
  const page = { sinceMs: unnamedSince(deps), limit: unnamedMax }
  return sql.unnamedOf(deps.db.read, accountId, page)
}

const candidates = async (
  deps: DedupDeps,
  permit: ReadPermit,
  chunk: XetHash,
  hints: () => Promise<readonly XetHash[]>,
): Promise<XetHash[]> => {
  const { db, files, policy } = deps
  const page = { unnamedSinceMs: unnamedSince(deps), limit: placesPerChunk }
  const places = await sql.placesOfChunk(db.read, chunk, page)
  const may = await policy.claimable(
    permit,
    places.map((place) => place.xorb_hash),
  )
  const hit = places.find((place) => may.has(place.xorb_hash))
  if (hit !== undefined) {
    const file = await sql.fileWithXorb(db.read, hit.xorb_hash)
    if (file === undefined) {
      return [...new Set([hit.xorb_hash, ...(await interrupted(deps, permit.actor))])]
    }
    const ordered = await orderedXorbs(files, file)
    return fromXorb(ordered, hit.xorb_hash)
  }
  // A hint: nobody has this chunk, but what follows is likely to be in what the repo already holds.
  const hinted: XetHash[] = []
  for (const file of await hints()) hinted.push(...(await orderedXorbs(files, file)))
  return [...new Set(hinted)]
}

/**
 * A shard that describes xorbs the actor may name, or undefined when there is nothing to tell. `hints` are files of the repo, tried when
 * nobody has the chunk.
 */
export const answerQuery = async (
  deps: DedupDeps,
  permit: ReadPermit,
  chunk: XetHash,
  hints: () => Promise<readonly XetHash[]>,
): Promise<Uint8Array | undefined> => {
  const wanted = await candidates(deps, permit, chunk, hints)
  const rows = new Map((await sql.xorbRows(deps.db.read, wanted)).map((row) => [row.hash, row]))
  const may = await deps.policy.claimable(permit, wanted)
  const key = keyOf(deps, actorIdOf(permit.actor) ?? 'system')
  const told: ToldXorb[] = []
  let answerBytes = 0
  using work = deps.compute.tellChunks(key)
  for (const hash of wanted) {
    const row = rows.get(hash)
    const isUsable = row?.doomed_at_ms === null && row.damaged_at_ms === null && may.has(hash)
    if (row === undefined || !isUsable) continue
    answerBytes += (row.chunks + 1) * bytesPerChunk
    if (answerBytes > limits.dedupAnswerBytesMax) break
    const index = await deps.xorbs.indexOf(hash)
    const chunks = await translateCompute(work.push(Uint8Array.from(index.bytes)))
    told.push({ hash, rawBytes: index.rawBytes, bodyBytes: row.size_bytes, chunks })
  }
  if (told.length === 0) return undefined
  const createdAtSeconds = Math.floor(deps.clock.nowMs() / 1000)
  return formatDedupShard({
    xorbs: told,
    key,
    createdAtSeconds,
    expiresAtSeconds: createdAtSeconds + daySeconds,
  })
}
