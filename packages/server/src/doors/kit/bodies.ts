/** Body parsers. A raw one bypasses Fastify's own bound, so whoever takes a stream bounds it himself. */
import { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { unplainIn, zeroAt, zeroIn } from './plain-text.ts'
import { parseQuery, type Query } from './query.ts'

const jsonTypes = [
  'application/json',
  'application/vnd.git-lfs+json',
  'application/scim+json',
  'text/plain',
]

/** JSON under any of its names, an empty body as {}; forms as a Query. What holds zero characters is refused, in addresses too. */
export const parseSmallBodies = (app: FastifyInstance, bodyLimit: number): void => {
  app.removeAllContentTypeParsers()
  app.addHook('onRequest', (request, _reply, done) => done(zeroAt(request.url)))
  const options: { parseAs: 'string'; bodyLimit: number } = { parseAs: 'string', bodyLimit }
  for (const type of jsonTypes) {
    app.addContentTypeParser<string>(type, options, (_request, body, done) => {
      if (body.trim() === '') return done(null, {})
      let parsed: unknown
      try {
        parsed = JSON.parse(body)
      } catch (error) {
        const cause = error instanceof Error ? error.message : ''
        return done(new HubError('invalid', `The body is not JSON: ${cause}.`, {}, error))
      }
      done(unplainIn(body, parsed) ?? null, parsed)
    })
  }
  app.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    options,
    (_request, body, done) => done(zeroIn(body, 'form') ?? null, parseQuery(body)),
  )
}

/** Hands every body over as it comes. */
export const passRawBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
}

export const isForm = (body: unknown): body is Query => body instanceof Map

/**
 * The bytes of a body as they come, each valid until the next is asked for. Memory of what was read goes back at once: the collector would
 * run for each 32 MB that pass. Leaving early does not cut the connection, since the client is to be answered.
 */
export const bodyBytes = async function* (request: FastifyRequest): AsyncGenerator<Uint8Array> {
  // A request that a test injects hands over the test's own memory.
  const isFromNetwork = request.raw.socket instanceof Socket
  // The request itself: an empty body has no parsed one, and some clients send no content type.
  for await (const chunk of request.raw.iterator({ destroyOnReturn: false })) {
    // A cast because a request without encoding yields buffers only.
    const bytes = chunk as Buffer<ArrayBuffer>
    yield bytes
    // Of memory that holds anything else, such as the next request, nothing is taken.
    const isAlone = bytes.length === bytes.buffer.byteLength && bytes.length > smallBytes
    if (isFromNetwork && isAlone) {
      bytes.buffer.transfer(0)
    }
  }
}

/** Below this, memory may be part of a pool. */
const smallBytes = 32 * 1024
