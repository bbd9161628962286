/**
 * The git half of fsck: every ref leads to a commit, every object's references are there, every content that one names is linked. What no
 * ref leads to may be half collected: only what a ref needs is missed.
 */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { FormatError } from '@weighhouse/formats/error.ts'
import { parseCommit } from '@weighhouse/formats/git/commit.ts'
import { parseTag } from '@weighhouse/formats/git/tag.ts'
import { parseTree } from '@weighhouse/formats/git/tree.ts'
import type { Hub } from '#core/hub.ts'
import { isHubError } from '#core/kernel/errors.ts'
import { hashObject, type Reach } from '#core/refs/index.ts'
import type { Repo } from '#core/repos/index.ts'
import type { Row } from '#db/schema.ts'

type ObjectRow = Row<'git_object'>

interface Options {
  readonly deep: boolean
  readonly signal?: AbortSignal
  blame(sentence: string): void
}

const page = 500

/** Objects that this one cannot be read without. A commit of another repo, as a submodule names it, is none. */
const referencesOf = (row: ObjectRow, body: Uint8Array): GitOid[] => {
  switch (row.kind) {
    case 'commit': {
      const { tree, parents } = parseCommit(body)
      return [tree, ...parents]
    }
    case 'tree':
      return parseTree(body)
        .filter((entry) => entry.mode !== '160000')
        .map((entry) => entry.oid)
    case 'tag':
      return [parseTag(body).object]
    case 'blob':
      return []
    default:
      return row.kind satisfies never
  }
}

/** Answers whether a ref of the repo leads to an object; looks only when it is first asked, since few repos miss anything. */
const makeNeeds = ({ refs }: Hub, repo: Repo): ((oid: GitOid) => Promise<boolean>) => {
  let found: Promise<Reach | undefined> | undefined
  const look = async (): Promise<Reach | undefined> => {
    const starts = (await refs.refsOf(repo.id)).map((ref) => ref.oid)
    try {
      return await refs.reach(repo.id, starts)
    } catch (error) {
      // A walk that meets a hole does not know: then everything counts as needed.
      if (error instanceof FormatError || isHubError(error, 'unavailable')) return undefined
      throw error
    }
  }
  return async (oid) => {
    found ??= look()
    return (await found)?.oids.has(oid) ?? true
  }
}

const checkRefs = async (hub: Hub, repo: Repo, { blame }: Options): Promise<number> => {
  const refs = await hub.refs.refsOf(repo.id)
  const named = [...new Set(refs.flatMap((ref) => [ref.oid, ref.commit]))]
  const there = await hub.refs.existing(repo.id, named)
  for (const ref of refs) {
    for (const oid of new Set([ref.oid, ref.commit])) {
      if (there.has(oid)) continue
      blame(`${repo.type} ${repo.path}: ${ref.name} leads to ${oid}, which is not there`)
    }
  }
  return refs.length
}

/** Answers how many refs and objects it saw. */
export const checkRepo = async (
  hub: Hub,
  repo: Repo,
  options: Options,
): Promise<{ refs: number; objects: number }> => {
  const { deep, blame } = options
  const isNeeded = makeNeeds(hub, repo)
  const labelOf = (kind: ObjectRow['kind'], oid: GitOid): string =>
    `${repo.type} ${repo.path}: ${kind} ${oid}`
  const miss = async (row: ObjectRow, what: string): Promise<void> => {
    if (await isNeeded(row.oid)) blame(`${labelOf(row.kind, row.oid)}: ${what}`)
  }

  const referencesIn = (row: ObjectRow): GitOid[] => {
    if (row.body === null) return []
    const label = labelOf(row.kind, row.oid)
    if (deep && hashObject(row.kind, row.body) !== row.oid) {
      blame(`${label}: the stored body does not have this id`)
    }
    try {
      return referencesOf(row, row.body)
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      blame(`${label}: ${error.message}`)
      return []
    }
  }

  const checkReferences = async (rows: readonly ObjectRow[]): Promise<void> => {
    const wanted = rows.map((row) => ({ row, oids: referencesIn(row) }))
    const all = [...new Set(wanted.flatMap(({ oids }) => oids))]
    const there = await hub.refs.existing(repo.id, all)
    for (const { row, oids } of wanted) {
      for (const oid of oids) {
        if (!there.has(oid)) await miss(row, `needs the object ${oid}, which is not there`)
      }
    }
  }

  const checkLinks = async (rows: readonly ObjectRow[]): Promise<void> => {
    const wanted: { row: ObjectRow; sha256: Sha256; sizeBytes: number }[] = []
    for (const row of rows) {
      const { content_sha256: own, lfs_sha256: lfs } = row
      if (row.body === null && own === null) {
        blame(`${labelOf(row.kind, row.oid)}: has no bytes`)
      }
      if (own !== null) wanted.push({ row, sha256: own, sizeBytes: row.size_bytes })
      if (lfs !== null) wanted.push({ row, sha256: lfs, sizeBytes: row.lfs_size_bytes ?? 0 })
    }
    const hashes = [...new Set(wanted.map(({ sha256 }) => sha256))]
    const linked = await hub.content.sizesIn(repo.id, hashes)
    for (const { row, sha256, sizeBytes } of wanted) {
      const found = linked.get(sha256)
      if (found === sizeBytes) continue
      await miss(
        row,
        found === undefined
          ? `the repository is not linked to its content ${sha256}`
          : `its content ${sha256} should have ${sizeBytes} bytes, the link says ${found}`,
      )
    }
  }

  const refs = await checkRefs(hub, repo, options)
  let objects = 0
  let after = ''
  for (;;) {
    options.signal?.throwIfAborted()
    const rows = await hub.refs.eachObject(repo.id, after, page)
    objects += rows.length
    await checkReferences(rows)
    await checkLinks(rows)
    const last = rows.at(-1)
    if (last === undefined) return { refs, objects }
    after = last.oid
  }
}
