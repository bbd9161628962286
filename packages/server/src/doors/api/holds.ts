/** Holds on repos, by the hub's administrators. */
import { holdCalls as calls } from '@weighhouse/contract/holds.ts'
import type { FastifyInstance } from 'fastify'
import type { Door } from '../kit/context.ts'
import { repoIn } from './repo-name.ts'
import { serve } from './serve.ts'

export const registerHolds = (app: FastifyInstance, door: Door): void => {
  const { policy, repos } = door.hub
  serve(app, door, calls.setHold, async ({ ctx, params, body }) => {
    const by = policy.requireHub(ctx)
    await repos.setHold(ctx, by, await policy.require(ctx, 'repo.see', repoIn(params)), body)
  })
}
