/** What pages with forms share. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isForm } from '../kit/bodies.ts'
import type { HubError } from '#core/kernel/errors.ts'
import { oneOf } from '../kit/query.ts'
import { webStatus } from './errors.ts'
import { escapeHtml } from './html.ts'

/** Only a path of this hub: anything else would lead people away with our name on it. */
export const ownPath = (text: string | undefined): string =>
  text !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(text) && !text.includes('\\') ? text : '/'

export const alert = (problem: string | undefined): string =>
  problem === undefined ? '' : `<p class="error" role="alert">${escapeHtml(problem)}</p>`

export const fieldOf = (request: FastifyRequest, name: string): string | undefined =>
  isForm(request.body) ? oneOf(request.body, name) : undefined

export const toLogin = (reply: FastifyReply, next: string): FastifyReply =>
  reply.redirect(`/login?next=${encodeURIComponent(next)}`, 303)

/** The status of a refusal whose page the form itself is. */
export const refuseWith = (reply: FastifyReply, { code, details }: HubError): FastifyReply => {
  const wait = details['retryAfterSeconds']
  if (wait !== undefined) reply.header('retry-after', String(wait))
  return reply.code(webStatus[code])
}
