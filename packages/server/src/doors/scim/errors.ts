/** How SCIM says no (RFC 7644 §3.12): `status` as text, `scimType` from its own list where one fits, and a sentence. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubError, HubErrorCode } from '#core/kernel/errors.ts'
import { faultText, setRefusalHeaders, type StatusTable, toHubError } from '../kit/errors.ts'

export const scimType = 'application/scim+json; charset=utf-8'

const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error'

export const scimStatus = {
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
  range_unsatisfiable: 400,
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

const types: Partial<Record<HubErrorCode, string>> = {
  exists: 'uniqueness',
  invalid: 'invalidValue',
  conflict: 'mutability',
}

/** What it is in SCIM's list; the core says it of some, where the code says too little. */
const typeOf = ({ code, details }: HubError): string | undefined => {
  const own = details['scimType']
  return typeof own === 'string' ? own : types[code]
}

export const renderScimError = (
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const error = toHubError(thrown, request)
  const isStale = error?.details['reason'] === 'version_moved'
  const isReadOnly = error?.details['reason'] === 'read_only'
  const status =
    error === undefined ? 500 : isStale ? 412 : isReadOnly ? 405 : scimStatus[error.code]
  if (error !== undefined) setRefusalHeaders(reply, error)
  if (isReadOnly) reply.header('allow', 'GET, HEAD')
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="Weighhouse"')
  const kind = error === undefined || isStale ? undefined : typeOf(error)
  return reply
    .code(status)
    .type(scimType)
    .header('cache-control', 'no-store')
    .send(
      JSON.stringify({
        schemas: [errorSchema],
        status: String(status),
        ...(kind === undefined ? {} : { scimType: kind }),
        detail: error?.message ?? faultText(request),
      }),
    )
}
