/** Frees what no ref leads to, all the way down: links and git objects, then contents, then xorbs. May run beside a server. */
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { FormatError } from '@weighhouse/formats/error.ts'
import type { Collected } from '#core/commits/index.ts'
import { isHubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Repo } from '#core/repos/index.ts'
import type { House } from '../house.ts'
import { foresee } from './foresee.ts'

export interface GcReport {
  readonly isDryRun: boolean
  readonly repos: number
  /** Links that repos gave up, and the bytes of those files; others may still hold them. */
  readonly unlinked: number
  readonly unlinkedBytes: number
  readonly objects: number
  readonly objectBytes: number
  readonly contents: number
  readonly xorbs: number
  /** Freed on the disk; a dry run does not know of what crashes have left there. */
  readonly bytes: number
  /** What nothing needs any more and goes when its grace is over. */
  readonly laterBytes: number
  /** Until when a backup that is being made keeps everything: then nothing was swept. */
  readonly heldUntilMs: number | undefined
  /** Damaged repos, which were left as they are: what their refs lead to is not known. */
  readonly skipped: readonly string[]
}

/** Xorbs that no file names yet: an upload that may be continued. */
const unnamedNowMs = 24 * 3600 * 1000
const page = 500

const eachRepo = async function* ({ hub, db }: House): AsyncGenerator<Repo> {
  let after = ''
  for (;;) {
    const repos = await hub.repos.each(db.read, after, page)
    yield* repos
    const last = repos.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

const isDamage = (error: unknown): boolean =>
  error instanceof FormatError || isHubError(error, 'unavailable')

interface Freed {
  readonly contents: number
  readonly xorbs: number
  readonly bytes: number
  readonly laterBytes: number
}

interface Graces {
  readonly contentsMs: number
  readonly xorbs: { readonly namedMs: number; readonly unnamedMs: number }
}

const gracesFor = (isNow: boolean): Graces => ({
  contentsMs: isNow ? 0 : limits.sweepGraceMs,
  xorbs: isNow
    ? { namedMs: 0, unnamedMs: unnamedNowMs }
    : { namedMs: limits.sweepGraceMs, unnamedMs: limits.xorbUploadGraceMs },
})

const none = { namedMs: 0, unnamedMs: 0 }

const sweepAll = async ({ hub }: House, graces: Graces): Promise<Freed> => {
  const { contents, bytes } = await hub.content.sweep(graces.contentsMs)
  const swept = await hub.chunks.sweep(graces.xorbs)
  const later = (await hub.chunks.sweepable(none)).bytes
  return { contents, xorbs: swept.xorbs, bytes: bytes + swept.bytes, laterBytes: later }
}

/** The same, told and not done. */
const foreseeAll = async (
  house: House,
  lost: ReadonlyMap<Sha256, number>,
  { contentsMs, xorbs }: Graces,
): Promise<Freed> => {
  const { hub } = house
  const next = await foresee(house, lost, contentsMs)
  const ripe = await hub.chunks.sweepable(xorbs)
  const unneeded = (await hub.chunks.sweepable(none)).bytes + next.xorbBytes
  // What loses its last file only now waits for its own grace.
  const isNext = xorbs.namedMs === 0
  const freedBytes = ripe.bytes + (isNext ? next.xorbBytes : 0)
  return {
    contents: next.contents,
    xorbs: ripe.xorbs + (isNext ? next.xorbs : 0),
    bytes: next.wholeBytes + freedBytes,
    laterBytes: unneeded - freedBytes,
  }
}

/** `isNow` frees what is unneeded at once, also what was uploaded a moment ago and awaits its commit. */
export const gc = async (
  house: House,
  { isDryRun, isNow }: { isDryRun: boolean; isNow: boolean },
): Promise<GcReport> => {
  const { hub } = house
  const graces = gracesFor(isNow)
  const skipped: string[] = []
  const lost = new Map<Sha256, number>()
  const sums: { -readonly [K in keyof Collected]: number } = {
    contents: 0,
    contentBytes: 0,
    objects: 0,
    objectBytes: 0,
  }
  const onUnlink = (sha256: Sha256): void => void lost.set(sha256, (lost.get(sha256) ?? 0) + 1)
  // Only a dry run has to remember them.
  const how = { graceMs: graces.contentsMs, dryRun: isDryRun, ...(isDryRun ? { onUnlink } : {}) }
  let repos = 0
  for await (const repo of eachRepo(house)) {
    repos += 1
    try {
      const found = await hub.commits.collect(repo.id, how)
      sums.contents += found.contents
      sums.contentBytes += found.contentBytes
      sums.objects += found.objects
      sums.objectBytes += found.objectBytes
    } catch (error) {
      if (!isDamage(error)) throw error
      skipped.push(`${repo.type} ${repo.path}`)
    }
  }
  const heldUntilMs = await hub.content.sweepHeldUntilMs()
  const freed = isDryRun ? await foreseeAll(house, lost, graces) : await sweepAll(house, graces)
  return {
    isDryRun,
    repos,
    unlinked: sums.contents,
    unlinkedBytes: sums.contentBytes,
    objects: sums.objects,
    objectBytes: sums.objectBytes,
    ...freed,
    heldUntilMs: heldUntilMs > hub.clock.nowMs() ? heldUntilMs : undefined,
    skipped,
  }
}
