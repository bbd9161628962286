/**
 * The refs room: git commits, trees, blobs and tags as the truth about names, and the refs that lead to them.
 *
 * Invariants: objects are stored before a ref names them; a ref moves only from where its mover saw it; objects belong to one repo and are
 * not found through another.
 */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import type { GitCommit } from '@weighhouse/formats/git/commit.ts'
import type { Database } from '#db/connect.ts'
import type { Content } from '../content/index.ts'
import type { Events } from '../events/index.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { BrowsePermit, ReadPermit } from '../policy/index.ts'
import { type ByteRange, type ByteSource, sourceOf } from '../ports/byte-store.ts'
import type { Repos } from '../repos/index.ts'
import { type CommitEntry, type History, makeHistory } from './history.ts'
import { makeMoves, type Moves } from './moves.ts'
import { makeObjectReader, type ObjectReader } from './objects.ts'
import * as sql from './refs.sql.ts'
import { resolveRevision, type Revision, unknownRevision } from './revision.ts'
import { type Entry, type FileEntry, makeTrees, type Trees } from './tree.ts'
import { makeRefsUpkeep, type Ref, type RefsUpkeep, toRef } from './upkeep.ts'

export type { CommitEntry } from './history.ts'
export {
  hashObject,
  type NewObject,
  newObject,
  type ObjectReader,
  storeObjects,
} from './objects.ts'
export type { RefMove } from './moves.ts'
export type { Reach } from './reach.ts'
export { defaultBranch, type Revision } from './revision.ts'
export { signatureOf } from './signature.ts'
export type { DirectoryEntry, Entry, FileEntry, Trees } from './tree.ts'
export type { Ref } from './upkeep.ts'

export interface Refs extends RefsUpkeep, Moves {
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

const gather = async (source: ByteSource): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks) // bounded: callers compare the size first
}

export const makeRefs = (deps: RefsDeps): Refs => {
  const { db, content } = deps
  const objects = makeObjectReader(db.read)
  const trees = makeTrees(db.read, objects)
  const history = makeHistory(objects, trees)

  const resolve = async ({ repo }: BrowsePermit, rev: string): Promise<Revision> => {
    const found = await resolveRevision(db.read, repo.id, rev)
    if (found === undefined) throw unknownRevision(rev)
    return found
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
    ...makeMoves(deps),
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
  }
}
