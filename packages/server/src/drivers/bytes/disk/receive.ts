/** The inward half of a transfer: bound, hash, write, in one pass; one write is under way while the next is gathered. */
import type { FileHandle } from 'node:fs/promises'
import { ByteStoreError, type WriteResult } from '#core/ports/byte-store.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Digester } from './digester.ts'
import { attempt } from './errors.ts'

const writeAll = async (
  handle: FileHandle,
  buffers: Uint8Array[],
  sizeBytes: number,
  position: number,
): Promise<void> => {
  const { bytesWritten } = await handle.writev(buffers, position)
  if (bytesWritten === sizeBytes) return
  // A short write: rare, so the simple way. The copy is bounded by one gathered batch.
  const rest = Buffer.concat(buffers, sizeBytes).subarray(bytesWritten) // bounded: one batch
  let done = 0
  while (done < rest.length) {
    const next = await handle.write(rest, done, rest.length - done, position + bytesWritten + done)
    done += next.bytesWritten
  }
}

/** Writes a stream at an offset. Errors: `precondition` when more than `bytesMax` bytes arrive; the system's own, in the port's words. */
export const receiveInto = async <Digest>(
  handle: FileHandle,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  { bytesMax, digester }: { bytesMax: number; digester: Digester<Digest> },
): Promise<WriteResult<Digest>> => {
  let received = 0
  let written = 0
  let gathered: Uint8Array[] = []
  let pending: Promise<void> = Promise.resolve()

  const flush = async (): Promise<void> => {
    const buffers = gathered
    const sizeBytes = received - written
    const position = offset + written
    gathered = []
    written = received
    await pending
    pending = attempt(writeAll(handle, buffers, sizeBytes, position))
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
    digester.update(chunk)
    gathered.push(chunk)
    if (received - written >= limits.receiveChunkBytes) await flush()
  }
  if (gathered.length > 0) await flush()
  await pending
  return { sizeBytes: received, sha256: digester.finish() }
}
