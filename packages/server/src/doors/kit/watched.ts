/** Writes long answers, and looks again and again whether they may go on. */
import type { FastifyReply } from 'fastify'
import type { ByteSource } from '#core/hub.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Clock } from '#core/kernel/time.ts'
import { breakOff } from './break-off.ts'
import { writeBody } from './write-body.ts'

export interface Watching {
  readonly clock: Clock
  /** Asked again while a long answer runs; what it throws ends the answer. */
  recheck(): Promise<unknown>
}

/** Answers below this size are over before anybody could look again. */
const watchedBytesMin = 1024 * 1024

/** Cuts the connection when the leave that was given no longer holds: an agreement suspended, a token revoked, a member gone. */
const watch = async (
  reply: FastifyReply,
  { recheck, clock }: Watching,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    await clock.sleep(limits.recheckMs, signal)
    try {
      await recheck()
    } catch (error) {
      // What cannot be decided is not allowed.
      reply.log.info({ err: error }, 'a running download was ended')
      breakOff(reply.raw)
      return
    }
  }
}

/** Resolves as `writeBody` does. */
export const writeWatched = async (
  reply: FastifyReply,
  { source, length }: { source: ByteSource; length: number },
  watching: Watching,
): Promise<void> => {
  if (length < watchedBytesMin) return writeBody(reply, source)
  const over = new AbortController()
  const watched = watch(reply, watching, over.signal).catch(() => undefined)
  await writeBody(reply, source)
  over.abort()
  await watched
}
