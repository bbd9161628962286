/** The Xet protocol: chunk-level uploads and downloads. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { passRawBodies } from '../kit/bodies.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { registerData } from './data.ts'
import { makeXetErrors } from './errors.ts'
import { registerFiles } from './files.ts'
import { registerTelemetry, registerUploads } from './uploads.ts'

/** One encapsulated plugin. The first segment below `/xet` is the account's own, see `casUrl`; it grants nothing. */
export const xetDoor =
  (door: Door) =>
  async (app: FastifyInstance): Promise<void> => {
    const renderError = makeXetErrors((request) => baseUrl(door, request))
    app.setErrorHandler(renderError)
    registerData(app, door)
    await app.register(async (raw) => {
      passRawBodies(raw)
      registerTelemetry(raw, '/v1/telemetry')
    })
    await app.register(
      async (cas) => {
        // Clients try routes of newer servers first, and only 404 makes them go on without.
        cas.setNotFoundHandler((request, reply) =>
          renderError(
            new HubError('entry_not_found', `There is no route ${request.method} here.`),
            request,
            reply,
          ),
        )
        // Nor does it matter what they send there: a body that cannot be read would be answered before the route is missed.
        passRawBodies(cas)
        cas.get('/health', () => ({ status: 'ok' }))
        registerFiles(cas, door)
        registerUploads(cas, door)
        registerTelemetry(cas, '/v1/telemetry')
      },
      { prefix: '/xet/:domain' },
    )
  }
