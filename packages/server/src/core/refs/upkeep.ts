/** The refs room as the hub's own tools see it: whole repos, whoever may see them. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type Reach, reachFrom } from './reach.ts'
import * as sql from './refs.sql.ts'

export interface Ref {
  /** Full name. */
  readonly name: string
  readonly oid: GitOid
  /** The commit behind it, for annotated tags too. */
  readonly commit: GitOid
}

export interface RefsUpkeep {
  /** Every object of a repo in order of id, after the given one. */
  eachObject(repoId: RepoId, after: string, limit: number): Promise<Row<'git_object'>[]>
  /** Which of these objects the repo has. */
  existing(repoId: RepoId, oids: readonly GitOid[]): Promise<Set<GitOid>>
  /** Refs of a repo whoever may see it. */
  refsOf(repoId: RepoId): Promise<Ref[]>
  /** All that these objects lead to. Errors: `unavailable` when one on the way is missing. */
  reach(repoId: RepoId, from: readonly GitOid[]): Promise<Reach>
  /** Where the refs stand, as the caller's transaction sees it, and when one of them last moved. */
  standing(q: Querier, repoId: RepoId): Promise<{ refs: Ref[]; movedAtMs: number }>
  /** Ids and sizes of a repo's objects in order of id, after the given one. */
  objectSizes(repoId: RepoId, after: string, limit: number): Promise<sql.ObjectSize[]>
  /** Deletes objects inside the caller's transaction, which has made sure that no ref leads to them. */
  dropObjects(q: Querier, repoId: RepoId, oids: readonly GitOid[]): Promise<void>
  /** Throws `busy` when one of these objects is gone: what no ref leads to yet may be collected under a commit that is being made. */
  confirm(q: Querier, repoId: RepoId, oids: readonly GitOid[]): Promise<void>
}

export const toRef = (row: Row<'ref'>): Ref => ({
  name: row.name,
  oid: row.oid,
  commit: row.commit_oid,
})

export const refuseGone = async (
  q: Querier,
  repoId: RepoId,
  oids: readonly GitOid[],
): Promise<void> => {
  const wanted = [...new Set(oids)]
  for (let i = 0; i < wanted.length; i += 500) {
    const piece = wanted.slice(i, i + 500)
    if ((await sql.objectMetas(q, repoId, piece)).length === piece.length) continue
    throw new HubError(
      'busy',
      'What this change needs was just collected as unneeded. Repeat it from its start.',
    )
  }
}

export const makeRefsUpkeep = (read: Querier): RefsUpkeep => ({
  eachObject: (repoId, after, limit) => sql.objectsAfter(read, repoId, after, limit),
  async existing(repoId, oids) {
    const found = new Set<GitOid>()
    for (let i = 0; i < oids.length; i += 500) {
      const metas = await sql.objectMetas(read, repoId, oids.slice(i, i + 500))
      for (const { oid } of metas) found.add(oid)
    }
    return found
  },
  refsOf: async (repoId) => (await sql.refsOf(read, repoId, limits.refsPerRepoMax)).map(toRef),
  reach: (repoId, from) => reachFrom(read, repoId, from),
  async standing(q, repoId) {
    const rows = await sql.refsOf(q, repoId, limits.refsPerRepoMax)
    const movedAtMs = rows.reduce((latest, row) => Math.max(latest, row.updated_at_ms), 0)
    return { refs: rows.map(toRef), movedAtMs }
  },
  objectSizes: (repoId, after, limit) => sql.objectSizesAfter(read, repoId, after, limit),
  async dropObjects(q, repoId, oids) {
    for (let i = 0; i < oids.length; i += 500) {
      await sql.deleteObjects(q, repoId, oids.slice(i, i + 500))
    }
  },
  confirm: (q, repoId, oids) => refuseGone(q, repoId, oids),
})
