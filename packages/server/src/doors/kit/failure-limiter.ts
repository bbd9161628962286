/** Counts wrong credentials per address and minute, so that tokens cannot be guessed by trying. Right ones are never slowed. */
import { HubError } from '#core/kernel/errors.ts'
import { makeLru } from '#core/kernel/lru.ts'
import type { Clock } from '#core/kernel/time.ts'

export interface FailureLimiter {
  /** Throws `rate_limited` when this address has failed too often in the current minute. */
  check(address: string): void
  note(address: string): void
}

const addressesKept = 10_000
const windowMs = 60_000

export const makeFailureLimiter = (clock: Clock, perMinuteMax: number): FailureLimiter => {
  const windows = makeLru<string, { startMs: number; count: number }>(addressesKept)
  const current = (address: string) => {
    const found = windows.get(address)
    return found !== undefined && clock.nowMs() - found.startMs < windowMs ? found : undefined
  }
  return {
    check(address) {
      const window = current(address)
      if (window === undefined || window.count < perMinuteMax) return
      throw new HubError(
        'rate_limited',
        'Too many wrong credentials from this address. Wait a minute, then check the token you send.',
        { retryAfterSeconds: Math.ceil((window.startMs + windowMs - clock.nowMs()) / 1000) },
      )
    },
    note(address) {
      const window = current(address) ?? { startMs: clock.nowMs(), count: 0 }
      windows.set(address, { ...window, count: window.count + 1 }, 1)
    },
  }
}
