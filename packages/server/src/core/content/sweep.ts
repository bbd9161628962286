/** Frees what nothing needs. Names go first, bytes follow; a crash in between leaves work for the next sweep. */
import type { Database } from '#db/connect.ts'
import type { UploadId } from '../kernel/ids.ts'
import type { Chunks } from '../chunks/index.ts'
import type { Clock } from '../kernel/time.ts'
import type { ByteStore } from '../ports/byte-store.ts'
import * as sql from './content.sql.ts'

export interface Swept {
  readonly contents: number
  readonly stages: number
  readonly uploads: number
}

interface Parts {
  readonly db: Database
  readonly bytes: ByteStore
  readonly chunks: Chunks
  readonly clock: Clock
}

const batch = 200

const sweepContents = async (
  { db, bytes, chunks, clock }: Parts,
  olderThanMs: number,
): Promise<number> => {
  let count = 0
  for (;;) {
    const nowMs = clock.nowMs()
    const doomed = await db.tx((q) => sql.doomUnlinked(q, olderThanMs, nowMs, batch))
    for (const sha256 of doomed) await bytes.remove(sha256)
    await db.tx(async (q) => {
      await chunks.forget(q, await sql.doomedAmong(q, doomed))
      await sql.deleteDoomed(q, doomed)
    })
    count += doomed.length
    if (doomed.length < batch) return count
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
const sweepOrphans = async ({ db, bytes }: Parts, olderThanMs: number): Promise<number> => {
  let count = 0
  for await (const { key: sha256, storedAtMs } of bytes.list()) {
    if (storedAtMs >= olderThanMs) continue
    const row = await sql.contentRow(db.read, sha256)
    if (row !== undefined && row.held === 'whole') continue
    await bytes.remove(sha256)
    count += 1
  }
  return count
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

/** Takes nothing while a backup holds it. */
export const sweep = async (parts: Parts, graceMs: number): Promise<Swept> => {
  const nowMs = parts.clock.nowMs()
  if ((await sql.sweepHeldUntilMs(parts.db.read)) > nowMs) {
    return { contents: 0, stages: 0, uploads: 0 }
  }
  const olderThanMs = nowMs - graceMs
  const uploads = await sweepUploads(parts)
  const stages = await sweepStages(parts, olderThanMs)
  const contents = await sweepContents(parts, olderThanMs)
  return { contents: contents + (await sweepOrphans(parts, olderThanMs)), stages, uploads }
}
