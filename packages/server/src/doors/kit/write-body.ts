/** Writes bytes to the client one chunk at a time, past Fastify's own streams: the source uses its memory again once a chunk is written. */
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { ByteSource } from '#core/hub.ts'

/** Resolves when the kernel has the chunk: true, or false when the client has gone. */
const write = (response: ServerResponse, chunk: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    const gone = (): void => resolve(false)
    response.once('close', gone)
    response.write(chunk, (error) => {
      response.off('close', gone)
      resolve(error === null || error === undefined)
    })
  })

/** Status and headers are those set on the reply. Resolves when everything is written, or the client has gone. */
export const writeBody = async (reply: FastifyReply, source: ByteSource): Promise<void> => {
  reply.hijack()
  const { raw, log } = reply
  // A cast because Node's own types of the two are the same but for undefined members.
  raw.writeHead(reply.statusCode, reply.getHeaders() as NodeJS.Dict<string>)
  try {
    for await (const chunk of source) {
      if (raw.destroyed || !(await write(raw, chunk))) return
    }
    raw.end()
  } catch (error) {
    log.error({ err: error }, 'a file could not be read to its end')
    // The length was promised: only a cut connection tells the client that it has less.
    raw.destroy()
  }
}
