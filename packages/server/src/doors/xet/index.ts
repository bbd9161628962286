/** The Xet protocol: chunk-level uploads and downloads. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { passRawBodies } from '../kit/bodies.ts'
import type { Door } from '../kit/context.ts'
import { registerData } from './data.ts'
import { renderXetError } from './errors.ts'
import { registerFiles } from './files.ts'
import { registerTelemetry, registerUploads } from './uploads.ts'

/** One encapsulated plugin. The first segment below `/xet` is the account's own, see `casUrl`; it grants nothing. */
export const xetDoor =
  (door: Door) =>
  async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler(renderXetError)
    registerData(app, door)
    await app.register(async (raw) => {
      passRawBodies(raw)
      registerTelemetry(raw, '/v1/telemetry')
    })
    await app.register(
      async (cas) => {
        // Clients try routes of newer servers first, and only 404 makes them go on without.
        cas.setNotFoundHandler((request, reply) =>
          renderXetError(
            new HubError('entry_not_found', `There is no route ${request.method} here.`),
            request,
            reply,
          ),
        )
        cas.get('/health', () => ({ status: 'ok' }))
        registerFiles(cas, door)
        await cas.register(async (raw) => {
          passRawBodies(raw)
          registerUploads(raw, door)
          registerTelemetry(raw, '/v1/telemetry')
        })
      },
      { prefix: '/xet/:domain' },
    )
  }
