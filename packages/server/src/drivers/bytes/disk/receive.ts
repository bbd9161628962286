/** The inward half of a transfer: bound, hash, write, in one pass; one write is under way while the next is gathered. */
import type { FileHandle } from 'node:fs/promises'
import { ByteStoreError, type WriteResult } from '#core/ports/byte-store.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Digester } from './digester.ts'
import { attempt } from './errors.ts'

const writeAll = async (handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/**
 * Writes a stream at an offset. What comes is copied at once, so that whoever sends may use its memory again: for a body from the network
 * that keeps the collector out of the way, which costs more than the copy. Errors: `precondition` when more than `bytesMax` bytes arrive;
 * the system's own, in the port's words.
 */
export const receiveInto = async <Digest>(
  handle: FileHandle,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  { bytesMax, digester }: { bytesMax: number; digester: Digester<Digest> },
): Promise<WriteResult<Digest>> => {
  let received = 0
  let written = 0
  let buffer: Buffer | undefined
  let spare: Buffer | undefined
  let filled = 0
  let pending: Promise<void> = Promise.resolve()

  const flush = async (): Promise<void> => {
    if (buffer === undefined) return
    const full = buffer.subarray(0, filled)
    const position = offset + written
    written += filled
    await pending
    // What was written just now is free again; what is written next is not.
    const free = spare
    spare = buffer
    buffer = free
    filled = 0
    digester.update(full)
    pending = attempt(writeAll(handle, full, position))
    // Awaited at the next flush; until then a failure must not count as unhandled.
    pending.catch(() => undefined)
  }

  for await (const chunk of source) {
    received += chunk.length
    if (received > bytesMax) {
      throw new ByteStoreError(
        'precondition',
        `Expected at most ${bytesMax} bytes, and more arrived. Nothing was stored.`,
      )
    }
    for (let at = 0; at < chunk.length;) {
      buffer ??= Buffer.allocUnsafeSlow(limits.receiveChunkBytes)
      const length = Math.min(chunk.length - at, buffer.length - filled)
      buffer.set(chunk.subarray(at, at + length), filled)
      filled += length
      at += length
      if (filled === buffer.length) await flush()
    }
  }
  if (filled > 0) await flush()
  await pending
  return { sizeBytes: received, sha256: digester.finish() }
}
