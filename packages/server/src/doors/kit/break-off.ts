/** Ends an answer that is not to come to its end. */
import type { ServerResponse } from 'node:http'

/**
 * By a reset, so that what waits in the buffers of this machine is not sent either. Only TCP knows one: TLS and pipes refuse, and are
 * closed.
 */
export const breakOff = (response: ServerResponse): void => {
  try {
    response.socket?.resetAndDestroy()
  } catch {
    response.socket?.destroy()
  }
  response.destroy()
}
