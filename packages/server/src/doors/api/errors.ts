/** How our own API says no: a status, and a body with the code, the sentence and the facts behind it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { faultText, setRefusalHeaders, type StatusTable, toHubError } from '../kit/errors.ts'

export const apiStatus = {
  unauthenticated: 401,
  permission_denied: 403,
  proof_needed: 403,
  gated: 403,
  agreement_required: 403,
  quota_exhausted: 429,
  approval_needed: 202,
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
  licence_blocked: 409,
  too_large: 413,
  too_many: 413,
  quota_exceeded: 403,
  conflict: 409,
  not_supported: 501,
  rate_limited: 429,
  busy: 503,
  storage_full: 507,
  unavailable: 503,
} as const satisfies StatusTable

export const renderApiError = (
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const error = toHubError(thrown, request)
  reply.header('cache-control', 'no-store')
  if (error === undefined) {
    return reply.code(500).send({ error: { code: 'fault', message: faultText(request) } })
  }
  setRefusalHeaders(reply, error)
  const { code, message, details } = error
  return reply.code(apiStatus[code]).send({ error: { code, message, details } })
}
