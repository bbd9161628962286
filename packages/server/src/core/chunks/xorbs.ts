/** Xorbs: taken in, looked up, opened. What is in one never changes, so indexes are kept. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import { formatXetHash, isDedupEligible } from '@weighhouse/formats/xet/hash.ts'
import { openXorbIndex, type VerifiedXorb, type XorbIndex } from '@weighhouse/formats/xet/xorb.ts'
import { xorbBodyBytesMax, xorbFooterBytesMax } from '@weighhouse/formats/xet/record.ts'
import type { Database } from '#db/connect.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { makeLru } from '../kernel/lru.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import { makeTurns } from '../kernel/turns.ts'
import { translate } from '../kernel/byte-errors.ts'
import type { ByteRange, ByteSource, XorbStore } from '../ports/byte-store.ts'
import type { Compute } from '../ports/compute.ts'
import * as sql from './chunks.sql.ts'
import { makeFeed, readAlong, translateCompute } from './feed.ts'

export interface XorbDeps {
  readonly db: Database
  readonly xorbs: XorbStore
  readonly compute: Compute
  readonly clock: Clock
  readonly chance: Chance
}

export interface Xorbs {
  /** Errors: `unavailable` when the database does not know it. */
  indexOf(hash: XetHash): Promise<XorbIndex>
  /**
   * Takes a body, verifies every hash in it, and makes it durable under its name; `holder` may name it from then on. Answers what it is.
   * Errors: `invalid`, `too_large`, `storage_full`.
   */
  receive(
    hash: XetHash,
    source: AsyncIterable<Uint8Array>,
    holder: AccountId | undefined,
  ): Promise<VerifiedXorb>
  /** Stores a body that this hub has built itself. */
  put(verified: VerifiedXorb, body: readonly Uint8Array[]): Promise<void>
  open(hash: XetHash, range: ByteRange): Promise<ByteSource>
}

/** Bytes of indexes kept in memory: those of about 25 GiB of xorbs. */
const indexBytesKept = 16 * 1024 * 1024
const bodyBytesMax = xorbBodyBytesMax + xorbFooterBytesMax

/** Chunks of a xorb by which it is found: those that clients ask for, and its first, with which an upload that is continued begins. */
const placesIn = ({ hash, index, chunks }: VerifiedXorb) => {
  const read = openXorbIndex(index)
  const places = []
  for (let position = 0; position < chunks; position += 1) {
    const raw = read.hashAt(position)
    if (position > 0 && !isDedupEligible(raw)) continue
    places.push({ chunk_hash: formatXetHash(raw), xorb_hash: hash, position })
  }
  return places
}

