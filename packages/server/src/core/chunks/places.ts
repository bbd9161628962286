/** A few places for work that takes much memory: who comes first is served first, and nobody holds two. */
import { HubError } from '../kernel/errors.ts'

export interface Places {
  /**
   * Waits for a place; whoever has one disposes it. Somebody who has one already waits until it is free, without standing in the way of
   * others. Errors: `busy` when the signal is aborted meanwhile.
   */
  take(holder: string, signal: AbortSignal): Promise<Disposable>
}

interface Waiting {
  readonly holder: string
  readonly admit: () => void
}

export const makePlaces = (placesMax: number): Places => {
  const holders = new Set<string>()
  const waiting: Waiting[] = []

  const admitNext = (): void => {
    while (holders.size < placesMax) {
      const next = waiting.findIndex(({ holder }) => !holders.has(holder))
      if (next === -1) return
      const [found] = waiting.splice(next, 1)
      if (found === undefined) return
      holders.add(found.holder)
      found.admit()
    }
  }

  const placeOf = (holder: string): Disposable => {
    let isHeld = true
    return {
      [Symbol.dispose]() {
        if (!isHeld) return
        isHeld = false
        holders.delete(holder)
        admitNext()
      },
    }
  }

  return {
    take(holder, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Disposable>()
      const leave = (): void => {
        waiting.splice(waiting.indexOf(mine), 1)
        reject(new HubError('busy', 'The client went away while it waited for its turn.'))
      }
      const mine: Waiting = {
        holder,
        admit() {
          signal.removeEventListener('abort', leave)
          resolve(placeOf(holder))
        },
      }
      waiting.push(mine)
      if (signal.aborted) leave()
      else {
        signal.addEventListener('abort', leave, { once: true })
        admitNext()
      }
      return promise
    },
  }
}
