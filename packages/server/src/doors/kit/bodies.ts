/** Body parsers. A raw one bypasses Fastify's own bound, so whoever takes a stream bounds it himself. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { parseQuery, type Query } from './query.ts'

const jsonTypes = ['application/json', 'application/vnd.git-lfs+json', 'text/plain']

/** JSON under any of its names, an empty body as {}; forms as a Query. */
export const parseSmallBodies = (app: FastifyInstance, bodyLimit: number): void => {
  app.removeAllContentTypeParsers()
  const options: { parseAs: 'string'; bodyLimit: number } = { parseAs: 'string', bodyLimit }
  for (const type of jsonTypes) {
    app.addContentTypeParser<string>(type, options, (_request, body, done) => {
      if (body.trim() === '') return done(null, {})
      try {
        done(null, JSON.parse(body))
      } catch (error) {
        const cause = error instanceof Error ? error.message : ''
        done(new HubError('invalid', `The body is not JSON: ${cause}.`, {}, error))
      }
    })
  }
  app.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    options,
    (_request, body, done) => done(null, parseQuery(body)),
  )
}

/** Hands every body over as it comes. */
export const passRawBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
}

export const isForm = (body: unknown): body is Query => body instanceof Map
