/** Bytes on their way in: offered, received in one or many parts, verified, and linked to the repo they were sent to. */
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Row } from '#db/schema.ts'
import { actorIdOf } from '../kernel/actor.ts'
import { translate } from '../kernel/byte-errors.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, UploadId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Permit } from '../policy/index.ts'
import * as sql from './content.sql.ts'
import type { ContentDeps } from './index.ts'
import type { Linker } from './linker.ts'

/** A file a client is about to send. */
export interface Offer {
  readonly sha256: Sha256
  readonly sizeBytes: number
}

/** What `begin` says of one offer: nothing to send, or where to send it. Parts are numbered from 1. */
export type Reception =
  | { readonly state: 'present' }
  | {
      readonly state: 'wanted'
      readonly uploadId: UploadId
      readonly parts: number
      /** Size of every part but the last. */
      readonly partBytes: number
      /** Numbers of those that came before: an upload that goes on. */
      readonly received: readonly number[]
    }

/** `partBytes` makes parts of that size where more is to come, for senders who may be cut off at any moment. */
export interface SendingWay {
  readonly inParts: boolean
  readonly partBytes?: number
}

export interface Receiving {
  /**
   * Offers one file to a repo. `present` only when this very repo holds it. Repeating an offer continues the same upload. Errors:
   * `too_large`, `quota_exceeded`.
   */
  begin(ctx: Ctx, permit: Permit<'repo.write'>, offer: Offer, how: SendingWay): Promise<Reception>
  /**
   * Takes the bytes of one part, durably, and answers its SHA-256. An upload of one part is sealed at once. Errors: `entry_not_found` for
   * an unknown or finished upload, `length_mismatch`, `digest_mismatch`, `storage_full`.
   */
  receive(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    target: { uploadId: UploadId; part: number; bodyBytes: number | undefined },
    source: AsyncIterable<Uint8Array>,
  ): Promise<Sha256>
  /**
   * Verifies an upload in parts, names its bytes and links them to the repo. Repeating it is no error. Errors: `length_mismatch`,
   * `digest_mismatch`, `entry_not_found`.
   */
  seal(ctx: Ctx, permit: Permit<'repo.write'>, uploadId: UploadId): Promise<void>
  /** Stores bytes at hand and links them. For file contents that come inside a commit. */
  put(ctx: Ctx, permit: Permit<'repo.write'>, bytes: Uint8Array): Promise<Offer>
}

/** Parts of a planned size, or fewer larger ones where there would be too many. */
const planParts = (
  sizeBytes: number,
  wantedBytes: number,
): { parts: number; partBytes: number } => {
  const partBytes = Math.max(wantedBytes, Math.ceil(sizeBytes / limits.multipartPartsMax))
  return { parts: Math.max(1, Math.ceil(sizeBytes / partBytes)), partBytes }
}

