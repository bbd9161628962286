/** What each repo takes on the disk, what it shares with others, and what deleting it would free. */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import type { RepoId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { defaultBranch, type Entry, type Ref } from '#core/refs/index.ts'
import type { Repo } from '#core/repos/index.ts'
import type { RepoType } from '#db/schema.ts'
import { type Ledger, openLedger, type Weighed, type Weight } from './ledger.ts'

export type { Weight } from './ledger.ts'

export interface RepoWeight extends Weight {
  readonly path: string
  readonly type: RepoType
  readonly sharedBytes: number
}

export interface HubWeight {
  readonly repos: readonly RepoWeight[]
  readonly logicalBytes: number
  readonly storedBytes: number
  /** Logical by stored bytes. */
  readonly ratio: number
  /** Stored bytes that no repo needs: contents without links, xorbs without files. */
  readonly unneededBytes: number
  /** When the last of it will be gone; undefined when there is none. */
  readonly unneededGoneAtMs: number | undefined
}

export interface RepoReport {
  readonly path: string
  readonly type: RepoType
  /** With their history; what deleting the ref, and then collecting, would free. */
  readonly refs: readonly (Weight & { readonly name: string })[]
  /** Of the default branch. Stored are a file's own records; exclusive those in xorbs that nothing else needs. */
  readonly files: readonly (Weight & { readonly path: string })[]
}

const page = 500

const weighRepo = async (house: Weighed, repo: Repo): Promise<RepoWeight> => {
  const ledger = await openLedger(house, repo.id)
  const weight = ledger.weigh(ledger.contents)
  const sharedBytes = weight.storedBytes - weight.exclusiveBytes
  return { path: repo.path, type: repo.type, ...weight, sharedBytes }
}

const wholeBytes = async ({ hub }: Weighed): Promise<number> => {
  let bytes = 0
  let after = ''
  for (;;) {
    const rows = await hub.content.eachHeld(after, page)
    for (const row of rows) if (row.xetHash === undefined) bytes += row.sizeBytes
    const last = rows.at(-1)
    if (last === undefined) return bytes
    after = last.sha256
  }
}

export const reportOnHub = async (house: Weighed): Promise<HubWeight> => {
  const { hub, db } = house
  const repos: RepoWeight[] = []
  let after = ''
  for (;;) {
    const some = await hub.repos.each(db.read, after, page)
    for (const repo of some) repos.push(await weighRepo(house, repo))
    const last = some.at(-1)
    if (last === undefined) break
    after = last.id
  }
  const logicalBytes = repos.reduce((sum, one) => sum + one.logicalBytes, 0)
  const storedBytes = (await hub.chunks.storedBytes()) + (await wholeBytes(house))
  const unneeded = await findUnneeded(house)
  const ratio = storedBytes === 0 ? 1 : logicalBytes / storedBytes
  return { repos, logicalBytes, storedBytes, ratio, ...unneeded }
}

/** Contents without links go with the next sweeps, and what they alone need a grace later. */
const findUnneeded = async ({
  hub,
}: Weighed): Promise<Pick<HubWeight, 'unneededBytes' | 'unneededGoneAtMs'>> => {
  const { contents, bytes } = await hub.content.unlinked()
  const xorbs = await hub.chunks.unneeded()
  const ends = [
    ...(xorbs.goneAtMs === undefined ? [] : [xorbs.goneAtMs]),
    ...(contents === 0 ? [] : [hub.clock.nowMs() + 2 * limits.sweepGraceMs]),
  ]
  return {
    unneededBytes: bytes + xorbs.bytes,
    unneededGoneAtMs: ends.length === 0 ? undefined : Math.max(...ends),
  }
}

/** A set of contents by their place in a ledger: an eighth of a byte each, so that every ref may have one. */
const makeMarks = (count: number) => {
  const bits = new Uint8Array(Math.ceil(count / 8))
  return {
    add: (at: number): void => void (bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))),
    has: (at: number): boolean => ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0,
  }
}

