/** How the operations door says no: a status and a line of text. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { faultText, type StatusTable, toHubError } from '../kit/errors.ts'

export const opsStatus = {
  unauthenticated: 401,
  permission_denied: 403,
  proof_needed: 403,
  gated: 403,
  agreement_required: 403,
  quota_exhausted: 429,
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
  not_supported: 501,
  rate_limited: 429,
  busy: 503,
  storage_full: 507,
  unavailable: 503,
} as const satisfies StatusTable

export const renderOpsError = (
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const error = toHubError(thrown, request)
  reply.code(error === undefined ? 500 : opsStatus[error.code]).type('text/plain; charset=utf-8')
  return reply.send(`${error?.message ?? faultText(request)}\n`)
}
