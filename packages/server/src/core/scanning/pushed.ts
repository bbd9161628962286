/** Which files a push brought: those of its commits that their first parent does not have under the same name. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { isDirectory, type TreeEntry } from '@weighhouse/formats/git/tree.ts'
import type { RefUpdate } from '../events/index.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { ObjectReader } from '../refs/index.ts'

export interface PushedFile {
  readonly commit: GitOid
  readonly path: string
}

/** Commits behind `to`, newest first, until what the ref named before. */
const newCommits = async (
  objects: ObjectReader,
  repoId: RepoId,
  { from, to }: RefUpdate,
): Promise<GitOid[]> => {
  if (to === null) return []
  const found: GitOid[] = []
  const seen = new Set<string | null>([from])
  // A cast because events hold ids as text.
  const open = [to as GitOid]
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (seen.has(next) || found.length >= limits.leakPushCommitsMax) continue
    seen.add(next)
    // A tag names an object that is no commit; its commit came with a branch.
    if ((await objects.body(repoId, next, 'commit')) === undefined) continue
    found.push(next)
    open.push(...(await objects.commit(repoId, next)).parents)
  }
  return found
}

interface Pair {
  readonly path: string
  readonly tree: GitOid
  readonly before: GitOid | undefined
}

/** Files of a commit that are new in it. Folders that did not change are not entered. */
const changesOf = async function* (
  objects: ObjectReader,
  repoId: RepoId,
  commit: GitOid,
): AsyncGenerator<{ path: string; oid: GitOid }> {
  const { tree, parents } = await objects.commit(repoId, commit)
  const [parent] = parents
  const before = parent === undefined ? undefined : (await objects.commit(repoId, parent)).tree
  const open: Pair[] = [{ path: '', tree, before }]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const folder = pair.path
    const old = pair.before === undefined ? [] : await objects.tree(repoId, pair.before)
    const known = new Map<string, TreeEntry>(old.map((entry) => [entry.name, entry]))
    for (const entry of await objects.tree(repoId, pair.tree)) {
      const was = known.get(entry.name)
      if (was?.oid === entry.oid) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (isDirectory(entry)) {
        const oldTree = was !== undefined && isDirectory(was) ? was.oid : undefined
        open.push({ path, tree: entry.oid, before: oldTree })
      } else if (entry.mode !== '160000') yield { path, oid: entry.oid }
    }
  }
}

/** Each blob once, newest commits first, within the bounds of one push. */
export const newFiles = async (
  objects: ObjectReader,
  repoId: RepoId,
  updates: readonly RefUpdate[],
): Promise<PushedFile[]> => {
  const files = new Map<GitOid, PushedFile>()
  for (const update of updates) {
    for (const commit of await newCommits(objects, repoId, update)) {
      for await (const { path, oid } of changesOf(objects, repoId, commit)) {
        if (!files.has(oid)) files.set(oid, { commit, path })
        if (files.size >= limits.leakPushFilesMax) return [...files.values()]
      }
    }
  }
  return [...files.values()]
}
