/** Sessions of browsers: their cookie, and the proof that a form was sent from a page of ours. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionHolder } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import {
  baseUrl,
  cookieIn,
  cookieName,
  type Door,
  isFromOwnPage,
  makeCtx,
  sessionIn,
} from './context.ts'

const attributes = (base: string): string =>
  `Path=/; HttpOnly; SameSite=Lax${base.startsWith('https:') ? '; Secure' : ''}`

export const setSessionCookie = (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  session: { secret: string; lifeMs: number },
): void => {
  const base = baseUrl(door, request)
  const age = Math.floor(session.lifeMs / 1000)
  reply.header(
    'set-cookie',
    `${cookieName(base)}=${session.secret}; Max-Age=${age}; ${attributes(base)}`,
  )
}

export const clearSessionCookie = (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): void => {
  const base = baseUrl(door, request)
  reply.header('set-cookie', `${cookieName(base)}=; Max-Age=0; ${attributes(base)}`)
}

/** Of a sign-in that is under way: it says that who comes back is who went away. Lax, since the way back begins at another site. */
const attemptCookie = (base: string): string => `${cookieName(base)}-sso`

export const setAttemptCookie = (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, lifeMs }: { secret: string; lifeMs: number },
): void => {
  const base = baseUrl(door, request)
  const age = Math.floor(lifeMs / 1000)
  reply.header(
    'set-cookie',
    `${attemptCookie(base)}=${secret}; Max-Age=${age}; ${attributes(base)}`,
  )
}

/** Reads the cookie and has the browser forget it. */
export const takeAttemptCookie = (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): string | undefined => {
  const base = baseUrl(door, request)
  reply.header('set-cookie', `${attemptCookie(base)}=; Max-Age=0; ${attributes(base)}`)
  return cookieIn(request, attemptCookie(base))
}

/** Throws `permission_denied` unless the browser says that the request comes from a page of this hub. */
export const needOwnPage = (door: Door, request: FastifyRequest): void => {
  if (isFromOwnPage(door, request)) return
  throw new HubError(
    'permission_denied',
    'This form was not sent from a page of this hub. Open the page again and repeat.',
    { reason: 'cross_site' },
  )
}

/** Who the browser has signed in as; undefined for nobody. */
export const sessionOf = async (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ ctx: Ctx; session: SessionHolder } | undefined> => {
  const session = await sessionIn(door, request)
  return session && { ctx: makeCtx(door, session.actor, request, reply), session }
}

/** Refused credentials are counted by address, as at every door. Errors: `rate_limited`. */
export const noteFailures = async <T>(
  door: Door,
  request: FastifyRequest,
  work: () => Promise<T>,
): Promise<T> => {
  door.failures.check(request.ip)
  try {
    return await work()
  } catch (error) {
    if (isHubError(error, 'unauthenticated')) door.failures.note(request.ip)
    throw error
  }
}

/** What an authenticator app shows beside the code. */
export const issuerOf = (door: Door, request: FastifyRequest): string =>
  `Weighhouse ${new URL(baseUrl(door, request)).hostname}`
