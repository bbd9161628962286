/**
 * Git objects of one repo: hashing them, storing them, reading them back parsed. Parsed trees and commits are kept, since they never
 * change.
 */
import { createHash } from 'node:crypto'
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { type GitCommit, parseCommit } from '@weighhouse/formats/git/commit.ts'
import { type ObjectKind, objectHeader } from '@weighhouse/formats/git/object.ts'
import { parseTree, type TreeEntry } from '@weighhouse/formats/git/tree.ts'
import { parsePointer } from '@weighhouse/formats/lfs/pointer.ts'
import type { Querier } from '#db/flavor.ts'
import type { NewRow } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { makeLru } from '../kernel/lru.ts'
import { insertObjects, objectByOid } from './refs.sql.ts'

/** An object ready to be stored. */
export interface NewObject {
  readonly oid: GitOid
  readonly kind: ObjectKind
  readonly sizeBytes: number
  /** Null when the byte store holds the bytes under `contentSha256`. */
  readonly body: Uint8Array | null
  readonly contentSha256: Sha256 | null
}

/** SHA-1 of header and body, as git names objects. */
export const hashObject = (kind: ObjectKind, body: Uint8Array): GitOid =>
  // A cast because SHA-1 in hex is just that.
  createHash('sha1').update(objectHeader(kind, body.length)).update(body).digest('hex') as GitOid

export const newObject = (kind: ObjectKind, body: Uint8Array): NewObject => ({
  oid: hashObject(kind, body),
  kind,
  sizeBytes: body.length,
  body,
  contentSha256: null,
})

const rowsPerInsert = 100

const toRow = (repoId: RepoId, object: NewObject): NewRow<'git_object'> => {
  const pointer =
    object.kind === 'blob' && object.body !== null ? parsePointer(object.body) : undefined
  return {
    repo_id: repoId,
    oid: object.oid,
    kind: object.kind,
    size_bytes: object.sizeBytes,
    body: object.body,
    content_sha256: object.contentSha256,
    lfs_sha256: pointer?.sha256 ?? null,
    lfs_size_bytes: pointer?.sizeBytes ?? null,
  }
}

/** Writes objects inside the caller's transaction; those already there are left as they are. */
export const storeObjects = async (
  q: Querier,
  repoId: RepoId,
  objects: readonly NewObject[],
): Promise<void> => {
  for (let i = 0; i < objects.length; i += rowsPerInsert) {
    const rows = objects.slice(i, i + rowsPerInsert).map((object) => toRow(repoId, object))
    await insertObjects(q, rows)
  }
}

export interface ObjectReader {
  /** Errors: `unavailable` when the object is not in the database, which `weighhouse fsck` explains. */
  commit(repoId: RepoId, oid: GitOid): Promise<GitCommit>
  tree(repoId: RepoId, oid: GitOid): Promise<readonly TreeEntry[]>
  /** Undefined when there is no such object, or it is of another kind. */
  body(repoId: RepoId, oid: GitOid, kind: ObjectKind): Promise<Uint8Array | undefined>
}

const treeEntriesKept = 300_000
const commitsKept = 20_000

export const makeObjectReader = (q: Querier): ObjectReader => {
  const trees = makeLru<string, readonly TreeEntry[]>(treeEntriesKept)
  const commits = makeLru<string, GitCommit>(commitsKept)

  const body = async (
    repoId: RepoId,
    oid: GitOid,
    kind: ObjectKind,
  ): Promise<Uint8Array | undefined> => {
    const row = await objectByOid(q, repoId, oid)
    return row !== undefined && row.kind === kind ? (row.body ?? undefined) : undefined
  }

  const need = async (repoId: RepoId, oid: GitOid, kind: ObjectKind): Promise<Uint8Array> => {
    const found = await body(repoId, oid, kind)
    if (found !== undefined) return found
    throw new HubError(
      'unavailable',
      `The ${kind} ${oid} of this repository cannot be read. An administrator finds what is missing with \`weighhouse fsck\`.`,
    )
  }

  return {
    body,
    async commit(repoId, oid) {
      const key = `${repoId}:${oid}`
      const kept = commits.get(key)
      if (kept !== undefined) return kept
      const commit = parseCommit(await need(repoId, oid, 'commit'))
      commits.set(key, commit, 1)
      return commit
    },
    async tree(repoId, oid) {
      const key = `${repoId}:${oid}`
      const kept = trees.get(key)
      if (kept !== undefined) return kept
      const tree = parseTree(await need(repoId, oid, 'tree'))
      trees.set(key, tree, tree.length + 1)
      return tree
    },
  }
}
