/** Git LFS: batch, basic and multipart transfers, verify. */
import type { FastifyInstance } from 'fastify'
import { limits } from '#core/kernel/limits.ts'
import { parseSmallBodies } from '../kit/bodies.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { registerBatch } from './batch.ts'
import { registerBytes } from './bytes.ts'
import { makeLfsErrors } from './errors.ts'

/** One encapsulated plugin. */
export const lfsDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, limits.jsonBodyBytesMax)
    app.setErrorHandler(makeLfsErrors((request) => baseUrl(door, request)))
    registerBatch(app, door)
    registerBytes(app, door)
    return Promise.resolve()
  }
