/**
 * The refs room: git commits, trees, blobs and tags as the truth about names, and the refs that lead to them.
 *
 * Invariants: objects are stored before a ref names them; a ref moves only from where its mover saw it; objects belong to one repo and are
 * not found through another.
 */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import type { GitCommit } from '@weighhouse/formats/git/commit.ts'
import { refNameProblem, shortNameProblem } from '@weighhouse/formats/git/ref-name.ts'
import { formatTag } from '@weighhouse/formats/git/tag.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Content } from '../content/index.ts'
import type { Events, RefUpdate, Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { BrowsePermit, Permit, ReadPermit } from '../policy/index.ts'
import { type ByteRange, type ByteSource, sourceOf } from '../ports/byte-store.ts'
import type { Repos } from '../repos/index.ts'
import { type CommitEntry, type History, makeHistory } from './history.ts'
import {
  makeObjectReader,
  type NewObject,
  newObject,
  type ObjectReader,
  storeObjects,
} from './objects.ts'
import * as sql from './refs.sql.ts'
import { defaultBranch, resolveRevision, type Revision } from './revision.ts'
import { signatureOf } from './signature.ts'
import { type Entry, type FileEntry, makeTrees, type Trees } from './tree.ts'
import { makeRefsUpkeep, type Ref, refuseGone, type RefsUpkeep, toRef } from './upkeep.ts'

export type { CommitEntry } from './history.ts'
export {
  hashObject,
  type NewObject,
  newObject,
  type ObjectReader,
  storeObjects,
} from './objects.ts'
export type { Reach } from './reach.ts'
export { defaultBranch, type Revision } from './revision.ts'
export { signatureOf } from './signature.ts'
export type { DirectoryEntry, Entry, FileEntry, Trees } from './tree.ts'
export type { Ref } from './upkeep.ts'

/** Where a ref goes: `from` null creates it, `to` null deletes it. */
export interface RefMove {
  readonly name: string
  readonly from: GitOid | null
  readonly to: { readonly oid: GitOid; readonly commit: GitOid } | null
}

export interface Refs extends RefsUpkeep {
  readonly objects: ObjectReader
  readonly trees: Trees
  /** Errors: `revision_not_found`. */
  resolve(permit: BrowsePermit, rev: string): Promise<Revision>
  /**
   * Splits `refs/pr/1/sub/dir` and the like, whose slashes a client did not escape, into revision and path: special prefixes first, then
   * the longest ref that matches. `segments` are decoded. Errors: `revision_not_found`.
   */
  resolveTail(
    permit: BrowsePermit,
    segments: readonly string[],
  ): Promise<{ revision: Revision; path: string }>
  /** In order of full name. */
  list(permit: BrowsePermit): Promise<Ref[]>
  get(permit: BrowsePermit, name: string): Promise<Ref | undefined>
  /** Errors: `entry_not_found` (details.commit). A folder is an entry too. */
  entry(permit: BrowsePermit, commit: GitOid, path: string): Promise<Entry>
  /** A file as its reader gets it. */
  open(permit: ReadPermit, file: FileEntry, range?: ByteRange): Promise<ByteSource>
  /** The git blob as stored: of an LFS file, its pointer. */
  openBlob(permit: ReadPermit, file: FileEntry, range?: ByteRange): Promise<ByteSource>
  /** A whole file in memory, or undefined when it is missing, a folder or larger than `bytesMax`. */
  read(
    permit: ReadPermit,
    commit: GitOid,
    path: string,
    bytesMax: number,
  ): Promise<Buffer | undefined>
  /** Newest first. */
  history(
    permit: BrowsePermit,
    from: GitOid,
    page: { skip: number; limit: number },
  ): Promise<{ commits: CommitEntry[]; total: number }>
  lastChanges: History['lastChanges']
  commit(permit: BrowsePermit, oid: GitOid): Promise<GitCommit>
  /** Moves refs inside the caller's transaction, with their event. Errors: `ref_moved`, `exists`. */
  move(tx: Tx, repoId: RepoId, moves: readonly RefMove[]): Promise<void>
  /** `objects` are stored with it, `beside` is done in its transaction. Errors: `invalid` name, `exists` unless `overwrite`. */
  createBranch(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    branch: {
      name: string
      at: GitOid
      overwrite: boolean
      objects?: readonly NewObject[]
      beside?: (tx: Tx) => Promise<void>
    },
  ): Promise<void>
  /** Errors: `revision_not_found`; `invalid` for the default branch. */
  deleteBranch(ctx: Ctx, permit: Permit<'repo.write'>, name: string): Promise<void>
  /** An annotated tag when there is a message. Errors: `invalid` name, `exists`. */
  createTag(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    tag: { name: string; at: GitOid; message: string | undefined },
  ): Promise<void>
  /** Errors: `revision_not_found`. */
  deleteTag(ctx: Ctx, permit: Permit<'repo.write'>, name: string): Promise<void>
  /** Copies objects and the default branch of one repo to a new one, inside the caller's transaction. */
  copyAll(tx: Tx, from: RepoId, to: RepoId): Promise<void>
}

export interface RefsDeps {
  readonly db: Database
  readonly content: Content
  readonly repos: Repos
  readonly events: Events
  readonly clock: Clock
  /** Host part of the mail addresses in commits made here. */
  readonly mailHost: string
}

const unknownRevision = (rev: string): HubError =>
  new HubError('revision_not_found', `Invalid rev id: ${rev}`, { rev })

const gather = async (source: ByteSource): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks) // bounded: callers compare the size first
}

