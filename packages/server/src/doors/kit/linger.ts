/**
 * A client that was refused in the middle of its body is still sending, and most read no answer before they are done. Hanging up at once
 * would reset the connection and lose the sentence that explains; so we read on for a little and throw away, then hang up.
 */
import type { IncomingMessage } from 'node:http'
import { limits } from '#core/kernel/limits.ts'

/** Call when the answer has been sent. Does nothing when the body was read to its end. */
export const linger = (request: IncomingMessage): void => {
  if (request.readableEnded || request.destroyed) return
  // Whoever began to iterate and left early still listens for `readable`, and while somebody does, a stream does not flow.
  request.removeAllListeners('readable')
  if (request.complete) {
    request.resume()
    return
  }
  let bytes = 0
  const hangUp = (): void => {
    // Takes the connection with it.
    request.destroy()
  }
  const timer = setTimeout(hangUp, limits.lingerMs)
  timer.unref()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limits.lingerBytesMax) hangUp()
  })
  request.once('close', () => clearTimeout(timer))
  request.resume()
}
