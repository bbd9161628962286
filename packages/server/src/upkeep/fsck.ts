/**
 * Checks that a hub holds what it says: every ref leads to a commit, every git object's references are there, every link has its
 * bytes, whole or as chunks, and every xorb is stored.
 * With `deep`, every git object and every stored byte is hashed again. Reads only; may run beside a server.
 */
import { createHash } from 'node:crypto'
import type { GitOid, Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import { FormatError } from '@weighhouse/formats/error.ts'
import { parseCommit } from '@weighhouse/formats/git/commit.ts'
import { parseTag } from '@weighhouse/formats/git/tag.ts'
import { parseTree } from '@weighhouse/formats/git/tree.ts'
import type { XorbFacts } from '#core/chunks/index.ts'
import type { HeldContent } from '#core/content/index.ts'
import { HubError } from '#core/kernel/errors.ts'
import { ByteStoreError } from '#core/ports/byte-store.ts'
import { hashObject } from '#core/refs/index.ts'
import type { Repo } from '#core/repos/index.ts'
import type { Row } from '#db/schema.ts'
import type { House } from '../house.ts'

export interface FsckReport {
  readonly repos: number
  readonly refs: number
  readonly objects: number
  readonly contents: number
  readonly bytes: number
  readonly xorbs: number
  /** Bytes on the disk that no repo needs; the sweep takes them after its grace period. No damage. */
  readonly unlinked: number
  /** One sentence each, at most `problemsMax`. */
  readonly problems: readonly string[]
  /** How many there are, also beyond those listed. */
  readonly problemCount: number
}

type Progress = { -readonly [K in keyof FsckReport]: FsckReport[K] } & { problems: string[] }

type ObjectRow = Row<'git_object'>

const problemsMax = 1_000
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

export const fsck = async (
  house: House,
  options: { deep: boolean; signal?: AbortSignal },
): Promise<FsckReport> => {
  const { hub, db, bytes, xorbs } = house
  const report: Progress = {
    repos: 0,
    refs: 0,
    objects: 0,
    contents: 0,
    bytes: 0,
    xorbs: 0,
    unlinked: 0,
    problems: [],
    problemCount: 0,
  }
  const blame = (sentence: string): void => {
    report.problemCount += 1
    if (report.problems.length < problemsMax) report.problems.push(sentence)
  }

  const referencesIn = (row: ObjectRow, label: string): GitOid[] => {
    if (row.body === null) return []
    if (options.deep && hashObject(row.kind, row.body) !== row.oid) {
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

  /** Hashes and sizes that the repo must be linked to for this blob to be read. */
  const checkObjects = async (repo: Repo, rows: readonly ObjectRow[]): Promise<void> => {
    const wanted = new Map<GitOid, string>()
    const contents = new Map<Sha256, { label: string; sizeBytes: number }>()
    for (const row of rows) {
      const label = `${repo.type} ${repo.path}: ${row.kind} ${row.oid}`
      if (row.body === null && row.content_sha256 === null) blame(`${label}: has no bytes`)
      for (const oid of referencesIn(row, label)) wanted.set(oid, label)
      if (row.content_sha256 !== null) {
        contents.set(row.content_sha256, { label, sizeBytes: row.size_bytes })
      }
      if (row.lfs_sha256 !== null) {
        contents.set(row.lfs_sha256, { label, sizeBytes: row.lfs_size_bytes ?? 0 })
      }
    }
    const there = await hub.refs.existing(repo.id, [...wanted.keys()])
    for (const [oid, label] of wanted) {
      if (!there.has(oid)) blame(`${label}: needs the object ${oid}, which is not there`)
    }
    const linked = await hub.content.sizesIn(repo.id, [...contents.keys()])
    for (const [sha256, { label, sizeBytes }] of contents) {
      const found = linked.get(sha256)
      if (found === sizeBytes) continue
      blame(
        found === undefined
          ? `${label}: the repository is not linked to its content ${sha256}`
          : `${label}: its content ${sha256} should have ${sizeBytes} bytes, the link says ${found}`,
      )
    }
  }

  const checkRepo = async (repo: Repo): Promise<void> => {
    report.repos += 1
    const refs = await hub.refs.refsOf(repo.id)
    report.refs += refs.length
    const named = [...new Set(refs.flatMap((ref) => [ref.oid, ref.commit]))]
    const there = await hub.refs.existing(repo.id, named)
    for (const ref of refs) {
      for (const oid of new Set([ref.oid, ref.commit])) {
        if (!there.has(oid)) {
          blame(`${repo.type} ${repo.path}: ${ref.name} leads to ${oid}, which is not there`)
        }
      }
    }
    let after = ''
    for (;;) {
      options.signal?.throwIfAborted()
      const rows = await hub.refs.eachObject(repo.id, after, page)
      report.objects += rows.length
      await checkObjects(repo, rows)
      const last = rows.at(-1)
      if (last === undefined) return
      after = last.oid
    }
  }

  const digest = async (sha256: Sha256): Promise<string> => {
    const hash = createHash('sha256')
    for await (const chunk of await bytes.open(sha256)) hash.update(chunk)
    return hash.digest('hex')
  }

  const isXorbKnown = async (xorb: XetHash): Promise<boolean> => {
    try {
      await hub.chunks.storedSize(xorb)
      return true
    } catch (error) {
      if (error instanceof HubError && error.code === 'entry_not_found') return false
      throw error
    }
  }

  const checkChunkedBytes = async (sha256: Sha256, file: XetHash): Promise<void> => {
    try {
      if ((await hub.chunks.digest(file)) === sha256) return
      blame(`content ${sha256}: its chunks have another SHA-256`)
    } catch (error) {
      if (!(error instanceof HubError) && !(error instanceof ByteStoreError)) throw error
      blame(`content ${sha256}: its chunks cannot be read: ${error.message}`)
    }
  }

  const checkChunks = async ({ sha256, sizeBytes }: HeldContent, file: XetHash): Promise<void> => {
    const facts = await hub.chunks.factsOf(file)
    if (facts === undefined) {
      return blame(`content ${sha256}: linked, but its file of chunks ${file} is not known`)
    }
    if (facts.sha256 !== sha256) {
      return blame(`content ${sha256}: its file of chunks ${file} has SHA-256 ${facts.sha256}`)
    }
    if (facts.sizeBytes !== sizeBytes) {
      return blame(`content ${sha256}: should have ${sizeBytes} bytes, has ${facts.sizeBytes}`)
    }
    const needed = await hub.chunks.xorbsOf(file)
    if (needed.length === 0 && sizeBytes > 0) {
      return blame(`content ${sha256}: its file of chunks ${file} names no xorb`)
    }
    for (const xorb of needed) {
      if (await isXorbKnown(xorb)) continue
      return blame(`content ${sha256}: needs the xorb ${xorb}, which is not known`)
    }
    if (options.deep) await checkChunkedBytes(sha256, file)
  }

  const checkWhole = async (content: HeldContent): Promise<void> => {
    const { sha256, sizeBytes } = content
    const found = await bytes.stat(sha256)
    // A server may have cut it into chunks since it was listed.
    const now = found === undefined ? await hub.content.held(sha256) : undefined
    if (now?.xetHash !== undefined) return checkChunks(now, now.xetHash)
    if (found === undefined) return blame(`content ${sha256}: linked, but its bytes are gone`)
    if (found !== sizeBytes) {
      return blame(`content ${sha256}: should have ${sizeBytes} bytes, has ${found}`)
    }
    if (options.deep && (await digest(sha256)) !== sha256) {
      blame(`content ${sha256}: its bytes have another SHA-256`)
    }
  }

  const checkHeld = (content: HeldContent): Promise<void> =>
    content.xetHash === undefined ? checkWhole(content) : checkChunks(content, content.xetHash)

  const problemOfXorb = async (xorb: XorbFacts): Promise<string | undefined> => {
    if (options.deep) return hub.chunks.problemOf(xorb)
    const found = await xorbs.stat(xorb.hash)
    if (found === undefined) return 'its bytes are gone'
    if (found === xorb.sizeBytes) return undefined
    return `should have ${xorb.sizeBytes} bytes, has ${found}`
  }

  const checkXorbs = async (): Promise<void> => {
    let after = ''
    for (;;) {
      const rows = await hub.chunks.eachXorb(after, page)
      if (rows.length === 0) return
      for (const row of rows) {
        options.signal?.throwIfAborted()
        report.xorbs += 1
        const problem = await problemOfXorb(row)
        // What a sweep took meanwhile is no damage.
        const isThere = async () => (await hub.chunks.eachXorb(after, 1))[0]?.hash === row.hash
        if (problem !== undefined && (await isThere())) blame(`xorb ${row.hash}: ${problem}`)
        after = row.hash
      }
    }
  }

  const checkContents = async (): Promise<void> => {
    let after = ''
    for (;;) {
      options.signal?.throwIfAborted()
      const rows = await hub.content.eachHeld(after, page)
      for (const row of rows) {
        report.contents += 1
        report.bytes += row.sizeBytes
        if (row.isLinked) await checkHeld(row)
        else report.unlinked += 1
      }
      const last = rows.at(-1)
      if (last === undefined) return
      after = last.sha256
    }
  }

  for (const line of await db.flavor.checkIntegrity(db.read)) blame(`database: ${line}`)
  let after = ''
  for (;;) {
    const repos = await hub.repos.each(db.read, after, page)
    for (const repo of repos) await checkRepo(repo)
    const last = repos.at(-1)
    if (last === undefined) break
    after = last.id
  }
  await checkContents()
  await checkXorbs()
  return report
}
