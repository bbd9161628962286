/** From what a client calls a revision to a commit. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { isGitOid } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import type { RepoId } from '../kernel/ids.ts'
import { HubError } from '../kernel/errors.ts'
import { objectByOid, oidsWithPrefix, refsByNames } from './refs.sql.ts'
import { parseTag } from '@weighhouse/formats/git/tag.ts'

export interface Revision {
  readonly commit: GitOid
  /** Full name of the ref it came from, if it came from one. */
  readonly ref?: string
}

export const defaultBranch = 'refs/heads/main'

/** Full names a short one may mean, first match wins: a branch before a tag of the same name. */
const candidateRefs = (rev: string): string[] => {
  if (rev === 'HEAD') return [defaultBranch]
  if (rev.startsWith('refs/')) return [rev]
  return [`refs/heads/${rev}`, `refs/tags/${rev}`]
}

/** The commit behind an object: itself, or what an annotated tag points at. */
const peel = async (q: Querier, repoId: RepoId, oid: GitOid): Promise<GitOid | undefined> => {
  let next = oid
  for (let depth = 0; depth < 5; depth += 1) {
    const row = await objectByOid(q, repoId, next)
    if (row?.kind === 'commit') return next
    if (row?.kind !== 'tag' || row.body === null) return undefined
    next = parseTag(row.body).object
  }
  return undefined
}

/** Undefined when the repo has no such revision. An abbreviated id needs 7 digits and must be unambiguous. */
export const resolveRevision = async (
  q: Querier,
  repoId: RepoId,
  rev: string,
): Promise<Revision | undefined> => {
  const names = candidateRefs(rev)
  const rows = await refsByNames(q, repoId, names)
  for (const name of names) {
    const row = rows.find((one) => one.name === name)
    if (row !== undefined) return { commit: row.commit_oid, ref: row.name }
  }
  const lower = rev.toLowerCase()
  if (isGitOid(lower)) {
    const commit = await peel(q, repoId, lower)
    return commit === undefined ? undefined : { commit }
  }
  if (!/^[0-9a-f]{7,39}$/.test(lower)) return undefined
  const [commit, another] = await oidsWithPrefix(q, repoId, lower)
  return commit === undefined || another !== undefined ? undefined : { commit }
}

export const unknownRevision = (rev: string): HubError =>
  new HubError('revision_not_found', `Invalid rev id: ${rev}`, { rev })
