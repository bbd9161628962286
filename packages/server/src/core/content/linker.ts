/** Gives repos their right to contents: the one place where a link is written for bytes that have come in. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import { sweepHeldUntilMs } from '../chunks/index.ts'
import type { Events, Tx } from '../events/index.ts'
import type { Jobs } from '../jobs/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { RepoRef } from '../policy/index.ts'
import type { ByteStore } from '../ports/byte-store.ts'
import type { Quota } from '../quota/index.ts'
import * as sql from './content.sql.ts'

export interface Named {
  readonly sha256: Sha256
  readonly sizeBytes: number
  /** The file by which its chunks are read; undefined when the bytes are whole in the byte store. */
  readonly xetHash: XetHash | undefined
}

export interface LinkerDeps {
  readonly db: Database
  readonly bytes: ByteStore
  readonly quota: Quota
  readonly events: Events
  readonly jobs: Jobs
  readonly clock: Clock
  /** Are contents that come in whole cut into chunks afterwards? */
  readonly isChunkingUploads: boolean
}

export interface Linker {
  /** Names bytes that are durable and gives the repo its right to them. Answers how the content is held from now on. */
  link(tx: Tx, repo: RepoRef, named: Named): Promise<'whole' | 'chunks'>
  /** The same for bytes whole in the store, in a transaction of its own; `isChunked` has them cut later. */
  linkWhole(
    ctx: Ctx,
    repo: RepoRef,
    offer: Omit<Named, 'xetHash'>,
    isChunked: boolean,
  ): Promise<void>
  /** The whole copy of a content that is held in chunks; a backup that may be copying it holds this off, and the sweep takes it later. */
  dropWhole(sha256: Sha256): Promise<void>
}

export const packJob = 'pack-content'

export const makeLinker = (deps: LinkerDeps): Linker => {
  const { db, bytes, quota, events, jobs, clock, isChunkingUploads } = deps

  const nameContent = async (q: Querier, named: Named): Promise<'whole' | 'chunks'> => {
    const known = await sql.contentRow(q, named.sha256)
    if (known?.doomed_at_ms != null) {
      throw new HubError('busy', 'These bytes are just being swept. Try again in a moment.')
    }
    const { sha256, sizeBytes, xetHash } = named
    if (known === undefined) {
      const held = xetHash === undefined ? 'whole' : 'chunks'
      await sql.insertContent(q, {
        sha256,
        size_bytes: sizeBytes,
        held,
        git_oid: null,
        xet_hash: xetHash ?? null,
        created_at_ms: clock.nowMs(),
        doomed_at_ms: null,
      })
      return held
    }
    if (known.held === 'chunks') return 'chunks'
    if (xetHash === undefined) return 'whole'
    await sql.holdInChunks(q, sha256, xetHash)
    return 'chunks'
  }

  const link: Linker['link'] = async (tx, repo, named) => {
    const { q } = tx
    const { sha256, sizeBytes } = named
    await quota.check(q, repo.ownerId, () => sql.usedBytes(q, repo.ownerId), sizeBytes)
    const held = await nameContent(q, named)
    const row = {
      repo_id: repo.id,
      sha256,
      size_bytes: sizeBytes,
      created_at_ms: clock.nowMs(),
    }
    if (await sql.insertLink(q, row)) {
      await events.append(tx, 'content_linked', { sha256, sizeBytes }, repo.id)
    }
    return held
  }

  const dropWhole: Linker['dropWhole'] = async (sha256) => {
    if ((await sweepHeldUntilMs(db.read)) > clock.nowMs()) return
    await bytes.remove(sha256)
  }

  return {
    link,
    dropWhole,
    async linkWhole(ctx, repo, offer, isChunked) {
      const held = await db.tx(async (q, after) => {
        const tx = { q, after, ctx }
        const now = await link(tx, repo, { ...offer, xetHash: undefined })
        if (
          now === 'whole' &&
          isChunked &&
          isChunkingUploads &&
          offer.sizeBytes >= limits.chunkedBytesMin
        ) {
          await jobs.enqueue(tx, {
            kind: packJob,
            workKey: `${packJob}:${offer.sha256}`,
            payload: { sha256: offer.sha256 },
            runAtMs: clock.nowMs() + limits.chunkAfterMs,
          })
        }
        return now
      })
      if (held === 'chunks') return dropWhole(offer.sha256)
      if ((await bytes.stat(offer.sha256)) !== undefined) return
      // Somebody may have cut it meanwhile; otherwise a sweep that had doomed the old copy has removed ours with it.
      const row = await sql.contentRow(db.read, offer.sha256)
      if (row?.held === 'chunks') return
      await db.tx((q) => sql.deleteLink(q, repo.id, offer.sha256))
      throw new HubError('busy', 'The bytes were swept while they were named. Send them again.')
    },
  }
}
