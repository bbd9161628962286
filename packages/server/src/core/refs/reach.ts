/** What the refs of a repo lead to: every object, and every content that one of them needs. */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { parseCommit } from '@weighhouse/formats/git/commit.ts'
import { parseTag } from '@weighhouse/formats/git/tag.ts'
import { parseTree } from '@weighhouse/formats/git/tree.ts'
import type { Querier } from '#db/flavor.ts'
import { breathe } from '../kernel/breathe.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { type ObjectStep, objectSteps } from './refs.sql.ts'

export interface Reach {
  readonly oids: ReadonlySet<GitOid>
  /** Of LFS files, and of blobs that are too large for the database. */
  readonly contents: ReadonlySet<Sha256>
}

/** Trees have megabytes: few at a time. */
const perQuery = 50

const follow = (row: ObjectStep): GitOid[] => {
  if (row.body === null) return []
  switch (row.kind) {
    case 'commit': {
      const { tree, parents } = parseCommit(row.body)
      return [tree, ...parents]
    }
    case 'tree':
      // A submodule names a commit of another repo.
      return parseTree(row.body).flatMap((entry) => (entry.mode === '160000' ? [] : [entry.oid]))
    case 'tag':
      return [parseTag(row.body).object]
    case 'blob':
      return []
    default:
      return row.kind satisfies never
  }
}

/** Errors: `unavailable` when an object on the way is missing, since what lies behind it is then not known. */
export const reachFrom = async (
  q: Querier,
  repoId: RepoId,
  starts: readonly GitOid[],
): Promise<Reach> => {
  const oids = new Set<GitOid>(starts)
  const contents = new Set<Sha256>()
  const waiting = [...oids]
  while (waiting.length > 0) {
    await breathe()
    const asked = waiting.splice(-perQuery)
    const rows = await objectSteps(q, repoId, asked)
    if (rows.length !== asked.length) {
      const there = new Set(rows.map((row) => row.oid))
      const lost = asked.find((oid) => !there.has(oid)) ?? ''
      throw new HubError(
        'unavailable',
        `The object ${lost} of this repository is missing: what it leads to is not known. Run \`weighhouse fsck\`.`,
      )
    }
    for (const row of rows) {
      if (row.content_sha256 !== null) contents.add(row.content_sha256)
      if (row.lfs_sha256 !== null) contents.add(row.lfs_sha256)
      for (const oid of follow(row)) {
        if (oids.has(oid)) continue
        oids.add(oid)
        waiting.push(oid)
      }
    }
  }
  return { oids, contents }
}
