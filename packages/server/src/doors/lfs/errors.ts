/** How the LFS door says no: JSON with `message`, as git-lfs reads it, and `error`, as the hub libraries do. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type BaseOf,
  headerText,
  setRefusalHeaders,
  type StatusTable,
  toHubError,
  toldTo,
} from '../kit/errors.ts'

export const lfsStatus = {
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
  digest_mismatch: 422,
  length_mismatch: 422,
  range_unsatisfiable: 416,
  invalid: 400,
  invalid_path: 422,
  invalid_card: 422,
  licence_blocked: 422,
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

export const lfsType = 'application/vnd.git-lfs+json'

const challenge = 'Basic realm="Weighhouse: any user name, a token as password", charset="UTF-8"'

/** Renders whatever was thrown. */
export const makeLfsErrors =
  (baseOf: BaseOf) =>
  (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toHubError(thrown, request)
    // Where signing in may help, git asks for a password.
    const mayHelp =
      (error?.code === 'repo_not_found' && error.details['anonymous'] === true) ||
      error?.details['reason'] === 'gate_not_signed_in'
    const status = error === undefined ? 500 : mayHelp ? 401 : lfsStatus[error.code]
    const { text, end } = toldTo(request, error, baseOf)
    const message = text + end
    if (error !== undefined) setRefusalHeaders(reply, error)
    reply.code(status)
    reply.header('x-error-message', headerText(text, end))
    reply.header('cache-control', 'no-store')
    if (error?.code === 'repo_not_found') reply.header('x-error-code', 'RepoNotFound')
    if (error?.code === 'gated' || error?.code === 'agreement_required')
      reply.header('x-error-code', 'GatedRepo')
    if (status === 401)
      reply.header('www-authenticate', challenge).header('lfs-authenticate', challenge)
    return reply
      .type(lfsType)
      .send(JSON.stringify({ message, error: message, request_id: request.id }))
  }
