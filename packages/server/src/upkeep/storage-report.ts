/** What each repo takes on the disk, what it shares with others, and what deleting it would free. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import type { RepoId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { defaultBranch, type Entry, type Ref } from '#core/refs/index.ts'
import type { Repo } from '#core/repos/index.ts'
import type { RepoType } from '#db/schema.ts'
import type { House } from '../house.ts'

export interface Weight {
  /** The files as their readers get them. */
  readonly logicalBytes: number
  /** The distinct xorbs and whole contents behind them. */
  readonly storedBytes: number
  /** Of those, what nothing else needs: deleting it would free them. */
  readonly exclusiveBytes: number
}

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
}

export interface RepoReport {
  readonly path: string
  readonly type: RepoType
  /** With their history; what deleting the ref, and then collecting, would free. */
  readonly refs: readonly (Weight & { readonly name: string })[]
  /** Of the default branch. Stored are a file's own records; exclusive those in xorbs that no other content needs. */
  readonly files: readonly (Weight & { readonly path: string })[]
}

const page = 500

/** Is this content needed by nothing but what is weighed? */
type IsOwn = (sha256: Sha256, owners: { links: number; repoId: RepoId } | undefined) => boolean

/** Which of these xorbs only contents need that are the weighed thing's own. */
const ownXorbs = async (
  { hub }: House,
  xorbs: readonly XetHash[],
  isOwn: IsOwn,
): Promise<Set<XetHash>> => {
  const found = new Set<XetHash>()
  for (let i = 0; i < xorbs.length; i += page) {
    const needing = await hub.chunks.contentsNeeding(xorbs.slice(i, i + page))
    const owners = await hub.content.ownersOf([...new Set([...needing.values()].flat())])
    for (const [xorb, contents] of needing) {
      if (contents.every((one) => isOwn(one, owners.get(one)))) found.add(xorb)
    }
  }
  return found
}

const weigh = async (
  house: House,
  contents: ReadonlyMap<Sha256, number>,
  isOwn: IsOwn,
): Promise<Weight> => {
  const { hub } = house
  const xorbs = new Map<XetHash, number>()
  let logicalBytes = 0
  let storedBytes = 0
  let exclusiveBytes = 0
  const all = [...contents]
  for (let i = 0; i < all.length; i += page) {
    const piece = all.slice(i, i + page)
    const hashes = piece.map(([sha256]) => sha256)
    for (const [xorb, sizeBytes] of await hub.chunks.xorbsNeeded(hashes)) xorbs.set(xorb, sizeBytes)
    const owners = await hub.content.ownersOf(hashes)
    for (const [sha256, sizeBytes] of piece) {
      logicalBytes += sizeBytes
      if ((await hub.content.held(sha256))?.xetHash !== undefined) continue
      storedBytes += sizeBytes
      if (isOwn(sha256, owners.get(sha256))) exclusiveBytes += sizeBytes
    }
  }
  const own = await ownXorbs(house, [...xorbs.keys()], isOwn)
  for (const [xorb, sizeBytes] of xorbs) {
    storedBytes += sizeBytes
    if (own.has(xorb)) exclusiveBytes += sizeBytes
  }
  return { logicalBytes, storedBytes, exclusiveBytes }
}

const linksOf = async ({ hub }: House, repoId: RepoId): Promise<Map<Sha256, number>> => {
  const found = new Map<Sha256, number>()
  let after = ''
  for (;;) {
    const wish = { after, limit: page, linkedBeforeMs: Number.MAX_SAFE_INTEGER }
    const links = await hub.content.linksBefore(repoId, wish)
    for (const { sha256, sizeBytes } of links) found.set(sha256, sizeBytes)
    const last = links.at(-1)
    if (last === undefined) return found
    after = last.sha256
  }
}

/** A content that nobody is linked to any more keeps nothing from being freed. */
const heldOnlyBy =
  (repoId: RepoId): IsOwn =>
  (_, owners) =>
    owners === undefined || (owners.links === 1 && owners.repoId === repoId)

