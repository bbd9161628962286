/** Contents as the Xet protocol speaks of them: files of chunks that a repo is linked to. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import {
  type Chunks,
  type Progress,
  type Reconstruction,
  sweepHeldUntilMs,
} from '../chunks/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { Permit, ReadPermit } from '../policy/index.ts'
import type { ByteRange, ByteStore } from '../ports/byte-store.ts'
import * as sql from './content.sql.ts'
import type { Linker } from './linker.ts'

export interface XetContent {
  /**
   * Checks a shard and gives the repo its right to the files in it. Repeating it is no error. Errors: `invalid`, `digest_mismatch`,
   * `quota_exceeded`, `busy`.
   */
  register(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    shard: Uint8Array,
    onProgress?: Progress,
  ): Promise<void>
  /** Length of a Xet file that this repo holds. Errors: `content_missing`, also for a file that only others hold. */
  xetFile(permit: ReadPermit, hash: XetHash): Promise<{ sha256: Sha256; sizeBytes: number }>
  /** What to fetch for a range that lies inside a file of this repo. Errors: `content_missing`. */
  reconstruct(permit: ReadPermit, hash: XetHash, range: ByteRange): Promise<Reconstruction>
  /** A shard of what is known of a chunk, for this permit's actor, or undefined. */
  knownChunks(permit: ReadPermit, chunk: XetHash): Promise<Uint8Array | undefined>
  /** Xet files of those contents that this repo holds in chunks. */
  xetHashes(repoId: RepoId, contents: readonly Sha256[]): Promise<Map<Sha256, XetHash>>
  /**
   * Stores a content that came in whole as chunks; its whole copy goes. Answers false when it must be tried again later, because a backup
   * is being made. Repeating it is no error. Errors: `digest_mismatch` for bytes damaged at rest.
   */
  pack(sha256: Sha256, signal: AbortSignal): Promise<boolean>
}

export interface XetDeps {
  readonly db: Database
  readonly bytes: ByteStore
  readonly chunks: Chunks
  readonly linker: Linker
  readonly nowMs: () => number
}

const hintFilesMax = 16
const namesPerQuery = 500

/** The store keeps its memory for the next chunk, so what is handed on must be used before the next is asked for. */
const stoppable = async function* (
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    signal.throwIfAborted()
    yield bytes
  }
}

export const makeXetContent = ({ db, bytes, chunks, linker, nowMs }: XetDeps): XetContent => {
  const needFile = async (
    { repo }: ReadPermit,
    hash: XetHash,
  ): Promise<{ sha256: Sha256; sizeBytes: number }> => {
    const facts = await chunks.factsOf(hash)
    const link = facts === undefined ? undefined : await sql.linkOf(db.read, repo.id, facts.sha256)
    if (link !== undefined) return { sha256: link.sha256, sizeBytes: link.size_bytes }
    throw new HubError('content_missing', `This repository holds no Xet file ${hash}.`)
  }

  return {
    async register(ctx, permit, shard, onProgress = () => undefined) {
      const { signal } = ctx
      const checked = await chunks.check(permit, shard, (verifiedBytes) => {
        // To read terabytes for nobody would be too much.
        if (signal.aborted) {
          throw new HubError('busy', 'The client went away while its files were verified.')
        }
        onProgress(verifiedBytes)
      })
      await db.tx(async (q, after) => {
        await chunks.name(q, checked)
        for (const { hash, sha256, sizeBytes } of checked.files) {
          await linker.link({ q, after, ctx }, permit.repo, { sha256, sizeBytes, xetHash: hash })
        }
      })
      for (const { sha256 } of checked.files) await linker.dropWhole(sha256)
    },

    xetFile: needFile,

    async reconstruct(permit, hash, range) {
      await needFile(permit, hash)
      return chunks.plan(hash, range)
    },

    knownChunks: (permit, chunk) =>
      chunks.answerQuery(permit, chunk, () =>
        sql.xetFilesOfRepo(db.read, permit.repo.id, hintFilesMax),
      ),

    async xetHashes(repoId, contents) {
      const found = new Map<Sha256, XetHash>()
      for (let i = 0; i < contents.length; i += namesPerQuery) {
        const piece = contents.slice(i, i + namesPerQuery)
        for (const row of await sql.xetHashesAmong(db.read, repoId, piece)) {
          if (row.xet_hash !== null) found.set(row.sha256, row.xet_hash)
        }
      }
      return found
    },

    async pack(sha256, signal) {
      const before = await sql.contentRow(db.read, sha256)
      if (before?.held !== 'whole' || before.doomed_at_ms !== null) return true
      if ((await sweepHeldUntilMs(db.read)) > nowMs()) return false
      const repoId = await sql.repoWith(db.read, sha256)
      const likely =
        repoId === undefined ? [] : await sql.xetFilesOfRepo(db.read, repoId, hintFilesMax)
      const source = stoppable(await bytes.open(sha256), signal)
      const { file, places } = await chunks.pack(source, { sha256, likely })
      const isHeld = await db.tx(async (q) => {
        const row = await sql.contentRow(q, sha256)
        if (row?.held !== 'whole' || row.doomed_at_ms !== null) return false
        await chunks.name(q, { files: [file], places })
        await sql.holdInChunks(q, sha256, file.hash)
        return true
      })
      if (isHeld) await linker.dropWhole(sha256)
      return true
    },
  }
}
