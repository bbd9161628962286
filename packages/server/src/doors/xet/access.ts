/** From a Xet token to a permit. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Permit } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { type Door, makeCtx } from '../kit/context.ts'
import { xetSubject } from '../kit/xet-grant.ts'

export interface Granted<A extends 'repo.read' | 'repo.write'> {
  readonly ctx: Ctx
  readonly permit: Permit<A>
}

/** Errors: `unauthenticated` without a token; `permission_denied` for one that is none, is over, or does not reach so far. */
export const granted = async <A extends 'repo.read' | 'repo.write'>(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  action: A,
): Promise<Granted<A>> => {
  const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme.toLowerCase() !== 'bearer' || token === '') {
    throw new HubError(
      'unauthenticated',
      'A Xet token is needed here. Clients get one from the hub’s xet-read-token and xet-write-token routes.',
    )
  }
  const nobody = makeCtx(door, anonymous, request, reply)
  const permit = await door.hub.policy.redeem(nobody, action, token, xetSubject)
  return { ctx: makeCtx(door, permit.actor, request, reply), permit }
}
