/**
 * Frees xorbs that no file needs. Clients remember what they sent for three weeks and name it without asking; where something younger goes,
 * the epoch grows, which makes them forget.
 */
import type { Database } from '#db/connect.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { XorbStore } from '../ports/byte-store.ts'
import * as sql from './chunks.sql.ts'

export interface XorbGraces {
  /** After the last file that needed it is gone. */
  readonly namedMs: number
  /** After an upload that no file ever named: it may be continued. */
  readonly unnamedMs: number
}

export interface SweptXorbs {
  readonly xorbs: number
  readonly bytes: number
}

interface Parts {
  readonly db: Database
  readonly xorbs: XorbStore
  readonly clock: Clock
}

const batch = 100

export const agesAt = (nowMs: number, graces: XorbGraces): sql.SweepAges => ({
  namedBeforeMs: nowMs - graces.namedMs,
  unnamedBeforeMs: nowMs - graces.unnamedMs,
})

/** Bodies that were stored and, through a crash, never named; stages that nobody goes on with. */
const sweepOrphans = async ({ db, xorbs }: Parts, olderThanMs: number): Promise<SweptXorbs> => {
  let count = 0
  let bytes = 0
  for await (const { key, sizeBytes, storedAtMs } of xorbs.list()) {
    if (storedAtMs >= olderThanMs) continue
    if ((await sql.xorbRow(db.read, key)) !== undefined) continue
    await xorbs.remove(key)
    count += 1
    bytes += sizeBytes
  }
  for await (const { stage, modifiedAtMs } of xorbs.listStages()) {
    if (modifiedAtMs < olderThanMs) await xorbs.discard(stage)
  }
  return { xorbs: count, bytes }
}

export const sweepXorbs = async (parts: Parts, graces: XorbGraces): Promise<SweptXorbs> => {
  const { db, xorbs, clock } = parts
  let count = 0
  let bytes = 0
  let hasBumped = false
  for (;;) {
    const nowMs = clock.nowMs()
    const rememberedSinceMs = nowMs - limits.clientMemoryMs
    const doomed = await db.tx(async (q) => {
      const found = await sql.unneededXorbs(q, agesAt(nowMs, graces), batch)
      const isRemembered = found.some((row) => row.used_at_ms > rememberedSinceMs)
      if (isRemembered && !hasBumped) {
        await sql.setXetEpoch(q, (await sql.xetEpoch(q)) + 1)
        hasBumped = true
      }
      if (found.length > 0) {
        await sql.doomXorbs(
          q,
          found.map((row) => row.hash),
          nowMs,
        )
      }
      return found
    })
    const hashes = doomed.map((row) => row.hash)
    for (const hash of hashes) await xorbs.remove(hash)
    await db.tx((q) => sql.deleteDoomedXorbs(q, hashes))
    count += doomed.length
    bytes += doomed.reduce((sum, row) => sum + row.size_bytes, 0)
    if (doomed.length < batch) break
  }
  const orphans = await sweepOrphans(parts, clock.nowMs() - limits.sweepGraceMs)
  return { xorbs: count + orphans.xorbs, bytes: bytes + orphans.bytes }
}
