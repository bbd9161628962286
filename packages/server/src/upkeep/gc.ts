/** Frees what no ref leads to, all the way down: links and git objects, then contents, then xorbs. May run beside a server. */
import { FormatError } from '@weighhouse/formats/error.ts'
import type { Collected } from '#core/commits/index.ts'
import { isHubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Repo } from '#core/repos/index.ts'
import type { House } from '../house.ts'

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
  /** Freed on the disk. A dry run counts what is free to go now, not what follows from what it would unlink. */
  readonly bytes: number
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

/** `isNow` frees what is unneeded at once, also what was uploaded a moment ago and awaits its commit. */
export const gc = async (
  house: House,
  { isDryRun, isNow }: { isDryRun: boolean; isNow: boolean },
): Promise<GcReport> => {
  const { hub } = house
  const graceMs = isNow ? 0 : limits.sweepGraceMs
  const graces = {
    namedMs: graceMs,
    unnamedMs: isNow ? unnamedNowMs : limits.xorbUploadGraceMs,
  }
  const skipped: string[] = []
  const sums: { -readonly [K in keyof Collected]: number } = {
    contents: 0,
    contentBytes: 0,
    objects: 0,
    objectBytes: 0,
  }
  let repos = 0
  for await (const repo of eachRepo(house)) {
    repos += 1
    try {
      const found = await hub.commits.collect(repo.id, { graceMs, dryRun: isDryRun })
      sums.contents += found.contents
      sums.contentBytes += found.contentBytes
      sums.objects += found.objects
      sums.objectBytes += found.objectBytes
    } catch (error) {
      if (!isDamage(error)) throw error
      skipped.push(`${repo.type} ${repo.path}`)
    }
  }
  const swept = isDryRun ? await hub.content.unlinked() : await hub.content.sweep(graceMs)
  const xorbs = isDryRun ? await hub.chunks.sweepable(graces) : await hub.chunks.sweep(graces)
  return {
    isDryRun,
    repos,
    unlinked: sums.contents,
    unlinkedBytes: sums.contentBytes,
    objects: sums.objects,
    objectBytes: sums.objectBytes,
    contents: swept.contents,
    xorbs: xorbs.xorbs,
    bytes: swept.bytes + xorbs.bytes,
    skipped,
  }
}