export const makeXorbs = ({ db, xorbs, compute, clock, chance }: XorbDeps): Xorbs => {
  const indexes = makeLru<XetHash, XorbIndex>(indexBytesKept)
  /** Grows with every index that is written: one that was read before is not kept. */
  let indexesWritten = 0
  const turns = makeTurns<XetHash>()

  const name = async (
    verified: VerifiedXorb,
    sizeBytes: number,
    holder: AccountId | undefined,
  ): Promise<void> => {
    const nowMs = clock.nowMs()
    const row = {
      hash: verified.hash,
      size_bytes: sizeBytes,
      raw_bytes: verified.rawBytes,
      chunks: verified.chunks,
      created_at_ms: nowMs,
      used_at_ms: nowMs,
      named_at_ms: null,
      doomed_at_ms: null,
      checked_at_ms: nowMs,
      damaged_at_ms: null,
    }
    try {
      await db.tx(async (q) => {
        const known = await sql.xorbRow(q, verified.hash)
        if (known?.doomed_at_ms != null) throw swept()
        await sql.upsertXorb(q, row, verified.index)
        await sql.insertChunks(q, placesIn(verified))
        await hold(q, holder, verified.hash)
      })
    } finally {
      indexesWritten += 1
      indexes.delete(verified.hash)
    }
    // A sweep that had doomed an earlier copy may have taken ours with it, before our row was written.
    if ((await translate(xorbs.stat(verified.hash))) === undefined) {
      await db.tx(async (q) => {
        await sql.doomXorbs(q, [verified.hash], nowMs)
        await sql.deleteDoomedXorbs(q, [verified.hash], nowMs)
      })
      throw swept()
    }
  }

  const hold = async (
    q: Parameters<typeof sql.insertHolder>[0],
    holder: AccountId | undefined,
    hash: XetHash,
  ): Promise<void> => {
    if (holder === undefined) return
    const row = { account_id: holder, xorb_hash: hash, created_at_ms: clock.nowMs() }
    await sql.insertHolder(q, row)
  }

  const swept = (): HubError =>
    new HubError('busy', 'This xorb was just being swept. Send it again in a moment.')

  const refuseOther = (found: VerifiedXorb, hash: XetHash): void => {
    if (found.hash === hash) return
    throw new HubError(
      'digest_mismatch',
      `Expected the xorb ${hash}, the bytes received hash to ${found.hash}. Nothing was stored; send it again.`,
    )
  }

  /** What is there already is verified all the same: only whoever has the bytes becomes a holder. */
  const verifyOnly = async (
    hash: XetHash,
    source: AsyncIterable<Uint8Array>,
  ): Promise<VerifiedXorb> => {
    using work = compute.verifyXorb()
    const feed = makeFeed(compute, work)
    let received = 0
    for await (const bytes of source) {
      received += bytes.length
      if (received > bodyBytesMax) throw tooLarge()
      await feed.push(bytes)
    }
    await feed.flush()
    const verified = await translateCompute(work.finish())
    refuseOther(verified, hash)
    return verified
  }

  const tooLarge = (): HubError =>
    new HubError('too_large', `A xorb may have ${xorbBodyBytesMax} bytes. Nothing was stored.`)

  /**
   * Makes a verified stage the xorb's body, together with its index: the same xorb can be packed in many ways, so a body that a crash has
   * left, or that was found damaged, goes first, and nobody else may be doing the same. A sound one that is there stays.
   */
  const settle = (
    verified: VerifiedXorb,
    { stage, sizeBytes }: { stage: string; sizeBytes: number },
    holder: AccountId | undefined,
  ): Promise<void> =>
    turns.take(verified.hash, async () => {
      const { hash } = verified
      const known = await sql.xorbRow(db.read, hash)
      if (known?.damaged_at_ms === null) {
        await xorbs.discard(stage)
        return renew(hash, holder)
      }
      await translate(xorbs.remove(hash))
      await translate(xorbs.promote(stage, { key: hash, sizeBytes }))
      await name(verified, sizeBytes, holder)
    })

  /** Notes that a xorb which is there was sent again. */
  const renew = (hash: XetHash, holder: AccountId | undefined): Promise<void> =>
    db.tx(async (q) => {
      if ((await sql.xorbRow(q, hash))?.doomed_at_ms !== null) throw swept()
      await sql.touchXorbs(q, [hash], clock.nowMs())
      await hold(q, holder, hash)
    })

  const newStage = (): string => `xorb-${chance.bytes(12).toString('hex')}`

  /** A body with a lying footer is stored with it: what is read is found by our own index. */
  const receiveNew = async (
    hash: XetHash,
    source: AsyncIterable<Uint8Array>,
    holder: AccountId | undefined,
  ): Promise<VerifiedXorb> => {
    const stage = newStage()
    using work = compute.verifyXorb()
    const feed = makeFeed(compute, work)
    try {
      const { sizeBytes } = await translate(
        xorbs.write(stage, 0, readAlong(source, feed), bodyBytesMax),
      ).catch((error: unknown) => {
        throw error instanceof HubError && error.code === 'length_mismatch' ? tooLarge() : error
      })
      await feed.flush()
      const verified = await translateCompute(work.finish())
      refuseOther(verified, hash)
      await settle(verified, { stage, sizeBytes }, holder)
      return verified
    } catch (error) {
      await xorbs.discard(stage).catch(() => undefined)
      throw error
    }
  }

  return {
    async indexOf(hash) {
      const kept = indexes.get(hash)
      if (kept !== undefined) return kept
      const written = indexesWritten
      const body = await sql.xorbIndexOf(db.read, hash)
      if (body === undefined) {
        const message = `The xorb ${hash} cannot be read. An administrator finds what is missing with \`weighhouse fsck\`.`
        throw new HubError('unavailable', message)
      }
      const index = openXorbIndex(body)
      if (written === indexesWritten) indexes.set(hash, index, body.length)
      return index
    },

    async receive(hash, source, holder) {
      const known = await sql.xorbRow(db.read, hash)
      if (known?.damaged_at_ms !== null) return receiveNew(hash, source, holder)
      const verified = await verifyOnly(hash, source)
      await renew(hash, holder)
      return verified
    },

    async put(verified, body) {
      const known = await sql.xorbRow(db.read, verified.hash)
      if (known?.damaged_at_ms === null) return renew(verified.hash, undefined)
      const stage = newStage()
      const source = (async function* () {
        yield* body
      })()
      const { sizeBytes } = await translate(xorbs.write(stage, 0, source, bodyBytesMax))
      await settle(verified, { stage, sizeBytes }, undefined)
    },

    open: (hash, range) => translate(xorbs.open(hash, range)),
  }
}
