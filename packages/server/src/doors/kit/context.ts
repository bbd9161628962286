/** From a request to who asks: credentials, request id, signal, and the URL under which the client knows us. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Hub, SessionHolder, TokenHolder } from '#core/hub.ts'
import { type Actor, anonymous } from '#core/kernel/actor.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { rememberCtx } from './denials.ts'
import type { FailureLimiter } from './failure-limiter.ts'

export interface Door {
  /** Which one, for the trail. */
  readonly name: string
  readonly hub: Hub
  readonly publicUrl: string | undefined
  readonly failures: FailureLimiter
  readonly multipartThresholdBytes: number
}

/** A credential may come as Bearer, or as the password of Basic, as git and LFS clients send it. */
const secretIn = (header: string): string | undefined => {
  const space = header.indexOf(' ')
  const scheme = header.slice(0, space).toLowerCase()
  const value = header.slice(space + 1).trim()
  if (scheme === 'bearer') return value
  if (scheme !== 'basic') return undefined
  const pair = Buffer.from(value, 'base64').toString()
  return pair.slice(pair.indexOf(':') + 1)
}

const invalidCredentials = (): HubError =>
  new HubError('unauthenticated', 'Invalid credentials in Authorization header', {
    reason: 'bad_credentials',
  })

/** Who sent the request; undefined without credentials. Errors: `unauthenticated` for a wrong one, `rate_limited` after too many. */
export const authenticate = async (
  { hub, failures }: Door,
  request: FastifyRequest,
): Promise<TokenHolder | undefined> => {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  failures.check(request.ip)
  const secret = secretIn(header)
  const found =
    secret === undefined ? undefined : await hub.identity.authenticate(secret, request.ip)
  if (found !== undefined) return found
  failures.note(request.ip)
  throw invalidCredentials()
}

const hostForm = /^[A-Za-z0-9.\-_[\]:]{1,255}$/

/**
 * Our own URL without a trailing slash: the configured one, else the name the client used, since clients compare it with what they were
 * told.
 */
export const baseUrl = ({ publicUrl }: Door, request: FastifyRequest): string => {
  if (publicUrl !== undefined) return publicUrl
  const host = request.host
  return hostForm.test(host) ? `${request.protocol}://${host}` : 'http://localhost'
}

/** Of the session's cookie: with https the browser binds it to this host and to secure connections. */
export const cookieName = (base: string): string =>
  base.startsWith('https:') ? '__Host-weighhouse' : 'weighhouse'

/** The value of the request's cookie of this name. */
export const cookieIn = (request: FastifyRequest, name: string): string | undefined => {
  const start = `${name}=`
  const pair = request.headers.cookie
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(start))
  return pair?.slice(start.length)
}

/** The session that the request's cookie names; undefined for none in force. */
export const sessionIn = async (
  door: Door,
  request: FastifyRequest,
): Promise<SessionHolder | undefined> => {
  const secret = cookieIn(request, cookieName(baseUrl(door, request)))
  return secret === undefined ? undefined : door.hub.signin.session(secret)
}

/** Does the browser say that the request comes from a page of this hub? Other programs say nothing, and cookies are not their way. */
export const isFromOwnPage = (door: Door, request: FastifyRequest): boolean => {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  return site === undefined ? origin === baseUrl(door, request) : site === 'same-origin'
}

const readMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Who asks: by the credential in the header, else by the session of a browser. What another site's page sends with our cookie changes
 * nothing: it counts as nobody's. Errors: `unauthenticated`, `rate_limited`.
 */
export const callerOf = async (
  door: Door,
  request: FastifyRequest,
): Promise<TokenHolder | SessionHolder | undefined> => {
  if (request.headers.authorization !== undefined) return authenticate(door, request)
  if (!readMethods.has(request.method) && !isFromOwnPage(door, request)) return undefined
  return sessionIn(door, request)
}

/** Aborted when the client goes away before it has its answer. Made only when somebody looks. */
const signalOf = (reply: FastifyReply): AbortSignal => {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the client went away'))
  })
  return controller.signal
}

export const makeCtx = (
  door: Door,
  actor: Actor,
  request: FastifyRequest,
  reply: FastifyReply,
): Ctx => {
  let signal: AbortSignal | undefined
  const ctx: Ctx = {
    actor,
    requestId: request.id,
    door: door.name,
    ip: request.ip,
    get signal() {
      signal ??= signalOf(reply)
      return signal
    },
    log: request.log,
  }
  rememberCtx(request, ctx)
  return ctx
}

/** The context of a request, its actor identified; `callerOf` says how. */
export const ctxOf = async (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Ctx> => {
  const found = await callerOf(door, request)
  return makeCtx(door, found?.actor ?? anonymous, request, reply)
}
