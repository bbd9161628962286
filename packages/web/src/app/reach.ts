/** Whether the hub can be reached: told by the requests that pages make anyway, and by the stream of news, which tries again by itself. */
import { useSyncExternalStore } from 'react'

let lostAtMs: number | undefined
const watchers = new Set<() => void>()

const tell = (next: number | undefined): void => {
  if (next === lostAtMs) return
  lostAtMs = next
  watchers.forEach((one) => one())
}

const isStopped = (init: RequestInit | undefined): boolean => init?.signal?.aborted === true

/** No answer came at all. */
export class Unreached extends Error {}

/** As the browser fetches; whoever stops a request by themselves learns nothing of the hub. */
export const reachingFetch = async (
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> => {
  const lostBefore = lostAtMs
  try {
    const answer = await fetch(input, init)
    // What was on its way when the connection went tells nothing of it; what was asked for since does, also of a hub on this machine.
    if (lostBefore === lostAtMs) tell(undefined)
    return answer
  } catch (error) {
    if (isStopped(init)) throw error
    tell(lostAtMs ?? Date.now())
    throw new Unreached('The hub cannot be reached.', { cause: error })
  }
}

const watch = (act: () => void): (() => void) => {
  const lose = (): void => tell(lostAtMs ?? Date.now())
  watchers.add(act)
  window.addEventListener('offline', lose)
  return () => {
    watchers.delete(act)
    window.removeEventListener('offline', lose)
  }
}

/** Since when it cannot be reached; undefined while it can. */
export const useLostSince = (): number | undefined => useSyncExternalStore(watch, () => lostAtMs)
