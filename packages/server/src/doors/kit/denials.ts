/** Every door's refusals of access, on their way to the trail: noted where thrown errors are translated, so that no door can forget. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Audit, Denial } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import type { HubError, HubErrorCode } from '#core/kernel/errors.ts'

const denials: ReadonlySet<HubErrorCode> = new Set([
  'unauthenticated',
  'permission_denied',
  'gated',
  'agreement_required',
  'quota_exhausted',
  'repo_disabled',
])

const contexts = new WeakMap<FastifyRequest, Ctx>()
const trails = new WeakMap<FastifyInstance['server'], Audit>()

/** Who a request was found to come from, for what it may be denied later. */
export const rememberCtx = (request: FastifyRequest, ctx: Ctx): void => {
  contexts.set(request, ctx)
}

/** Where this server's denials go. */
export const keepTrail = (app: FastifyInstance, audit: Audit): void => {
  trails.set(app.server, audit)
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The facts of a refusal; of a hidden repo they are in the cause, which is rendered nowhere. */
const denialOf = (error: HubError): Denial | undefined => {
  const isHidden = error.code === 'repo_not_found'
  if (!isHidden && !denials.has(error.code)) return undefined
  // A cast because each member is looked at below.
  const facts = (isHidden ? error.cause : error.details) as Record<string, unknown> | undefined
  if (facts === undefined) return undefined
  const path = text(facts['path'])
  const account = text(facts['account'])
  return {
    act: text(facts['action']) ?? 'sign_in',
    reason: text(facts['reason']) ?? error.code,
    target: {
      kind: path === undefined ? (account === undefined ? null : 'account') : 'repo',
      path: path ?? account ?? null,
    },
  }
}

export const noteDenial = (request: FastifyRequest, error: HubError): void => {
  const trail = trails.get(request.server.server)
  const denial = denialOf(error)
  if (trail === undefined || denial === undefined) return
  const unknown: Ctx = {
    actor: anonymous,
    requestId: request.id,
    ip: request.ip,
    signal: AbortSignal.abort(),
    log: request.log,
  }
  trail.denied(contexts.get(request) ?? unknown, denial)
}
