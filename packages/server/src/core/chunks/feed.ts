/** Hands a stream to a piece of work in batches, a few at a time, so that neither waits long for the other. */
import { HubError } from '../kernel/errors.ts'
import { type Compute, ComputeError, type Work, worksInFlight } from '../ports/compute.ts'

/** The computer's own errors, in the hub's words. */
export const translateCompute = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ComputeError)) throw error
    if (error.kind === 'format') throw new HubError('invalid', error.message, {}, error)
    const message =
      'The hub could not compute this. Try again; an administrator finds why in the log.'
    throw new HubError('unavailable', message, {}, error)
  }
}

export interface Feed<Yield> {
  /** Copies the bytes. Answers what earlier batches yielded, in order. */
  push(bytes: Uint8Array): Promise<Yield[]>
  /** Hands over what is left and answers the rest of the yield. The work is not finished by this. */
  flush(): Promise<Yield[]>
}

export const makeFeed = <Yield>(compute: Compute, work: Work<Yield, unknown>): Feed<Yield> => {
  let batch: Uint8Array<ArrayBuffer> | undefined
  let filled = 0
  const pending: Promise<Yield>[] = []

  const send = (): void => {
    if (batch === undefined) return
    const answer = work.push(batch.subarray(0, filled))
    batch = undefined
    filled = 0
    // Awaited in its turn; until then a failure must not count as unhandled.
    answer.catch(() => undefined)
    pending.push(answer)
  }

  const take = async (keep: number): Promise<Yield[]> => {
    const taken: Yield[] = []
    while (pending.length > keep) {
      const oldest = pending.shift()
      if (oldest !== undefined) taken.push(await translateCompute(oldest))
    }
    return taken
  }

  return {
    async push(bytes) {
      const yielded: Yield[] = []
      for (let at = 0; at < bytes.length;) {
        batch ??= compute.batch()
        const length = Math.min(bytes.length - at, batch.length - filled)
        batch.set(bytes.subarray(at, at + length), filled)
        filled += length
        at += length
        if (filled < batch.length) break
        send()
        yielded.push(...(await take(worksInFlight - 1)))
      }
      return yielded
    },
    flush() {
      send()
      return take(0)
    },
  }
}

/** Passes a stream on while a piece of work reads along; the slower of the two sets the pace. */
export const readAlong = async function* (
  source: AsyncIterable<Uint8Array>,
  feed: Feed<unknown>,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    await feed.push(bytes)
    yield bytes
  }
}
