/**
 * Frees what nothing needs. Names go first, bytes follow; a crash in between leaves work for the next sweep.
 *
 * Two processes may sweep at once (the server's job and a command). Each takes away only what carries its own mark, and looks again right
 * before it does: what the other has finished may have been sent anew.
 */
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import { type Chunks, sweepHeldUntilMs } from '../chunks/index.ts'
import type { UploadId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { ByteStore } from '../ports/byte-store.ts'
import * as sql from './content.sql.ts'

export interface Swept {
  readonly contents: number
  /** What they took in the byte store: those held in chunks take nothing there. */
  readonly bytes: number
  readonly stages: number
  readonly uploads: number
}

interface Parts {
  readonly db: Database
  readonly bytes: ByteStore
  readonly chunks: Chunks
  readonly clock: Clock
}

type Freed = Pick<Swept, 'contents' | 'bytes'>

const batch = 200

const isHeld = async ({ db, clock }: Parts): Promise<boolean> =>
  (await sweepHeldUntilMs(db.read)) > clock.nowMs()

/** Marks a batch, unless a backup has begun. */
const doom = (
  { db }: Parts,
  olderThanMs: number,
  nowMs: number,
): Promise<readonly sql.DoomedRow[]> =>
  db.tx(async (q) => {
    if ((await sweepHeldUntilMs(q)) > nowMs) return []
    const staleBeforeMs = nowMs - limits.sweepTakeoverMs
    return sql.doomUnlinked(q, { olderThanMs, staleBeforeMs, nowMs }, batch)
  })

const removeDoomed = async (
  { db, bytes }: Parts,
  hashes: readonly Sha256[],
  doomedAtMs: number,
): Promise<void> => {
  for (const sha256 of hashes) {
    const row = await sql.contentRow(db.read, sha256)
    if (row?.doomed_at_ms === doomedAtMs) await bytes.remove(sha256)
  }
}

const sweepContents = async (parts: Parts, olderThanMs: number): Promise<Freed> => {
  const { db, chunks, clock } = parts
  let contents = 0
  let bytes = 0
  for (;;) {
    const nowMs = clock.nowMs()
    const doomed = await doom(parts, olderThanMs, nowMs)
    const hashes = doomed.map((row) => row.sha256)
    await removeDoomed(parts, hashes, nowMs)
    await db.tx(async (q) => {
      const gone = await sql.doomedAmong(q, hashes, nowMs)
      await chunks.forget(q, gone)
      await sql.deleteContents(q, gone)
    })
    contents += doomed.length
    for (const row of doomed) bytes += row.held === 'whole' ? row.size_bytes : 0
    if (doomed.length < batch) return { contents, bytes }
  }
}

const sweepUploads = async ({ db, bytes, clock }: Parts): Promise<number> => {
  const expired = await sql.expiredUploads(db.read, clock.nowMs(), batch)
  for (const id of expired) {
    await db.tx((q) => sql.deleteUpload(q, id))
    await bytes.discard(id)
  }
  return expired.length
}

/** Bytes that were named on disk but, through a crash, never in the database, and whole copies of what is held in chunks. */
const sweepOrphans = async (parts: Parts, olderThanMs: number): Promise<Freed> => {
  const { db, bytes } = parts
  let count = 0
  let freed = 0
  for await (const { key: sha256, sizeBytes, storedAtMs } of bytes.list()) {
    if (storedAtMs >= olderThanMs) continue
    const row = await sql.contentRow(db.read, sha256)
    if (row !== undefined && row.held === 'whole') continue
    if (await isHeld(parts)) break
    await bytes.remove(sha256)
    count += 1
    freed += sizeBytes
  }
  return { contents: count, bytes: freed }
}

const sweepStages = async ({ db, bytes }: Parts, olderThanMs: number): Promise<number> => {
  let count = 0
  for await (const { stage, modifiedAtMs } of bytes.listStages()) {
    // A cast because stages of uploads in parts are named by the upload, and others name none.
    const upload = await sql.uploadById(db.read, stage as UploadId)
    if (upload !== undefined || modifiedAtMs >= olderThanMs) continue
    await bytes.discard(stage)
    count += 1
  }
  return count
}

/** Takes nothing while a backup holds it. Bytes that may still be on their way in keep `limits.sweepGraceMs`, whatever is asked. */
export const sweep = async (parts: Parts, graceMs: number): Promise<Swept> => {
  const nowMs = parts.clock.nowMs()
  if (await isHeld(parts)) return { contents: 0, bytes: 0, stages: 0, uploads: 0 }
  const inFlightSinceMs = nowMs - Math.max(graceMs, limits.sweepGraceMs)
  const uploads = await sweepUploads(parts)
  const stages = await sweepStages(parts, inFlightSinceMs)
  const named = await sweepContents(parts, nowMs - graceMs)
  const orphans = await sweepOrphans(parts, inFlightSinceMs)
  const contents = named.contents + orphans.contents
  return { contents, bytes: named.bytes + orphans.bytes, stages, uploads }
}
