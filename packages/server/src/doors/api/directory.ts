/** An organisation's directory, seen from its administrators' side. */
import { directoryCalls as calls } from '@weighhouse/contract/directory.ts'
import type { FastifyInstance } from 'fastify'
import type { Door } from '../kit/context.ts'
import { managing } from './accounts.ts'
import { dateOrNull, serve } from './serve.ts'

export const registerDirectory = (app: FastifyInstance, door: Door): void => {
  const { provisioning: room } = door.hub
  serve(app, door, calls.getDirectory, async ({ ctx, params }) => {
    const { changedAtMs, brakedAtMs, ...counts } = await room.directory(
      await managing(door, ctx, params),
    )
    return { ...counts, changedAt: dateOrNull(changedAtMs), brakedSince: dateOrNull(brakedAtMs) }
  })
  serve(app, door, calls.resumeDirectory, async ({ ctx, params }) =>
    room.resume(ctx, await managing(door, ctx, params)),
  )
}