/** Walks the history behind each ref once; refs that lead to the same object are walked together. */
const weighRefs = async (
  { hub }: Weighed,
  repoId: RepoId,
  refs: readonly Ref[],
  ledger: Ledger,
): Promise<(Weight & { name: string })[]> => {
  const { contents } = ledger
  const places = new Map(contents.map((sha256, at) => [sha256, at]))
  const refsReaching = new Uint16Array(contents.length)
  const marks = new Map<GitOid, ReturnType<typeof makeMarks>>()
  for (const [oid, same] of Map.groupBy(refs, (ref) => ref.oid)) {
    const reached = makeMarks(contents.length)
    for (const sha256 of (await hub.refs.reach(repoId, [oid])).contents) {
      const at = places.get(sha256)
      if (at === undefined) continue
      reached.add(at)
      refsReaching[at] = (refsReaching[at] ?? 0) + same.length
    }
    marks.set(oid, reached)
  }
  return refs.map(({ name, oid }) => {
    const own = contents.filter((_, at) => marks.get(oid)?.has(at) === true)
    const isGoing = (sha256: Sha256): boolean => refsReaching[places.get(sha256) ?? -1] === 1
    return { name, ...ledger.weigh(own, isGoing) }
  })
}

const weighFile = async (
  { hub }: Weighed,
  ledger: Ledger,
  file: Extract<Entry, { kind: 'file' }>,
  isOnlyPath: boolean,
): Promise<Weight> => {
  const logicalBytes = file.sizeBytes
  const sha256 = file.lfs?.sha256 ?? file.contentSha256
  const entry = sha256 === undefined ? undefined : ledger.find(sha256)
  // In the database.
  if (sha256 === undefined || entry === undefined) {
    return { logicalBytes, storedBytes: 0, exclusiveBytes: 0 }
  }
  const held = entry.isWhole ? undefined : await hub.content.held(sha256)
  if (held?.xetHash === undefined) {
    const exclusiveBytes = entry.isOwn && isOnlyPath ? logicalBytes : 0
    return { logicalBytes, storedBytes: logicalBytes, exclusiveBytes }
  }
  let storedBytes = 0
  let exclusiveBytes = 0
  for (const [xorb, bytes] of await hub.chunks.recordBytes(held.xetHash)) {
    storedBytes += bytes
    if (isOnlyPath && ledger.isXorbOf(xorb, sha256)) exclusiveBytes += bytes
  }
  return { logicalBytes, storedBytes, exclusiveBytes }
}

const contentOf = (entry: Entry): Sha256 | undefined =>
  entry.kind === 'file' ? (entry.lfs?.sha256 ?? entry.contentSha256) : undefined

/** Errors: `repo_not_found`. */
export const reportOnRepo = async (
  house: Weighed,
  ctx: Ctx,
  wish: { path: string; type: RepoType },
): Promise<RepoReport> => {
  const { hub } = house
  const { repo } = await hub.policy.require(ctx, 'repo.read', wish)
  const ledger = await openLedger(house, repo.id)
  const refs = await hub.refs.refsOf(repo.id)
  const main = refs.find((ref) => ref.name === defaultBranch)
  const entries =
    main === undefined ? [] : ((await hub.refs.trees.listAll(repo.id, main.commit, '')) ?? [])
  const paths = new Map<Sha256 | undefined, number>()
  for (const entry of entries) paths.set(contentOf(entry), (paths.get(contentOf(entry)) ?? 0) + 1)
  const files: (Weight & { path: string })[] = []
  for (const entry of entries) {
    if (entry.kind !== 'file') continue
    const isOnlyPath = paths.get(contentOf(entry)) === 1
    files.push({ path: entry.path, ...(await weighFile(house, ledger, entry, isOnlyPath)) })
  }
  return { ...wish, refs: await weighRefs(house, repo.id, refs, ledger), files }
}
