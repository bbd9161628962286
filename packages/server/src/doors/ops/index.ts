/** For whoever runs the hub: is it alive, can it serve, what does it do. Says nothing of content or people. */
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { HubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { renderOpsError } from './errors.ts'

/** One encapsulated plugin. */
export const opsDoor =
  (door: Door, metrics: Registry) =>
  (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler(renderOpsError)

    app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'))

    app.get('/readyz', async (_request, reply) => {
      try {
        await door.hub.checkReady()
      } catch (error) {
        throw new HubError(
          'unavailable',
          'The database or the byte store does not answer.',
          {},
          error,
        )
      }
      return reply.type('text/plain').send('ready\n')
    })

    app.get('/metrics', async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.metrics()),
    )
    return Promise.resolve()
  }
