/**
 * Takes from a repo what none of its refs leads to. Commits and tags go together in one transaction, before the trees and blobs that they
 * need: what can still be named by a ref is whole at every moment.
 */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Content } from '../content/index.ts'
import { breathe } from '../kernel/breathe.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Reach, Ref, Refs } from '../refs/index.ts'
import type { TreeOperation } from './operations.ts'

export interface CollectOptions {
  readonly graceMs: number
  readonly dryRun: boolean
  /** Told of every content that the repo gives up, or would. */
  readonly onUnlink?: (sha256: Sha256) => void
}

export interface Collected {
  /** Contents that the repo is no longer linked to. */
  readonly contents: number
  readonly contentBytes: number
  readonly objects: number
  readonly objectBytes: number
}

interface Parts {
  readonly db: Database
  readonly content: Content
  readonly refs: Refs
  readonly clock: Clock
}

interface Found<T> {
  readonly names: readonly T[]
  readonly bytes: number
}

interface Finding extends Collected {
  /** In the order in which they go. */
  readonly steps: readonly ((q: Querier) => Promise<void>)[]
}

const page = 1_000

const markOf = (refs: readonly Ref[]): string =>
  refs.map((ref) => `${ref.name} ${ref.oid}`).join('\n')

const findLinks = async (
  { content }: Parts,
  repoId: RepoId,
  reach: Reach,
  linkedBeforeMs: number,
): Promise<Found<Sha256>> => {
  const names: Sha256[] = []
  let bytes = 0
  let after = ''
  for (;;) {
    const links = await content.linksBefore(repoId, { after, limit: page, linkedBeforeMs })
    for (const { sha256, sizeBytes } of links) {
      if (reach.contents.has(sha256)) continue
      names.push(sha256)
      bytes += sizeBytes
    }
    const last = links.at(-1)
    if (last === undefined) return { names, bytes }
    after = last.sha256
  }
}

/** Those that a ref can name, and those that only others lead to. */
const findObjects = async ({ refs }: Parts, repoId: RepoId, reach: Reach) => {
  const heads: GitOid[] = []
  const rest: GitOid[] = []
  let bytes = 0
  let after = ''
  for (;;) {
    await breathe()
    const rows = await refs.objectSizes(repoId, after, page)
    for (const row of rows) {
      if (reach.oids.has(row.oid)) continue
      const isNameable = row.kind === 'commit' || row.kind === 'tag'
      ;(isNameable ? heads : rest).push(row.oid)
      if (row.content_sha256 === null) bytes += row.size_bytes
    }
    const last = rows.at(-1)
    if (last === undefined) return { heads, rest, bytes }
    after = last.oid
  }
}

const pieces = <T>(all: readonly T[]): (readonly T[])[] => {
  const found: (readonly T[])[] = []
  for (let i = 0; i < all.length; i += page) found.push(all.slice(i, i + page))
  return found
}

export const collectRepo = async (
  parts: Parts,
  repoId: RepoId,
  { graceMs, dryRun, onUnlink }: CollectOptions,
): Promise<Collected> => {
  const { db, content, refs, clock } = parts
  const beforeMs = clock.nowMs() - graceMs
  const standing = await refs.standing(db.read, repoId)
  const mark = markOf(standing.refs)
  const reach = await refs.reach(
    repoId,
    standing.refs.map((ref) => ref.oid),
  )
  const links = await findLinks(parts, repoId, reach, beforeMs)
  const isStill = standing.movedAtMs <= beforeMs
  const none = { heads: [], rest: [], bytes: 0 }
  const objects = isStill ? await findObjects(parts, repoId, reach) : none
  const found: Finding = {
    contents: links.names.length,
    contentBytes: links.bytes,
    objects: objects.heads.length + objects.rest.length,
    objectBytes: objects.bytes,
    steps: [
      (q) => refs.dropObjects(q, repoId, objects.heads),
      ...pieces(objects.rest).map((oids) => (q: Querier) => refs.dropObjects(q, repoId, oids)),
      ...pieces(links.names).map((hashes) => (q: Querier) => content.dropLinks(q, repoId, hashes)),
    ],
  }
  const { steps, ...collected } = found
  const tell = (): Collected => {
    if (onUnlink !== undefined) links.names.forEach((sha256) => onUnlink(sha256))
    return collected
  }
  if (dryRun) return tell()
  for (const step of steps) {
    await breathe()
    const isDone = await db.tx(async (q) => {
      if (markOf((await refs.standing(q, repoId)).refs) !== mark) return false
      await step(q)
      return true
    })
    // A ref moved: what was walked is no longer true. The next run takes the rest.
    if (!isDone) return { contents: 0, contentBytes: 0, objects: 0, objectBytes: 0 }
  }
  return tell()
}

/**
 * Looks again, inside the transaction that moves the ref, at what was there when the commit began: it may have been collected since.
 * Errors: `busy`.
 */
export const confirmNeeds = async (
  { content, refs }: Pick<Parts, 'content' | 'refs'>,
  q: Querier,
  repoId: RepoId,
  needs: { operations: readonly TreeOperation[]; contents: readonly Sha256[] },
): Promise<void> => {
  const set = needs.operations.flatMap((one) => (one.kind === 'set' ? [one.oid] : []))
  await refs.confirm(q, repoId, set)
  const linked = await content.linkedAmong(q, repoId, needs.contents)
  if (needs.contents.every((sha256) => linked.has(sha256))) return
  throw new HubError(
    'busy',
    'An upload of this commit was just collected as unneeded. Upload it again.',
  )
}
