/**
 * Checks that a hub holds what it says: every ref leads to a commit, every git object's references are there, every link has its
 * bytes, whole or as chunks, and every xorb is stored.
 * With `deep`, every git object and every stored byte is hashed again. Reads only; may run beside a server.
 */
import { createHash } from 'node:crypto'
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { XorbFacts } from '#core/chunks/index.ts'
import type { HeldContent } from '#core/content/index.ts'
import { HubError } from '#core/kernel/errors.ts'
import { ByteStoreError } from '#core/ports/byte-store.ts'
import type { House } from '../house.ts'
import { checkRepo } from './fsck-git.ts'

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

const problemsMax = 1_000
const page = 500

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

  const digest = async (sha256: Sha256): Promise<string> => {
    const hash = createHash('sha256')
    for await (const chunk of await bytes.open(sha256)) hash.update(chunk)
    return hash.digest('hex')
  }

  const problemOfWhole = async ({
    sha256,
    sizeBytes,
  }: HeldContent): Promise<string | undefined> => {
    const found = await bytes.stat(sha256)
    if (found === undefined) return 'linked, but its bytes are gone'
    if (found !== sizeBytes) return `should have ${sizeBytes} bytes, has ${found}`
    if (!options.deep || (await digest(sha256)) === sha256) return undefined
    return 'its bytes have another SHA-256'
  }

  const problemOfChunked = async (
    { sha256, sizeBytes }: HeldContent,
    file: XetHash,
  ): Promise<string | undefined> => {
    const problem = await hub.chunks.problemOfFile(file)
    if (problem !== undefined) return `its file of chunks ${file} ${problem}`
    const facts = await hub.chunks.factsOf(file)
    if (facts !== undefined && facts.sha256 !== sha256) {
      return `its file of chunks ${file} has SHA-256 ${facts.sha256}`
    }
    if (facts !== undefined && facts.sizeBytes !== sizeBytes) {
      return `should have ${sizeBytes} bytes, has ${facts.sizeBytes}`
    }
    if (!options.deep || (await hub.chunks.digest(file)) === sha256) return undefined
    return 'its chunks have another SHA-256'
  }

  const problemOfContent = async (content: HeldContent): Promise<string | undefined> => {
    const { xetHash } = content
    try {
      return await (xetHash === undefined
        ? problemOfWhole(content)
        : problemOfChunked(content, xetHash))
    } catch (error) {
      if (!(error instanceof HubError) && !(error instanceof ByteStoreError)) throw error
      return `cannot be read: ${error.message}`
    }
  }

  /** A server may have swept it since it was listed, or cut it into chunks: then it counts as it is now. */
  const checkContent = async (content: HeldContent): Promise<void> => {
    const { sha256, xetHash } = content
    let problem = await problemOfContent(content)
    if (problem === undefined) return
    const now = await hub.content.held(sha256)
    if (now?.isLinked !== true) return
    if (now.xetHash !== xetHash) problem = await problemOfContent(now)
    if (problem !== undefined) blame(`content ${sha256}: ${problem}`)
  }

  const problemOfXorb = async (xorb: XorbFacts): Promise<string | undefined> => {
    if (options.deep) return hub.chunks.problemOf(xorb)
    if (xorb.isDamaged) return 'was found damaged; send it again or restore it'
    if (!(await hub.chunks.indexed([xorb.hash])).has(xorb.hash)) return 'its index is gone'
    const found = await xorbs.stat(xorb.hash)
    if (found === undefined) return 'its bytes are gone'
    if (found === xorb.sizeBytes) return undefined
    return `should have ${xorb.sizeBytes} bytes, has ${found}`
  }

  /** What was swept or mended meanwhile is no damage: it is looked at again. */
  const checkXorb = async (xorb: XorbFacts, after: string): Promise<void> => {
    if ((await problemOfXorb(xorb)) === undefined) return
    const [now] = await hub.chunks.eachXorb(after, 1)
    const problem = now?.hash === xorb.hash ? await problemOfXorb(now) : undefined
    if (problem !== undefined) blame(`xorb ${xorb.hash}: ${problem}`)
  }

  const checkXorbs = async (): Promise<void> => {
    let after = ''
    for (;;) {
      const rows = await hub.chunks.eachXorb(after, page)
      if (rows.length === 0) return
      for (const row of rows) {
        options.signal?.throwIfAborted()
        report.xorbs += 1
        await checkXorb(row, after)
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
        if (row.isLinked) await checkContent(row)
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
    for (const repo of repos) {
      const { refs, objects } = await checkRepo(hub, repo, { ...options, blame })
      report.repos += 1
      report.refs += refs
      report.objects += objects
    }
    const last = repos.at(-1)
    if (last === undefined) break
    after = last.id
  }
  await checkContents()
  await checkXorbs()
  return report
}