/** `settle` waits for bytes that are on their way in. */
export const makeReceiving = (
  deps: Pick<ContentDeps, 'db' | 'bytes' | 'quota' | 'clock' | 'chance' | 'ids' | 'multipart'>,
  linker: Linker,
): Receiving & { settle(): Promise<void> } => {
  const { db, bytes, quota, clock, chance, ids, multipart } = deps

  const writerOf = (permit: Permit<'repo.write'>): AccountId =>
    actorIdOf(permit.actor) ?? permit.repo.ownerId

  const refuseMismatch = (found: Offer, expected: Offer): void => {
    if (found.sizeBytes !== expected.sizeBytes) {
      throw new HubError(
        'length_mismatch',
        `Expected ${expected.sizeBytes} bytes, received ${found.sizeBytes}. Nothing was stored; send the file again.`,
      )
    }
    if (found.sha256 !== expected.sha256) {
      throw new HubError(
        'digest_mismatch',
        `Expected SHA-256 ${expected.sha256}, the bytes received have ${found.sha256}. Nothing was stored; the file may have changed while it was sent.`,
      )
    }
  }

  const needUpload = async (permit: Permit<'repo.write'>, id: UploadId): Promise<Row<'upload'>> => {
    const upload = await sql.uploadById(db.read, id)
    if (upload?.repo_id === permit.repo.id) return upload
    throw new HubError(
      'entry_not_found',
      'This upload is finished, expired or unknown. Start the upload again: what arrived is kept.',
    )
  }

  const offerOf = (upload: Row<'upload'>): Offer => ({
    sha256: upload.sha256,
    sizeBytes: upload.size_bytes,
  })

  const running = new Set<Promise<unknown>>()
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    const forget = (): void => void running.delete(work)
    work.then(forget, forget)
    return work
  }

  const promote = async (
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    { stage, isChunked }: { stage: string; isChunked: boolean },
    offer: Offer,
  ): Promise<void> => {
    await translate(bytes.promote(stage, { key: offer.sha256, sizeBytes: offer.sizeBytes }))
    await linker.linkWhole(ctx, permit.repo, offer, isChunked)
  }

  const receiveWhole = async (
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    upload: Row<'upload'>,
    source: AsyncIterable<Uint8Array>,
  ): Promise<Sha256> => {
    // A stage of its own for each attempt: two at once must not write into one another.
    const stage = `${upload.id}-${chance.bytes(6).toString('hex')}`
    try {
      const written = await translate(bytes.write(stage, 0, source, upload.size_bytes))
      refuseMismatch(written, offerOf(upload))
      await promote(ctx, permit, { stage, isChunked: true }, offerOf(upload))
    } catch (error) {
      await bytes.discard(stage).catch(() => undefined)
      throw error
    }
    // The row stays until it expires, so that a client whose answer was lost may send the bytes again.
    return upload.sha256
  }

  const receivePart = async (
    upload: Row<'upload'>,
    part: number,
    source: AsyncIterable<Uint8Array>,
  ): Promise<Sha256> => {
    const offset = (part - 1) * upload.part_bytes
    const due = Math.min(upload.part_bytes, upload.size_bytes - offset)
    const written = await translate(bytes.write(upload.id, offset, source, due))
    refuseMismatch({ ...written }, { sha256: written.sha256, sizeBytes: due })
    await db.tx((q) =>
      sql.upsertPart(q, {
        upload_id: upload.id,
        number: part,
        size_bytes: written.sizeBytes,
        sha256: written.sha256,
        created_at_ms: clock.nowMs(),
      }),
    )
    return written.sha256
  }

  return {
    async begin(_ctx, permit, offer, { inParts, partBytes: wantedBytes }) {
      const { repo } = permit
      if (offer.sizeBytes > limits.fileBytesMax) {
        throw new HubError(
          'too_large',
          `One file may have ${limits.fileBytesMax} bytes; this one has ${offer.sizeBytes}. Split it.`,
        )
      }
      const held = await sql.linkOf(db.read, repo.id, offer.sha256)
      if (held !== undefined) {
        refuseMismatch(offer, { sha256: held.sha256, sizeBytes: held.size_bytes })
        // Its commit follows: a collection must not take it for a left-over meanwhile.
        await db.tx((q) => sql.renewLink(q, repo.id, offer.sha256, clock.nowMs()))
        return { state: 'present' }
      }
      const countUsed = () => sql.usedBytes(db.read, repo.ownerId)
      await quota.check(db.read, repo.ownerId, countUsed, offer.sizeBytes)
      const isLarge = inParts && offer.sizeBytes > (wantedBytes ?? multipart.thresholdBytes)
      const { parts, partBytes } = planParts(
        offer.sizeBytes,
        isLarge ? (wantedBytes ?? multipart.partBytes) : Math.max(1, offer.sizeBytes),
      )
      const actorId = writerOf(permit)
      const nowMs = clock.nowMs()
      const key = { repoId: repo.id, sha256: offer.sha256, actorId, parts }
      const open = await sql.openUpload(db.read, key, nowMs)
      if (open !== undefined && open.size_bytes === offer.sizeBytes) {
        const there = await sql.partsOf(db.read, open.id)
        const received = there.map(({ number }) => number)
        return { state: 'wanted', uploadId: open.id, parts, partBytes: open.part_bytes, received }
      }
      const uploadId = ids<UploadId>()
      await db.tx((q) =>
        sql.insertUpload(q, {
          id: uploadId,
          repo_id: repo.id,
          actor_id: actorId,
          sha256: offer.sha256,
          size_bytes: offer.sizeBytes,
          part_bytes: partBytes,
          parts,
          created_at_ms: nowMs,
          expires_at_ms: nowMs + limits.uploadLifeMs,
        }),
      )
      return { state: 'wanted', uploadId, parts, partBytes, received: [] }
    },

    async receive(ctx, permit, { uploadId, part, bodyBytes }, source) {
      const upload = await needUpload(permit, uploadId)
      if (!Number.isInteger(part) || part < 1 || part > upload.parts) {
        throw new HubError(
          'invalid',
          `This upload has parts 1 to ${upload.parts}; there is no part ${part}.`,
        )
      }
      const offset = (part - 1) * upload.part_bytes
      const due = Math.min(upload.part_bytes, upload.size_bytes - offset)
      if (bodyBytes !== undefined && bodyBytes !== due) {
        throw new HubError(
          'length_mismatch',
          `Expected ${due} bytes for part ${part}, the request announces ${bodyBytes}. Nothing was stored.`,
        )
      }
      return tracked(
        upload.parts === 1
          ? receiveWhole(ctx, permit, upload, source)
          : receivePart(upload, part, source),
      )
    },

    async seal(ctx, permit, uploadId) {
      const upload = await needUpload(permit, uploadId)
      if ((await sql.linkOf(db.read, permit.repo.id, upload.sha256)) !== undefined) return
      const parts = await sql.partsOf(db.read, uploadId)
      if (parts.length !== upload.parts) {
        throw new HubError(
          'length_mismatch',
          `Expected ${upload.parts} parts, received ${parts.length}. Send the missing ones and complete again.`,
        )
      }
      const found = await translate(bytes.digestStage(uploadId, ctx.signal))
      refuseMismatch(found, offerOf(upload))
      await promote(ctx, permit, { stage: uploadId, isChunked: true }, offerOf(upload))
      await db.tx((q) => sql.deleteUpload(q, uploadId))
    },

    async put(ctx, permit, data) {
      const stage = `put-${chance.bytes(12).toString('hex')}`
      const source = (async function* () {
        yield data
      })()
      const offer = await translate(bytes.write(stage, 0, source, data.byteLength))
      await promote(ctx, permit, { stage, isChunked: false }, offer)
      return offer
    },

    async settle() {
      await Promise.allSettled(running)
    },
  }
}
