/** How pages say no: a page with the sentence. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { faultText, type StatusTable, toHubError } from '../kit/errors.ts'
import { escapeHtml, page, pagePolicy } from './html.ts'

export const webStatus = {
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

export const renderWebError = (
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const error = toHubError(thrown, request)
  const status = error === undefined ? 500 : webStatus[error.code]
  const text = error?.message ?? faultText(request)
  reply.code(status).type('text/html; charset=utf-8')
  reply.header('content-security-policy', pagePolicy)
  const body = `<h1>That did not work</h1><p class="error">${escapeHtml(text)}</p>`
  return reply.send(page(request, { title: 'Weighhouse', body }))
}
