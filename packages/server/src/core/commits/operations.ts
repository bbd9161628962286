/** What a commit may do to a tree, and the tree it makes of it. Paths were checked at the door of this room. */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { formatTree, isDirectory, type TreeEntry } from '@weighhouse/formats/git/tree.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type NewObject, newObject, type ObjectReader } from '../refs/index.ts'

/** What somebody asks a commit to do. */
export type Operation =
  /** Bytes that come with the commit. */
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array }
  /** A content uploaded before. */
  | {
      readonly kind: 'upload'
      readonly path: string
      readonly sha256: Sha256
      readonly sizeBytes: number | undefined
    }
  /** A file of this repo, at a revision or at the parent. */
  | {
      readonly kind: 'copy'
      readonly path: string
      readonly fromPath: string
      readonly fromRevision: string | undefined
    }
  /** A file, or a folder with all in it. */
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'deleteFolder'; readonly path: string }

/** An operation whose bytes are stored already. */
export type TreeOperation =
  | { readonly kind: 'set'; readonly path: string; readonly oid: GitOid }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'deleteFolder'; readonly path: string }

/** A folder being changed. Children not yet looked into stay raw entries. */
interface Folder {
  readonly children: Map<string, TreeEntry | Folder>
  /** Names by the form in which two of them would be one file on Windows or macOS; made when first needed. */
  byFoldedName?: Map<string, string>
}

const isFolder = (child: TreeEntry | Folder | undefined): child is Folder =>
  child !== undefined && 'children' in child

export interface TreeEditor {
  apply(operation: TreeOperation): Promise<void>
  /** Oid of the file now at the path, before or after edits; undefined when there is none. */
  find(path: string): Promise<GitOid | undefined>
  /** The new root and the tree objects that are new. */
  finish(): { root: GitOid; objects: NewObject[] }
}

const fold = (name: string): string => name.normalize('NFC').toLowerCase()

const foldedNames = (folder: Folder): Map<string, string> =>
  (folder.byFoldedName ??= new Map([...folder.children.keys()].map((name) => [fold(name), name])))

const refuseCollision = (folder: Folder, name: string, path: string): void => {
  const other = foldedNames(folder).get(fold(name))
  if (other === undefined || other === name) return
  throw new HubError(
    'invalid_path',
    `"${path}" differs from the existing "${other}" only in letter case or accents: on Windows and macOS one would overwrite the other. Choose another name, or delete the other first.`,
    { path },
  )
}

const put = (folder: Folder, name: string, child: TreeEntry | Folder): void => {
  folder.children.set(name, child)
  folder.byFoldedName?.set(fold(name), name)
}

const missing = (path: string): HubError =>
  new HubError('entry_not_found', `A file with this name doesn't exist: ${path}`, { path })

/** Edits a copy of a tree; `base` undefined starts from nothing. */
export const editTree = async (
  objects: ObjectReader,
  repoId: RepoId,
  base: GitOid | undefined,
): Promise<TreeEditor> => {
  const load = async (oid: GitOid): Promise<Folder> => ({
    children: new Map((await objects.tree(repoId, oid)).map((entry) => [entry.name, entry])),
  })
  const root: Folder = base === undefined ? { children: new Map() } : await load(base)

  /** The folder that holds the path's last name; with `make`, made where it is missing. */
  const folderOf = async (path: string, make: boolean): Promise<Folder | undefined> => {
    let folder = root
    for (const name of path.split('/').slice(0, -1)) {
      const child = folder.children.get(name)
      let next: Folder
      if (isFolder(child)) next = child
      else if (child !== undefined && isDirectory(child)) next = await load(child.oid)
      else if (!make) return undefined
      else if (child === undefined) {
        refuseCollision(folder, name, path)
        next = { children: new Map() }
      } else {
        throw new HubError(
          'invalid_path',
          `"${path}" cannot be a file: "${name}" on its way is a file.`,
        )
      }
      put(folder, name, next)
      folder = next
    }
    return folder
  }

  const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

  const remove = async (path: string, wanted: 'file' | 'folder'): Promise<void> => {
    const folder = await folderOf(path, false)
    const child = folder?.children.get(lastName(path))
    if (folder === undefined || child === undefined) throw missing(path)
    const isTree = isFolder(child) || isDirectory(child)
    if (wanted === 'folder' && !isTree) throw missing(path)
    folder.children.delete(lastName(path))
    folder.byFoldedName?.delete(fold(lastName(path)))
  }

  const set = async (path: string, oid: GitOid): Promise<void> => {
    const folder = await folderOf(path, true)
    if (folder === undefined) throw missing(path)
    const name = lastName(path)
    const child = folder.children.get(name)
    if (isFolder(child) || (child !== undefined && isDirectory(child))) {
      throw new HubError('invalid_path', `"${path}" cannot be a file: it is a folder.`)
    }
    if (child === undefined) refuseCollision(folder, name, path)
    put(folder, name, { mode: child?.mode ?? '100644', name, oid })
    if (folder.children.size > limits.treeEntriesMax) {
      throw new HubError(
        'too_many',
        `One folder may hold ${limits.treeEntriesMax} entries. Spread the files over more folders.`,
      )
    }
  }

  /** Writes changed folders from the leaves up. An empty folder does not exist in git. */
  const write = (folder: Folder, into: NewObject[]): GitOid | undefined => {
    const entries: TreeEntry[] = []
    for (const [name, child] of folder.children) {
      if (!isFolder(child)) {
        entries.push(child)
        continue
      }
      const oid = write(child, into)
      if (oid !== undefined) entries.push({ mode: '40000', name, oid })
    }
    if (entries.length === 0 && folder !== root) return undefined
    const object = newObject('tree', formatTree(entries))
    // Unchanged folders are written again only when they were looked into; storing skips what is there.
    into.push(object)
    return object.oid
  }

  return {
    async apply(operation) {
      switch (operation.kind) {
        case 'set':
          return set(operation.path, operation.oid)
        case 'delete':
          return remove(operation.path, 'file')
        case 'deleteFolder':
          return remove(operation.path, 'folder')
        default:
          return operation satisfies never
      }
    },
    async find(path) {
      const child = (await folderOf(path, false))?.children.get(lastName(path))
      return child === undefined || isFolder(child) || isDirectory(child) ? undefined : child.oid
    },
    finish() {
      const made: NewObject[] = []
      const oid = write(root, made)
      return { root: oid ?? newObject('tree', formatTree([])).oid, objects: made }
    },
  }
}
