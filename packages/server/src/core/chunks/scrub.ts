/**
 * Verifies xorbs at rest, those first that were verified longest ago. Clients check lengths only: a flipped bit would reach them as it is.
 */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
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
  readonly damaged: readonly { readonly hash: XetHash; readonly problem: string }[]
}

export interface ScrubParts {
  readonly db: Database
  readonly xorbs: XorbStore
  readonly compute: Compute
  readonly clock: Clock
}

/** What is wrong with a stored xorb, or undefined. Errors: those of a store that cannot be asked now. */
export const problemOfXorb = async (
  { xorbs, compute }: Pick<ScrubParts, 'xorbs' | 'compute'>,
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
    return verified.hash === hash ? undefined : `its bytes hash to ${verified.hash}`
  } catch (error) {
    if (isHubError(error, 'invalid')) return error.message
    if (error instanceof ByteStoreError && error.kind === 'missing') return 'its bytes are gone'
    throw error
  }
}

/** Verifies up to `bytesMax` bytes of what was not verified since `checkedBeforeMs`. */
export const scrubXorbs = async (
  parts: ScrubParts,
  {
    checkedBeforeMs,
    bytesMax,
    signal,
  }: { checkedBeforeMs: number; bytesMax: number; signal?: AbortSignal },
): Promise<ScrubReport> => {
  let count = 0
  let bytes = 0
  const damaged: { hash: XetHash; problem: string }[] = []
  while (bytes < bytesMax && signal?.aborted !== true) {
    const [row] = await sql.stalestXorbs(parts.db.read, checkedBeforeMs, 1)
    if (row === undefined) break
    const problem = await problemOfXorb(parts, row)
    await parts.db.tx((q) =>
      sql.markChecked(q, row.hash, parts.clock.nowMs(), problem === undefined),
    )
    if (problem !== undefined) damaged.push({ hash: row.hash, problem })
    count += 1
    bytes += row.size_bytes
  }
  return { xorbs: count, bytes, damaged }
}