const weighRepo = async (house: House, repo: Repo): Promise<RepoWeight> => {
  const links = await linksOf(house, repo.id)
  const weight = await weigh(house, links, heldOnlyBy(repo.id))
  const sharedBytes = weight.storedBytes - weight.exclusiveBytes
  return { path: repo.path, type: repo.type, ...weight, sharedBytes }
}

const wholeBytes = async ({ hub }: House): Promise<number> => {
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

export const reportOnHub = async (house: House): Promise<HubWeight> => {
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
  const { bytes } = await hub.content.unlinked()
  const xorbs = await hub.chunks.sweepable({ namedMs: 0, unnamedMs: 0 })
  const ratio = storedBytes === 0 ? 1 : logicalBytes / storedBytes
  return { repos, logicalBytes, storedBytes, ratio, unneededBytes: bytes + xorbs.bytes }
}

const weighRefs = async (house: House, repoId: RepoId, refs: readonly Ref[]) => {
  const { hub } = house
  const reaching = new Map<Sha256, number>()
  const contentsOf = async (ref: Ref) => (await hub.refs.reach(repoId, [ref.oid])).contents
  for (const ref of refs) {
    for (const sha256 of await contentsOf(ref)) {
      reaching.set(sha256, (reaching.get(sha256) ?? 0) + 1)
    }
  }
  const isHere = heldOnlyBy(repoId)
  const weights: (Weight & { name: string })[] = []
  for (const ref of refs) {
    const contents = await contentsOf(ref)
    const sizes = await hub.content.sizesIn(repoId, [...contents])
    const isOwn: IsOwn = (sha256, owners) => {
      if (!isHere(sha256, owners)) return false
      const count = reaching.get(sha256) ?? 0
      return count === 0 || (count === 1 && contents.has(sha256))
    }
    weights.push({ name: ref.name, ...(await weigh(house, sizes, isOwn)) })
  }
  return weights
}

const weighFile = async (
  house: House,
  repoId: RepoId,
  file: Extract<Entry, { kind: 'file' }>,
): Promise<Weight> => {
  const { hub } = house
  const logicalBytes = file.sizeBytes
  const sha256 = file.lfs?.sha256 ?? file.contentSha256
  // In the database.
  if (sha256 === undefined) return { logicalBytes, storedBytes: 0, exclusiveBytes: 0 }
  const isHere = heldOnlyBy(repoId)
  const isOwn: IsOwn = (one, owners) =>
    owners === undefined || (one === sha256 && isHere(one, owners))
  const held = await hub.content.held(sha256)
  if (held?.xetHash === undefined) {
    const isExclusive = isOwn(sha256, (await hub.content.ownersOf([sha256])).get(sha256))
    return {
      logicalBytes,
      storedBytes: logicalBytes,
      exclusiveBytes: isExclusive ? logicalBytes : 0,
    }
  }
  const records = await hub.chunks.recordBytes(held.xetHash)
  const own = await ownXorbs(house, [...records.keys()], isOwn)
  let storedBytes = 0
  let exclusiveBytes = 0
  for (const [xorb, bytes] of records) {
    storedBytes += bytes
    if (own.has(xorb)) exclusiveBytes += bytes
  }
  return { logicalBytes, storedBytes, exclusiveBytes }
}

/** Errors: `repo_not_found`. */
export const reportOnRepo = async (
  house: House,
  ctx: Ctx,
  wish: { path: string; type: RepoType },
): Promise<RepoReport> => {
  const { hub } = house
  const { repo } = await hub.policy.require(ctx, 'repo.read', wish)
  const refs = (await hub.refs.refsOf(repo.id)).slice(0, limits.refsPerRepoMax)
  const main = refs.find((ref) => ref.name === defaultBranch)
  const entries =
    main === undefined ? [] : ((await hub.refs.trees.listAll(repo.id, main.commit, '')) ?? [])
  const files: (Weight & { path: string })[] = []
  for (const entry of entries) {
    if (entry.kind !== 'file') continue
    files.push({ path: entry.path, ...(await weighFile(house, repo.id, entry)) })
  }
  return { ...wish, refs: await weighRefs(house, repo.id, refs), files }
}
