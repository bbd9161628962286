/** The content room as the hub's own tools see it: every content, whoever may read it, and who needs it. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { type Chunks, holdSweepUntil, sweepHeldUntilMs } from '../chunks/index.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { ByteStore } from '../ports/byte-store.ts'
import * as sql from './content.sql.ts'
import { sweep, type Swept } from './sweep.ts'

export interface HeldContent {
  readonly sha256: Sha256
  readonly sizeBytes: number
  /** False when no repo needs it any more and the sweep may take it. */
  readonly isLinked: boolean
  readonly createdAtMs: number
  /** The file by which its chunks are read; undefined when its bytes are whole in the byte store. */
  readonly xetHash: XetHash | undefined
}

/** Who is linked to a content. */
export interface Owners {
  readonly links: number
  /** One of them. */
  readonly repoId: RepoId
  /** Are its bytes whole in the byte store? */
  readonly isWhole: boolean
}

export interface ContentUpkeep {
  /**
   * Frees what nothing needs: expired uploads, old stages, contents without links. Takes nothing while a backup is made. Answers what it
   * freed.
   */
  sweep(graceMs: number): Promise<Swept>
  /** What no repo is linked to any more, and what of it lies in the byte store. */
  unlinked(): Promise<{ contents: number; bytes: number }>
  /** Every content of the hub in order of hash, after the given one. */
  eachHeld(after: string, limit: number): Promise<HeldContent[]>
  /** One content as it is held now. */
  held(sha256: Sha256): Promise<HeldContent | undefined>
  /** Of contents that somebody is linked to. */
  ownersOf(hashes: readonly Sha256[]): Promise<Map<Sha256, Owners>>
  /** Keeps every sweep from taking anything for a while, so that a backup may copy what its database names. */
  holdSweep(ms: number): Promise<void>
  /** Until when a backup holds the sweeps; in the past when none does. */
  sweepHeldUntilMs(): Promise<number>
  /** Links of a repo that are older than a time, in order of hash, after the given one. */
  linksBefore(
    repoId: RepoId,
    page: { after: string; limit: number; linkedBeforeMs: number },
  ): Promise<{ sha256: Sha256; sizeBytes: number }[]>
  /** Takes away a repo's links inside the caller's transaction, which has made sure that nothing of the repo names them. */
  dropLinks(q: Querier, repoId: RepoId, hashes: readonly Sha256[]): Promise<void>
}

const hashesPerQuery = 500

const inPieces = async (
  hashes: readonly Sha256[],
  work: (piece: readonly Sha256[]) => Promise<void>,
): Promise<void> => {
  for (let i = 0; i < hashes.length; i += hashesPerQuery) {
    await work(hashes.slice(i, i + hashesPerQuery))
  }
}

const toHeld = (row: Row<'content'>, linked: ReadonlySet<Sha256>): HeldContent => ({
  sha256: row.sha256,
  sizeBytes: row.size_bytes,
  isLinked: linked.has(row.sha256),
  createdAtMs: row.created_at_ms,
  xetHash: row.xet_hash ?? undefined,
})

export const makeContentUpkeep = (parts: {
  readonly db: Database
  readonly bytes: ByteStore
  readonly chunks: Chunks
  readonly clock: Clock
}): ContentUpkeep => {
  const { db, clock } = parts

  return {
    sweep: (graceMs) => sweep(parts, graceMs),

    unlinked: () => sql.unlinkedSum(db.read),

    async eachHeld(after, limit) {
      const rows = await sql.contentPage(db.read, after, limit)
      const linked = await sql.linkedAmong(
        db.read,
        rows.map((row) => row.sha256),
      )
      return rows.map((row) => toHeld(row, linked))
    },

    async held(sha256) {
      const row = await sql.contentRow(db.read, sha256)
      return row && toHeld(row, await sql.linkedAmong(db.read, [sha256]))
    },

    async ownersOf(hashes) {
      const found = new Map<Sha256, Owners>()
      await inPieces(hashes, async (piece) => {
        for (const row of await sql.ownersAmong(db.read, piece)) {
          const { sha256, links, repo_id: repoId, held } = row
          found.set(sha256, { links: Number(links), repoId, isWhole: held === 'whole' })
        }
      })
      return found
    },

    holdSweep: (ms) => db.tx((q) => holdSweepUntil(q, clock.nowMs() + ms)),

    sweepHeldUntilMs: () => sweepHeldUntilMs(db.read),

    async linksBefore(repoId, page) {
      const rows = await sql.linksPage(db.read, repoId, page.after, page.limit, page.linkedBeforeMs)
      return rows.map((row) => ({ sha256: row.sha256, sizeBytes: row.size_bytes }))
    },

    dropLinks: (q, repoId, hashes) =>
      inPieces(hashes, (piece) => sql.deleteLinks(q, repoId, piece)),
  }
}
