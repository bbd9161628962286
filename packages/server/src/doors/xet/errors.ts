/**
 * How the Xet door says no. 401 ends a client's work, so it is for tokens alone; 403 on a link to xorb data makes clients ask for a new one,
 * so it is for expiry alone.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubError } from '#core/kernel/errors.ts'
import {
  type BaseOf,
  headerText,
  setRefusalHeaders,
  type StatusTable,
  toHubError,
  toldTo,
} from '../kit/errors.ts'

export const xetStatus = {
  unauthenticated: 401,
  permission_denied: 403,
  proof_needed: 403,
  gated: 403,
  agreement_required: 403,
  // Clients wait and ask again after 429, for what comes back only with a new agreement.
  quota_exhausted: 403,
  approval_needed: 403,
  repo_not_found: 404,
  repo_disabled: 403,
  revision_not_found: 404,
  entry_not_found: 404,
  account_not_found: 404,
  exists: 409,
  ref_moved: 409,
  content_missing: 404,
  digest_mismatch: 400,
  length_mismatch: 400,
  range_unsatisfiable: 416,
  invalid: 400,
  invalid_path: 400,
  invalid_card: 400,
  licence_blocked: 400,
  too_large: 413,
  too_many: 413,
  quota_exceeded: 403,
  conflict: 409,
  not_supported: 404,
  rate_limited: 429,
  busy: 503,
  storage_full: 507,
  unavailable: 503,
} as const satisfies StatusTable

const badTicket = new Set(['ticket_malformed', 'ticket_forged', 'ticket_expired'])

/** Clients that try a route of newer servers go on after 404 alone, whatever they sent there. */
const statusOf = ({ code, details }: HubError): number => {
  const reason = String(details['reason'])
  if (badTicket.has(reason)) return 401
  return reason === 'content_type' ? 404 : xetStatus[code]
}

/** Renders whatever was thrown. */
export const makeXetErrors =
  (baseOf: BaseOf) =>
  (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toHubError(thrown, request)
    const { text, end } = toldTo(request, error, baseOf)
    if (error !== undefined) setRefusalHeaders(reply, error)
    return reply
      .code(error === undefined ? 500 : statusOf(error))
      .header('x-error-message', headerText(text, end))
      .header('cache-control', 'no-store')
      .type('application/json')
      .send(JSON.stringify({ error: text + end, request_id: request.id }))
  }

/** May the same request succeed if it is sent again? */
export const isRetryable = (error: HubError | undefined): boolean =>
  error?.code === 'busy' || error?.code === 'unavailable'
