/** Commits in the order people read them, and the last commit that changed each path. Walks are bounded. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import type { GitCommit } from '@weighhouse/formats/git/commit.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { makeLru } from '../kernel/lru.ts'
import type { ObjectReader } from './objects.ts'
import type { Trees } from './tree.ts'

export interface CommitEntry {
  readonly oid: GitOid
  readonly commit: GitCommit
}

export interface History {
  /** Every commit reachable from one, newest first, at most `limits.historyWalkMax`. */
  all(repoId: RepoId, from: GitOid): Promise<readonly GitOid[]>
  /**
   * For children of one folder: the commit that last changed each, keyed by name. Names whose change lies further back than
   * `limits.lastCommitWalkMax` commits are absent.
   */
  lastChanges(
    repoId: RepoId,
    from: GitOid,
    folder: string,
    names: readonly string[],
  ): Promise<Map<string, CommitEntry>>
}

const oidsKept = 500_000

export const makeHistory = (objects: ObjectReader, trees: Trees): History => {
  const walks = makeLru<string, readonly GitOid[]>(oidsKept)

  const walk = async (repoId: RepoId, from: GitOid): Promise<GitOid[]> => {
    const found: GitOid[] = []
    const seen = new Set<GitOid>([from])
    // Kept in order of committer time, newest last: almost always one element.
    const open: CommitEntry[] = [{ oid: from, commit: await objects.commit(repoId, from) }]
    while (found.length < limits.historyWalkMax) {
      const next = open.pop()
      if (next === undefined) break
      found.push(next.oid)
      for (const parent of next.commit.parents) {
        if (seen.has(parent)) continue
        seen.add(parent)
        const commit = await objects.commit(repoId, parent)
        const at = open.findIndex((one) => one.commit.committer.atMs > commit.committer.atMs)
        open.splice(at === -1 ? open.length : at, 0, { oid: parent, commit })
      }
    }
    return found
  }

  const extend = async (repoId: RepoId, from: GitOid): Promise<readonly GitOid[]> => {
    const { parents } = await objects.commit(repoId, from)
    const [parent] = parents
    const known =
      parents.length === 1 && parent !== undefined ? walks.get(`${repoId}:${parent}`) : undefined
    if (known === undefined) return walk(repoId, from)
    return [from, ...known].slice(0, limits.historyWalkMax)
  }

  const oidsIn = async (
    repoId: RepoId,
    commit: GitOid,
    folder: string,
  ): Promise<Map<string, GitOid>> => {
    const tree = await trees.rawTree(repoId, commit, folder)
    return new Map(tree?.entries.map((entry) => [entry.name, entry.oid]))
  }

  return {
    async all(repoId, from) {
      const key = `${repoId}:${from}`
      const kept = walks.get(key)
      if (kept !== undefined) return kept
      const made = await extend(repoId, from)
      walks.set(key, made, made.length)
      return made
    },

    async lastChanges(repoId, from, folder, names) {
      const changes = new Map<string, CommitEntry>()
      const pending = new Set(names)
      let oid: GitOid | undefined = from
      let here = await oidsIn(repoId, from, folder)
      for (let step = 0; step < limits.lastCommitWalkMax && oid !== undefined; step += 1) {
        const commit: GitCommit = await objects.commit(repoId, oid)
        const parent: GitOid | undefined = commit.parents[0]
        const before =
          parent === undefined ? new Map<string, GitOid>() : await oidsIn(repoId, parent, folder)
        for (const name of pending) {
          if (before.get(name) === here.get(name)) continue
          changes.set(name, { oid, commit })
          pending.delete(name)
        }
        if (pending.size === 0) break
        oid = parent
        here = before
      }
      return changes
    },
  }
}
