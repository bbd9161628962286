/**
 * Verifies xorbs at rest, those first that were verified longest ago. Clients check lengths only: a flipped bit would reach them as it is.
 */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { AfterCommit, Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { isHubError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import { translate } from '../kernel/byte-errors.ts'
import { ByteStoreError, type XorbStore } from '../ports/byte-store.ts'
import type { Compute } from '../ports/compute.ts'
import * as sql from './chunks.sql.ts'
import { makeFeed, translateCompute } from './feed.ts'

export interface ScrubReport {
  readonly xorbs: number
  readonly bytes: number
  /** Xorbs whose bytes are gone or wrong. */
  readonly damaged: readonly Damage[]
}

export interface Damage {
  readonly hash: XetHash
  readonly problem: string
}

export interface ScrubOptions {
  readonly checkedBeforeMs: number
  readonly bytesMax: number
  readonly signal?: AbortSignal
  /** Told of damage inside the transaction that notes it. */
  readonly onDamage?: (tx: { q: Querier; after: AfterCommit }, damage: Damage) => Promise<void>
}

export interface ScrubParts {
  readonly db: Database
  readonly xorbs: XorbStore
  readonly compute: Compute
  readonly clock: Clock
}

/** What is wrong with a stored xorb, or undefined. Errors: those of a store that cannot be asked now. */
export const problemOfXorb = async (
  { db, xorbs, compute }: Pick<ScrubParts, 'db' | 'xorbs' | 'compute'>,
  { hash, size_bytes: sizeBytes }: Pick<Row<'xorb'>, 'hash' | 'size_bytes'>,
): Promise<string | undefined> => {
  const found = await translate(xorbs.stat(hash))
  if (found === undefined) return 'its bytes are gone'
  if (found !== sizeBytes) return `should have ${sizeBytes} bytes, has ${found}`
  using work = compute.verifyXorb()
  const feed = makeFeed(compute, work)
  try {
    for await (const bytes of await xorbs.open(hash)) await feed.push(bytes)
    await feed.flush()
    const verified = await translateCompute(work.finish())
    if (verified.hash !== hash) return `its bytes hash to ${verified.hash}`
    // The same xorb can be packed in many ways: by the index of another packing its chunks are not found.
    const index = await sql.xorbIndexOf(db.read, hash)
    const isFitting = index !== undefined && Buffer.compare(index, verified.index) === 0
    return isFitting ? undefined : 'its index does not fit its bytes'
  } catch (error) {
    if (isHubError(error, 'invalid')) return error.message
    if (error instanceof ByteStoreError && error.kind === 'missing') return 'its bytes are gone'
    throw error
  }
}

/** Notes what was found, unless the xorb was swept or mended meanwhile: then it is not what was looked at. */
const note = (
  { db, clock }: ScrubParts,
  seen: Row<'xorb'>,
  problem: string | undefined,
  onDamage: ScrubOptions['onDamage'],
): Promise<boolean> =>
  db.tx(async (q, after) => {
    const row = await sql.xorbRow(q, seen.hash)
    const isSame = row?.doomed_at_ms === null && row.checked_at_ms === seen.checked_at_ms
    if (!isSame) return false
    await sql.markChecked(q, seen.hash, clock.nowMs(), problem === undefined)
    if (problem !== undefined) await onDamage?.({ q, after }, { hash: seen.hash, problem })
    return true
  })

/** Verifies up to `bytesMax` bytes of what was not verified since `checkedBeforeMs`. */
export const scrubXorbs = async (
  parts: ScrubParts,
  { checkedBeforeMs, bytesMax, signal, onDamage }: ScrubOptions,
): Promise<ScrubReport> => {
  let count = 0
  let bytes = 0
  const damaged: Damage[] = []
  while (bytes < bytesMax && signal?.aborted !== true) {
    const [row] = await sql.stalestXorbs(parts.db.read, checkedBeforeMs, 1)
    if (row === undefined) break
    const problem = await problemOfXorb(parts, row)
    const isNoted = await note(parts, row, problem, onDamage)
    if (isNoted && problem !== undefined) damaged.push({ hash: row.hash, problem })
    count += 1
    bytes += row.size_bytes
  }
  return { xorbs: count, bytes, damaged }
}
