/** Names inside a commit: from a path to its entry, and from a folder to what is in it. */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { isDirectory, type TreeEntry } from '@weighhouse/formats/git/tree.ts'
import type { Querier } from '#db/flavor.ts'
import type { RepoId } from '../kernel/ids.ts'
import { makeLru } from '../kernel/lru.ts'
import type { ObjectReader } from './objects.ts'
import { objectMetas, type ObjectMeta } from './refs.sql.ts'

export interface FileEntry {
  readonly kind: 'file'
  readonly path: string
  /** The git blob: of an LFS file, its pointer. */
  readonly oid: GitOid
  /** The file as its reader gets it. */
  readonly sizeBytes: number
  readonly lfs?: { readonly sha256: Sha256; readonly pointerBytes: number }
  /** Where the blob's own bytes are, when they are too many for the database. */
  readonly contentSha256?: Sha256
}

export interface DirectoryEntry {
  readonly kind: 'directory'
  readonly path: string
  readonly oid: GitOid
}

export type Entry = FileEntry | DirectoryEntry

export interface Trees {
  /** Undefined when the path does not exist. The root is ''. */
  entry(repoId: RepoId, commit: GitOid, path: string): Promise<Entry | undefined>
  /** Children of a folder in tree order; undefined when it is no folder. */
  list(repoId: RepoId, commit: GitOid, path: string): Promise<readonly Entry[] | undefined>
  /** Everything below a folder, each folder before its contents; undefined when it is no folder. */
  listAll(repoId: RepoId, commit: GitOid, path: string): Promise<readonly Entry[] | undefined>
  /** Raw entries of the folder's tree object, or undefined. */
  rawTree(
    repoId: RepoId,
    commit: GitOid,
    path: string,
  ): Promise<{ oid: GitOid; entries: readonly TreeEntry[] } | undefined>
}

const metasPerQuery = 500
const entriesKept = 50_000
const listedEntriesKept = 200_000

const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

const toEntry = (path: string, raw: TreeEntry, meta: ObjectMeta | undefined): Entry => {
  if (isDirectory(raw)) return { kind: 'directory', path, oid: raw.oid }
  const isLfs = meta !== undefined && meta.lfs_sha256 !== null && meta.lfs_size_bytes !== null
  return {
    kind: 'file',
    path,
    oid: raw.oid,
    sizeBytes: isLfs ? (meta.lfs_size_bytes ?? 0) : (meta?.size_bytes ?? 0),
    ...(isLfs && meta.lfs_sha256 !== null
      ? { lfs: { sha256: meta.lfs_sha256, pointerBytes: meta.size_bytes } }
      : {}),
    ...(meta?.content_sha256 ? { contentSha256: meta.content_sha256 } : {}),
  }
}

export const makeTrees = (q: Querier, objects: ObjectReader): Trees => {
  const entries = makeLru<string, Entry>(entriesKept)
  const listings = makeLru<string, readonly Entry[]>(listedEntriesKept)

  const metasOf = async (
    repoId: RepoId,
    raws: readonly TreeEntry[],
  ): Promise<Map<GitOid, ObjectMeta>> => {
    const wanted = [...new Set(raws.filter((raw) => !isDirectory(raw)).map((raw) => raw.oid))]
    const metas = new Map<GitOid, ObjectMeta>()
    for (let i = 0; i < wanted.length; i += metasPerQuery) {
      for (const meta of await objectMetas(q, repoId, wanted.slice(i, i + metasPerQuery))) {
        metas.set(meta.oid, meta)
      }
    }
    return metas
  }

  const describe = async (
    repoId: RepoId,
    folder: string,
    raws: readonly TreeEntry[],
  ): Promise<Entry[]> => {
    // Submodules have no object here and nothing to download: they are not shown.
    const shown = raws.filter((raw) => raw.mode !== '160000')
    const metas = await metasOf(repoId, shown)
    return shown.map((raw) => toEntry(join(folder, raw.name), raw, metas.get(raw.oid)))
  }

  const rawTree = async (repoId: RepoId, commit: GitOid, path: string) => {
    let oid = (await objects.commit(repoId, commit)).tree
    for (const name of path === '' ? [] : path.split('/')) {
      const found = (await objects.tree(repoId, oid)).find((raw) => raw.name === name)
      if (found === undefined || !isDirectory(found)) return undefined
      oid = found.oid
    }
    return { oid, entries: await objects.tree(repoId, oid) }
  }

  const find = async (repoId: RepoId, commit: GitOid, path: string): Promise<Entry | undefined> => {
    const slash = path.lastIndexOf('/')
    const folder = slash === -1 ? '' : path.slice(0, slash)
    const tree = await rawTree(repoId, commit, folder)
    const raw = tree?.entries.find((one) => one.name === path.slice(slash + 1))
    return raw === undefined ? undefined : (await describe(repoId, folder, [raw]))[0]
  }

  const keep = async (
    key: string,
    make: () => Promise<readonly Entry[] | undefined>,
  ): Promise<readonly Entry[] | undefined> => {
    const kept = listings.get(key)
    if (kept !== undefined) return kept
    const made = await make()
    if (made !== undefined) listings.set(key, made, made.length + 1)
    return made
  }

  const list: Trees['list'] = (repoId, commit, path) =>
    keep(`${repoId}:${commit}:${path}`, async () => {
      const tree = await rawTree(repoId, commit, path)
      return tree === undefined ? undefined : describe(repoId, path, tree.entries)
    })

  const gather = async (
    repoId: RepoId,
    folder: string,
    oid: GitOid,
    into: Entry[],
  ): Promise<void> => {
    const children = await describe(repoId, folder, await objects.tree(repoId, oid))
    for (const child of children) {
      into.push(child)
      if (child.kind === 'directory') await gather(repoId, child.path, child.oid, into)
    }
  }

  return {
    rawTree,
    list,
    async entry(repoId, commit, path) {
      const key = `${repoId}:${commit}:${path}`
      const kept = entries.get(key)
      if (kept !== undefined) return kept
      const found =
        path === ''
          ? ({ kind: 'directory', path, oid: (await objects.commit(repoId, commit)).tree } as const)
          : await find(repoId, commit, path)
      if (found !== undefined) entries.set(key, found, 1)
      return found
    },
    listAll: (repoId, commit, path) =>
      keep(`${repoId}:${commit}:${path}:all`, async () => {
        const tree = await rawTree(repoId, commit, path)
        if (tree === undefined) return undefined
        const into: Entry[] = []
        await gather(repoId, path, tree.oid, into)
        return into
      }),
  }
}
