/** Time and chance are inputs, so that a run can be replayed from a seed. */

export interface Clock {
  /** Milliseconds since 1970 UTC. May step backwards when the machine's clock is set. */
  nowMs(): number
  /** Resolves after the given time, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Chance {
  /** Unpredictable bytes: fit for tokens and keys. */
  bytes(count: number): Buffer
}

/** `2026-11-23T10:00:00.000Z`: the only date form every client parses. */
export const isoDate = (atMs: number): string => new Date(atMs).toISOString()
