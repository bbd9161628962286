/**
 * The content room: bytes, stored once under their SHA-256, and each repo's right to them.
 *
 * Invariants: bytes are durable before a row names them; a repo reads only what it is linked to, whoever knows the hash; a byte that others
 * hold is still received in full before it is linked; the sweep never takes what a link needs.
 */
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Chunks } from '../chunks/index.ts'
import type { Events } from '../events/index.ts'
import type { Jobs } from '../jobs/index.ts'
import { translate } from '../kernel/byte-errors.ts'
import { assert, HubError } from '../kernel/errors.ts'
import type { AccountId, IdMaker, RepoId } from '../kernel/ids.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { Permit, ReadPermit } from '../policy/index.ts'
import type { ByteRange, ByteSource, ByteStore } from '../ports/byte-store.ts'
import type { Quota } from '../quota/index.ts'
import * as sql from './content.sql.ts'
import { makeLinker } from './linker.ts'
import { makeReceiving, type Receiving } from './receiving.ts'
import { type ContentUpkeep, makeContentUpkeep } from './upkeep.ts'
import { makeXetContent, type XetContent } from './xet.ts'

export { packJob } from './linker.ts'
export type { Offer, Reception, SendingWay } from './receiving.ts'
export type { Swept } from './sweep.ts'
export type { HeldContent } from './upkeep.ts'

export interface LinkedContent {
  readonly sha256: Sha256
  readonly sizeBytes: number
  readonly linkedAtMs: number
}

/** Disposing it waits for bytes that are on their way in, so that whoever closes the stores leaves no half of them. */
export interface Content extends Receiving, XetContent, ContentUpkeep, AsyncDisposable {
  /** Size of a content this repo is linked to, or undefined. */
  sizeIn(permit: ReadPermit, sha256: Sha256): Promise<number | undefined>
  /** Which of the hashes this repo is linked to, with their sizes. */
  sizesIn(repoId: RepoId, hashes: readonly Sha256[]): Promise<Map<Sha256, number>>
  /** Opens linked bytes for reading, see ByteSource. Errors: `content_missing`; `unavailable` when they are lost. */
  open(permit: ReadPermit, sha256: Sha256, range?: ByteRange): Promise<ByteSource>
  /** Lets another repo hold what the first one holds. Errors: `content_missing`, `quota_exceeded`. */
  share(from: ReadPermit, to: Permit<'repo.write'>, sha256: Sha256): Promise<void>
  /** All links of one repo to another, inside the caller's transaction. */
  shareAll(q: Querier, from: RepoId, to: { id: RepoId; ownerId: AccountId }): Promise<void>
  /** In order of hash, after the given one. */
  list(permit: ReadPermit, page: { after: string; limit: number }): Promise<LinkedContent[]>
  /** Takes away a repo's right; the bytes go with the last right, after the grace period. */
  unlink(permit: Permit<'repo.write'>, sha256: Sha256): Promise<void>
  usedBytes(owner: AccountId): Promise<number>
  /** Which of the hashes the repo is linked to, as the caller's transaction sees it. */
  linkedAmong(q: Querier, repoId: RepoId, hashes: readonly Sha256[]): Promise<Set<Sha256>>
}

export interface ContentDeps {
  readonly db: Database
  readonly bytes: ByteStore
  readonly chunks: Chunks
  readonly jobs: Jobs
  readonly quota: Quota
  readonly events: Events
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
  readonly multipart: { thresholdBytes: number; partBytes: number }
  readonly isChunkingUploads: boolean
}

export const makeContent = (deps: ContentDeps): Content => {
  const { db, bytes, chunks, quota, clock } = deps
  const linker = makeLinker(deps)
  const { settle, ...receiving } = makeReceiving(deps, linker)

  const openHeld = async (
    sha256: Sha256,
    held: sql.HeldRow,
    range: ByteRange | undefined,
  ): Promise<ByteSource> => {
    if (held.xet_hash !== null) {
      return chunks.open(held.xet_hash, range ?? { start: 0, end: held.size_bytes })
    }
    try {
      return await translate(bytes.open(sha256, range))
    } catch (error) {
      // It may have been cut into chunks since we asked how it is held.
      const now = await sql.contentRow(db.read, sha256)
      if (now?.xet_hash == null) throw error
      return chunks.open(now.xet_hash, range ?? { start: 0, end: held.size_bytes })
    }
  }

  return {
    ...receiving,
    ...makeContentUpkeep({ db, bytes, chunks, clock }),
    ...makeXetContent({ db, bytes, chunks, linker, nowMs: clock.nowMs }),

    async sizeIn({ repo }, sha256) {
      return (await sql.linkOf(db.read, repo.id, sha256))?.size_bytes
    },

    async sizesIn(repoId, hashes) {
      const sizes = new Map<Sha256, number>()
      for (let i = 0; i < hashes.length; i += 500) {
        const rows = await sql.linksAmong(db.read, repoId, hashes.slice(i, i + 500))
        for (const row of rows) sizes.set(row.sha256, row.size_bytes)
      }
      return sizes
    },

    async open({ repo }, sha256, range) {
      const held = await sql.heldIn(db.read, repo.id, sha256)
      if (held === undefined) {
        throw new HubError(
          'content_missing',
          `This repository holds no content with SHA-256 ${sha256}.`,
        )
      }
      assert(
        range === undefined || (range.start >= 0 && range.end <= held.size_bytes),
        'a range lies inside its content',
      )
      return openHeld(sha256, held, range)
    },

    async share(from, to, sha256) {
      const held = await sql.linkOf(db.read, from.repo.id, sha256)
      if (held === undefined) {
        throw new HubError(
          'content_missing',
          `The source repository holds no content with SHA-256 ${sha256}.`,
        )
      }
      const { id, ownerId } = to.repo
      await db.tx(async (q) => {
        await quota.check(q, ownerId, () => sql.usedBytes(q, ownerId), held.size_bytes)
        const nowMs = clock.nowMs()
        const row = { repo_id: id, sha256, size_bytes: held.size_bytes, created_at_ms: nowMs }
        await sql.insertLink(q, row)
      })
    },

    async shareAll(q, from, to) {
      await sql.copyLinks(q, from, to.id, clock.nowMs())
      await quota.check(q, to.ownerId, () => sql.usedBytes(q, to.ownerId), 0)
    },

    async list({ repo }, page) {
      const rows = await sql.linksPage(db.read, repo.id, page.after, page.limit)
      return rows.map((row) => ({
        sha256: row.sha256,
        sizeBytes: row.size_bytes,
        linkedAtMs: row.created_at_ms,
      }))
    },

    unlink: ({ repo }, sha256) => db.tx((q) => sql.deleteLink(q, repo.id, sha256)),

    usedBytes: (owner) => sql.usedBytes(db.read, owner),

    async linkedAmong(q, repoId, hashes) {
      const found = new Set<Sha256>()
      for (let i = 0; i < hashes.length; i += 500) {
        const rows = await sql.linksAmong(q, repoId, hashes.slice(i, i + 500))
        for (const { sha256 } of rows) found.add(sha256)
      }
      return found
    },

    [Symbol.asyncDispose]: settle,
  }
}
