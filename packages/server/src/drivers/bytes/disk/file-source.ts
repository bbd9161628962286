/** The outward half of a transfer: while one chunk is with its reader, the next is read from the disk into another buffer. */
import type { FileHandle } from 'node:fs/promises'
import { type ByteSource, ByteStoreError } from '#core/ports/byte-store.ts'
import { attempt } from './errors.ts'
import { giveBack, smallBytes, takeLarge } from './buffers.ts'

/** A reader that keeps a chunk longer than this is slow, and is given small ones. */
const slowMs = 25

interface Filled {
  readonly buffer: Buffer
  readonly bytes: number
}

/** Reads `start` to `end` of a file and closes it at the end, on an error, or when its reader leaves. */
export const fileSource = (handle: FileHandle, start: number, end: number): ByteSource => {
  const own: Buffer[] = []
  let position = start
  let ahead: Promise<Filled> | undefined
  let out: Buffer | undefined
  let handedOutAtMs: number | undefined
  let closing: Promise<void> | undefined

  const takeBuffer = (isFast: boolean): Buffer =>
    (isFast ? takeLarge() : undefined) ?? own.pop() ?? Buffer.allocUnsafeSlow(smallBytes)

  const release = (buffer: Buffer): void => {
    if (buffer.length === smallBytes) own.push(buffer)
    else giveBack(buffer)
  }

  const fill = async (buffer: Buffer): Promise<Filled> => {
    const wanted = Math.min(buffer.length, end - position)
    const { bytesRead } = await attempt(handle.read(buffer, 0, wanted, position))
    if (bytesRead === 0) {
      release(buffer)
      throw new ByteStoreError(
        'permanent',
        `The file ends at byte ${position}, expected ${end}. Run \`weighhouse fsck\`.`,
      )
    }
    position += bytesRead
    return { buffer, bytes: bytesRead }
  }

  const readAhead = (isFast: boolean): void => {
    if (position >= end) return
    ahead = fill(takeBuffer(isFast))
    // Awaited when the chunk is asked for; until then a failure must not count as unhandled.
    ahead.catch(() => undefined)
  }

  const finish = async (): Promise<void> => {
    if (out !== undefined) release(out)
    out = undefined
    const last = ahead
    ahead = undefined
    // A read under way writes into its buffer until it ends: only then may another reader have it.
    const filled = await last?.catch(() => undefined)
    if (filled !== undefined) release(filled.buffer)
    await handle.close()
  }

  const close = (): Promise<void> => (closing ??= finish())

  return {
    async next() {
      if (closing !== undefined) return { done: true, value: undefined }
      const isFast = handedOutAtMs !== undefined && performance.now() - handedOutAtMs < slowMs
      if (out !== undefined) release(out)
      out = undefined
      if (ahead === undefined) readAhead(isFast)
      if (ahead === undefined) {
        await close()
        return { done: true, value: undefined }
      }
      try {
        const { buffer, bytes } = await ahead
        ahead = undefined
        out = buffer
        readAhead(isFast)
        handedOutAtMs = performance.now()
        return { done: false, value: buffer.subarray(0, bytes) }
      } catch (error) {
        await close()
        throw error
      }
    },
    async return() {
      await close()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
