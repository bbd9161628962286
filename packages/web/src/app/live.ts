/**
 * News of the hub: what somebody else changed is read again on the pages that show it. One stream for all tabs of a browser: whichever
 * holds the lock listens, and tells the others. Nothing is shown from a stream: it says that something changed, and the pages ask.
 */
import { ApiError } from '@weighhouse/contract/client.ts'
import { type LiveNews, listenTo } from '@weighhouse/contract/live.ts'
import { queries } from './api.ts'
import { hubUrl } from './base.ts'
import { reachingFetch } from './reach.ts'
import { staleAfter } from './stale.ts'
import { waitBefore } from './wait.ts'

/** Changes that come close together are read once. */
const gatherMs = 250

const makeReader = () => {
  const gathered: LiveNews[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const read = (): void => {
    timer = undefined
    // What nobody looks at waits until somebody does.
    if (document.hidden || gathered.length === 0) return
    const news = gathered.splice(0)
    if (news.some(({ kind }) => kind === 'reload')) {
      void queries.invalidateQueries()
      return
    }
    for (const queryKey of staleAfter(news.flatMap(({ changes }) => changes))) {
      void queries.invalidateQueries({ queryKey })
    }
  }

  const hear = (news: LiveNews): void => {
    if (news.kind === 'beat') return
    gathered.push(news)
    timer ??= setTimeout(read, gatherMs)
  }

  document.addEventListener('visibilitychange', read)
  return {
    hear,
    stop: () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', read)
    },
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** Whether the session is over: no further try would help. */
const isSignedOut = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'unauthenticated'

/** Follows the news of whoever is signed in until the signal is aborted. */
export const followNews = (accountId: string, signal: AbortSignal): void => {
  const name = `weighhouse ${hubUrl} ${accountId}`
  const channel = new BroadcastChannel(name)
  const reader = makeReader()
  let place: string | undefined

  const take = (news: LiveNews): void => {
    place = news.place
    reader.hear(news)
  }
  // A cast because only tabs of this app post here.
  channel.addEventListener('message', ({ data }) => take(data as LiveNews))

  /** One stream after the other; ends with the session. */
  const listen = async (): Promise<void> => {
    let failures = 0
    while (!signal.aborted) {
      try {
        const after = place === undefined ? {} : { after: place }
        for await (const news of listenTo({
          url: hubUrl,
          signal,
          fetch: reachingFetch,
          ...after,
        })) {
          failures = 0
          take(news)
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel of the same origin takes none
          channel.postMessage(news)
        }
      } catch (error) {
        if (isSignedOut(error)) {
          void queries.invalidateQueries({ queryKey: ['me'] })
          return
        }
      }
      await pause(waitBefore(failures, Math.random()), signal)
      failures += 1
    }
  }

  // Browsers know no locks where the hub is reached without encryption: each tab listens for itself then. A cast because the types hide it.
  const { locks } = navigator as { locks?: LockManager }
  if (locks === undefined) void listen()
  // Held for as long as this tab listens; another takes it over, with the place that it heard last.
  else locks.request(name, { signal }, listen).catch(() => undefined)
  signal.addEventListener('abort', () => {
    channel.close()
    reader.stop()
  })
}
