/** What waits for a second person. */
import { organisationCalls as calls } from '@weighhouse/contract/organisations.ts'
import type { FastifyInstance } from 'fastify'
import type { PendingActId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { auditing, managing } from './accounts.ts'
import { dateOrNull, paged, serve } from './serve.ts'

export const registerApprovals = (app: FastifyInstance, door: Door): void => {
  const { organisations: room } = door.hub
  serve(app, door, calls.listApprovals, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const isOpen = query.state !== 'all'
    return paged(query, (page) => room.pendingActs(permit, { ...page, isOpen }), {
      keyOf: ({ id }) => id,
      render: ({ act: { act, ...about }, ...row }) => ({
        id: row.id,
        act,
        about,
        state: row.state,
        askedBy: row.askedBy,
        askedAt: isoDate(row.askedAtMs),
        expiresAt: isoDate(row.expiresAtMs),
        decidedBy: row.decidedBy ?? null,
        decidedAt: dateOrNull(row.decidedAtMs),
      }),
    })
  })
  serve(app, door, calls.decideApproval, async ({ ctx, params, body }) => {
    const permit = await managing(door, ctx, params)
    // A cast because an unknown id is answered as such.
    const id = params.id as PendingActId
    await (body.decision === 'approve'
      ? room.approveAct(ctx, permit, id)
      : room.refuseAct(ctx, permit, id))
  })
}