const refuseRefName = (short: string, full: string): void => {
  const problem = shortNameProblem(short) ?? refNameProblem(full)
  if (problem !== undefined) {
    throw new HubError('invalid', `Invalid reference name "${short}": ${problem}.`)
  }
}

/** One ref in one transaction. */
const applyMove = async (q: Querier, repoId: RepoId, move: RefMove, atMs: number) => {
  const { name, from, to } = move
  if (to === null) {
    if (from === null || (await sql.deleteRefAt(q, repoId, name, from))) return
    throw movedAway(name)
  }
  await refuseGone(q, repoId, [to.oid, to.commit])
  const row = { repo_id: repoId, name, oid: to.oid, commit_oid: to.commit, updated_at_ms: atMs }
  if (from !== null) {
    if (await sql.swapRef(q, row, from)) return
    throw movedAway(name)
  }
  if ((await sql.refByName(q, repoId, name)) !== undefined) {
    throw new HubError('exists', `Reference ${name} already exists`, { ref: name })
  }
  if ((await sql.countRefs(q, repoId)) >= limits.refsPerRepoMax) {
    throw new HubError(
      'too_many',
      `A repository has at most ${limits.refsPerRepoMax} refs. Delete some first.`,
    )
  }
  await sql.insertRef(q, row)
}

const movedAway = (name: string): HubError =>
  new HubError('ref_moved', `${name} has moved since it was read. Read it again and repeat.`, {
    ref: name,
  })

