/** Counts downloads in memory and writes them now and then: one write for many requests. A crash loses the last few seconds of counts. */
import type { Log } from '../kernel/ctx.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Repos } from './index.ts'

export interface DownloadCounter extends AsyncDisposable {
  note(id: RepoId): void
  flush(): Promise<void>
}

export const startDownloadCounter = (deps: {
  repos: Repos
  clock: Clock
  log: Log
  everyMs: number
}): DownloadCounter => {
  const { repos, clock, log, everyMs } = deps
  let counts = new Map<RepoId, number>()
  const stop = new AbortController()

  const flush = async (): Promise<void> => {
    if (counts.size === 0) return
    const full = counts
    counts = new Map()
    await repos.addDownloads(full)
  }

  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await clock.sleep(everyMs, stop.signal).catch(() => undefined)
      await flush().catch((error: unknown) =>
        log.warn({ err: error }, 'downloads were not counted'),
      )
    }
  }
  const running = loop()

  return {
    note: (id) => void counts.set(id, (counts.get(id) ?? 0) + 1),
    flush,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
