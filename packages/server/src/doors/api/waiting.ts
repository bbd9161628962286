/** What waits for the caller. */
import { waitingCalls as calls } from '@weighhouse/contract/waiting.ts'
import type { FastifyInstance } from 'fastify'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { dateOrNull, serve } from './serve.ts'

export const registerWaiting = (app: FastifyInstance, door: Door): void => {
  const { agreements, policy } = door.hub
  serve(app, door, calls.listWaiting, async ({ ctx }) => {
    const waiting = await agreements.waiting(policy.requireOwnAccount(ctx))
    return {
      agreements: waiting.agreements.map(({ others, may, sinceMs, ...one }) => ({
        ...one,
        others: [...others],
        may: [...may],
        since: isoDate(sinceMs),
      })),
      duties: waiting.duties.map(({ id: agreement, dueMs, ...one }) => ({
        ...one,
        agreement,
        due: dateOrNull(dueMs),
      })),
    }
  })
}