export const makeRefs = ({ db, content, repos, events, clock, mailHost }: RefsDeps): Refs => {
  const objects = makeObjectReader(db.read)
  const trees = makeTrees(db.read, objects)
  const history = makeHistory(objects, trees)

  const resolve = async ({ repo }: BrowsePermit, rev: string): Promise<Revision> => {
    const found = await resolveRevision(db.read, repo.id, rev)
    if (found === undefined) throw unknownRevision(rev)
    return found
  }

  const move: Refs['move'] = async (tx, repoId, moves) => {
    for (const one of moves) await applyMove(tx.q, repoId, one, clock.nowMs())
    await repos.touch(tx.q, repoId)
    const updates: RefUpdate[] = moves.map(({ name, from, to }) => ({
      ref: name,
      from,
      to: to?.oid ?? null,
    }))
    await events.append(tx, 'refs_updated', { updates }, repoId)
  }

  const needRef = async (repoId: RepoId, name: string, short: string): Promise<Row<'ref'>> => {
    const row = await sql.refByName(db.read, repoId, name)
    if (row === undefined) throw unknownRevision(short)
    return row
  }

  const deleteRef = async (ctx: Ctx, repoId: RepoId, name: string, short: string) => {
    const { oid } = await needRef(repoId, name, short)
    await db.tx((q, after) => move({ q, after, ctx }, repoId, [{ name, from: oid, to: null }]))
  }

  const openBlob: Refs['openBlob'] = async (permit, file, range) => {
    if (file.contentSha256 !== undefined) return content.open(permit, file.contentSha256, range)
    const body = await objects.body(permit.repo.id, file.oid, 'blob')
    if (body === undefined) {
      throw new HubError(
        'unavailable',
        `The blob ${file.oid} cannot be read. Run \`weighhouse fsck\`.`,
      )
    }
    const bytes = range ? body.subarray(range.start, range.end) : body
    return sourceOf(bytes)
  }

  const open: Refs['open'] = (permit, file, range) =>
    file.lfs === undefined
      ? openBlob(permit, file, range)
      : content.open(permit, file.lfs.sha256, range)

  return {
    ...makeRefsUpkeep(db.read),
    objects,
    trees,
    resolve,

    async resolveTail(permit, segments) {
      const pathAfter = (count: number): string => segments.slice(count).join('/')
      const [first, second] = segments
      if (first === undefined) throw unknownRevision('')
      if (first === 'refs' && (second === 'pr' || second === 'convert')) {
        const rev = segments.slice(0, 3).join('/')
        return { revision: await resolve(permit, rev), path: pathAfter(3) }
      }
      const plain = await resolveRevision(db.read, permit.repo.id, first)
      if (plain !== undefined) return { revision: plain, path: pathAfter(1) }
      for (let count = Math.min(segments.length, 16); count > 1; count -= 1) {
        const rev = segments.slice(0, count).join('/')
        const found = await resolveRevision(db.read, permit.repo.id, rev)
        if (found !== undefined) return { revision: found, path: pathAfter(count) }
      }
      throw unknownRevision(first)
    },

    list: async ({ repo }) =>
      (await sql.refsOf(db.read, repo.id, limits.refsPerRepoMax)).map(toRef),

    async get({ repo }, name) {
      const row = await sql.refByName(db.read, repo.id, name)
      return row === undefined ? undefined : toRef(row)
    },

    async entry({ repo }, commit, path) {
      const found = await trees.entry(repo.id, commit, path)
      if (found === undefined) throw new HubError('entry_not_found', 'Entry not found', { commit })
      return found
    },

    open,
    openBlob,

    async read(permit, commit, path, bytesMax) {
      const found = await trees.entry(permit.repo.id, commit, path)
      if (found?.kind !== 'file' || found.sizeBytes > bytesMax) return undefined
      return gather(await open(permit, found))
    },

    async history({ repo }, from, { skip, limit }) {
      const oids = await history.all(repo.id, from)
      const commits: CommitEntry[] = []
      for (const oid of oids.slice(skip, skip + limit)) {
        commits.push({ oid, commit: await objects.commit(repo.id, oid) })
      }
      return { commits, total: oids.length }
    },

    lastChanges: history.lastChanges,
    commit: ({ repo }, oid) => objects.commit(repo.id, oid),
    move,

    async createBranch(ctx, { repo }, { name, at, overwrite, objects: fresh = [], beside }) {
      const full = `refs/heads/${name}`
      refuseRefName(name, full)
      const found = await sql.refByName(db.read, repo.id, full)
      if (found !== undefined && !overwrite) {
        throw new HubError('exists', `Reference ${full} already exists`, { ref: full })
      }
      const from = found?.oid ?? null
      const to = { oid: at, commit: at }
      await db.tx(async (q, after) => {
        await storeObjects(q, repo.id, fresh)
        await beside?.({ q, after, ctx })
        await move({ q, after, ctx }, repo.id, [{ name: full, from, to }])
      })
    },

    async deleteBranch(ctx, { repo }, name) {
      const full = `refs/heads/${name}`
      if (full === defaultBranch) {
        throw new HubError('invalid', `Cannot delete ${full}: it is the default branch.`)
      }
      await deleteRef(ctx, repo.id, full, name)
    },

    async createTag(ctx, { repo, actor }, { name, at, message }) {
      const full = `refs/tags/${name}`
      refuseRefName(name, full)
      const tagger = signatureOf(actor, clock.nowMs(), mailHost)
      const tag =
        message === undefined || message === ''
          ? undefined
          : newObject('tag', formatTag({ object: at, kind: 'commit', name, tagger, message }))
      await db.tx(async (q, after) => {
        if (tag !== undefined) await storeObjects(q, repo.id, [tag])
        const to = { oid: tag?.oid ?? at, commit: at }
        await move({ q, after, ctx }, repo.id, [{ name: full, from: null, to }])
      })
    },

    deleteTag: (ctx, { repo }, name) => deleteRef(ctx, repo.id, `refs/tags/${name}`, name),

    async copyAll(tx, from, to) {
      await sql.copyObjects(tx.q, from, to)
      const main = await sql.refByName(tx.q, from, defaultBranch)
      if (main === undefined) return
      const target = { oid: main.oid, commit: main.commit_oid }
      await move(tx, to, [{ name: defaultBranch, from: null, to: target }])
    },
  }
}
