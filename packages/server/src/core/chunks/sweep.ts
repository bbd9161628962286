/**
 * Frees xorbs that no file needs. Clients remember what they sent for three weeks and name it without asking; where something younger goes,
 * the epoch grows, which makes them forget.
 *
 * Two processes may sweep at once (the server's job and a command). Each takes away only what carries its own mark, and looks again right
 * before it does: what the other has finished may have been sent anew.
 */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { XorbStore } from '../ports/byte-store.ts'
import * as sql from './chunks.sql.ts'
import { sweepHeldUntilMs } from './hold.sql.ts'

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

const isHeld = async ({ db, clock }: Parts): Promise<boolean> =>
  (await sweepHeldUntilMs(db.read)) > clock.nowMs()

/** Bodies that were stored and, through a crash, never named; stages that nobody goes on with. */
const sweepOrphans = async (parts: Parts, olderThanMs: number): Promise<SweptXorbs> => {
  const { db, xorbs } = parts
  let count = 0
  let bytes = 0
  for await (const { key, sizeBytes, storedAtMs } of xorbs.list()) {
    if (storedAtMs >= olderThanMs) continue
    if ((await sql.xorbRow(db.read, key)) !== undefined) continue
    if (await isHeld(parts)) break
    await xorbs.remove(key)
    count += 1
    bytes += sizeBytes
  }
  for await (const { stage, modifiedAtMs } of xorbs.listStages()) {
    if (modifiedAtMs < olderThanMs) await xorbs.discard(stage)
  }
  return { xorbs: count, bytes }
}

/** Marks a batch, unless a backup has begun; lets the epoch grow with the first that clients may remember. */
const doom = (
  { db }: Parts,
  graces: XorbGraces,
  { nowMs, hasBumped }: { nowMs: number; hasBumped: boolean },
): Promise<{ doomed: readonly sql.UnneededRow[]; isRemembered: boolean }> =>
  db.tx(async (q) => {
    if ((await sweepHeldUntilMs(q)) > nowMs) return { doomed: [], isRemembered: false }
    const staleBeforeMs = nowMs - limits.sweepTakeoverMs
    const doomed = await sql.unneededXorbs(q, agesAt(nowMs, graces), {
      staleBeforeMs,
      limit: batch,
    })
    const isRemembered = doomed.some((row) => row.used_at_ms > nowMs - limits.clientMemoryMs)
    if (isRemembered && !hasBumped) await sql.setXetEpoch(q, (await sql.xetEpoch(q)) + 1)
    const hashes = doomed.map((row) => row.hash)
    if (hashes.length > 0) await sql.doomXorbs(q, hashes, nowMs)
    return { doomed, isRemembered }
  })

const removeDoomed = async (
  { db, xorbs }: Parts,
  hashes: readonly XetHash[],
  doomedAtMs: number,
): Promise<void> => {
  for (const hash of hashes) {
    const row = await sql.xorbRow(db.read, hash)
    if (row?.doomed_at_ms === doomedAtMs) await xorbs.remove(hash)
  }
}

/** Takes nothing while a backup is made. */
export const sweepXorbs = async (parts: Parts, graces: XorbGraces): Promise<SweptXorbs> => {
  const { db, clock } = parts
  if (await isHeld(parts)) return { xorbs: 0, bytes: 0 }
  let count = 0
  let bytes = 0
  let hasBumped = false
  for (;;) {
    const nowMs = clock.nowMs()
    const { doomed, isRemembered } = await doom(parts, graces, { nowMs, hasBumped })
    hasBumped ||= isRemembered
    const hashes = doomed.map((row) => row.hash)
    await removeDoomed(parts, hashes, nowMs)
    await db.tx((q) => sql.deleteDoomedXorbs(q, hashes, nowMs))
    count += doomed.length
    bytes += doomed.reduce((sum, row) => sum + row.size_bytes, 0)
    if (doomed.length < batch) break
  }
  const orphans = await sweepOrphans(parts, clock.nowMs() - limits.sweepGraceMs)
  return { xorbs: count + orphans.xorbs, bytes: bytes + orphans.bytes }
}
