/** What clients of several doors are told so that they go on by the Xet protocol: where, with which token, until when. */
import type { FastifyRequest } from 'fastify'
import type { Actor, ReadPermit } from '#core/hub.ts'
import { actorIdOf } from '#core/kernel/actor.ts'
import { limits } from '#core/kernel/limits.ts'
import { baseUrl, type Door } from './context.ts'

/** Subject of Xet tokens: they are for a repo, not for one thing in it. */
export const xetSubject = 'xet'

export interface XetGrant {
  readonly accessToken: string
  /** Seconds since 1970 UTC. */
  readonly exp: number
  readonly casUrl: string
}

/**
 * Base URL of the Xet routes. Clients keep what they know of xorbs by this URL: each account has one of its own, so that two people on one
 * machine do not name each other's, and a new epoch makes all of it forgotten.
 */
export const casUrl = async (door: Door, request: FastifyRequest, actor: Actor): Promise<string> =>
  `${baseUrl(door, request)}/xet/${await door.hub.chunks.epoch()}-${actorIdOf(actor) ?? actor.kind}`

export const xetGrant = async (
  door: Door,
  request: FastifyRequest,
  permit: ReadPermit,
  act: 'xet-read' | 'xet-write',
): Promise<XetGrant> => {
  const { hub } = door
  // Nobody asks for a new token when one is refused, so it lives longer than it says.
  const seconds = limits.xetTokenSeconds + limits.xetTokenGraceSeconds
  return {
    accessToken: hub.policy.ticket(permit, { act, subject: xetSubject, seconds }),
    exp: Math.floor(hub.clock.nowMs() / 1000) + limits.xetTokenSeconds,
    casUrl: await casUrl(door, request, permit.actor),
  }
}

/** The same as headers, which some clients read instead. */
export const xetGrantHeaders = (grant: XetGrant): Record<string, string> => ({
  'X-Xet-Cas-Url': grant.casUrl,
  'X-Xet-Access-Token': grant.accessToken,
  'X-Xet-Token-Expiration': String(grant.exp),
})
