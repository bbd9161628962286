/** How the Hugging Face door says no: status, `X-Error-Code`, and the same sentence in header and body. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubError, HubErrorCode } from '#core/kernel/errors.ts'
import {
  type BaseOf,
  headerText,
  setRefusalHeaders,
  type StatusTable,
  type Told,
  toHubError,
  toldTo,
} from '../kit/errors.ts'
import { pathOf } from '../kit/segments.ts'

export const hfStatus = {
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
  ref_moved: 412,
  content_missing: 400,
  digest_mismatch: 400,
  length_mismatch: 400,
  range_unsatisfiable: 416,
  invalid: 400,
  invalid_path: 422,
  invalid_card: 400,
  licence_blocked: 400,
  too_large: 413,
  too_many: 413,
  quota_exceeded: 403,
  conflict: 409,
  not_supported: 400,
  rate_limited: 429,
  busy: 503,
  storage_full: 507,
  unavailable: 503,
} as const satisfies StatusTable

/** The codes that make the Python client raise its own exceptions. */
const exceptionCodes: Partial<Record<HubErrorCode, string>> = {
  gated: 'GatedRepo',
  agreement_required: 'GatedRepo',
  quota_exhausted: 'GatedRepo',
  repo_not_found: 'RepoNotFound',
  revision_not_found: 'RevisionNotFound',
  entry_not_found: 'EntryNotFound',
}

const challenge = 'Bearer realm="Authentication required", charset="UTF-8"'

interface Rendered extends Told {
  status: number
  code: string | undefined
}

const renderRefusal = (error: HubError, told: Told): Rendered => {
  const code = exceptionCodes[error.code]
  // Without a token, a hidden repo asks for one, as the Hub does; the code keeps the client's exception right.
  if (error.code === 'repo_not_found' && error.details['anonymous'] === true) {
    return { status: 401, text: 'Invalid username or password.', end: '', code }
  }
  const isSignedOut = error.details['reason'] === 'gate_not_signed_in'
  return { status: isSignedOut ? 401 : hfStatus[error.code], ...told, code }
}

/** Whose sentence the command line of the Hub keeps to itself: it prints one of its own for every gate. */
const needsWarning: ReadonlySet<HubErrorCode> = new Set([
  'gated',
  'agreement_required',
  'quota_exhausted',
])

const setDetailHeaders = (reply: FastifyReply, error: HubError): void => {
  const { commit, sizeBytes } = error.details
  if (error.code === 'entry_not_found' && commit !== undefined) {
    reply.header('x-repo-commit', String(commit))
  }
  if (error.code === 'range_unsatisfiable')
    reply.header('content-range', `bytes */${String(sizeBytes)}`)
}

const send = (
  request: FastifyRequest,
  reply: FastifyReply,
  { status, text: sentence, end, code }: Rendered,
  extra: object = {},
): FastifyReply => {
  const text = sentence + end
  reply.code(status)
  reply.header('x-error-message', headerText(sentence, end))
  reply.header('cache-control', 'no-store')
  if (code !== undefined) reply.header('x-error-code', code)
  if (status === 401) reply.header('www-authenticate', challenge)
  if (pathOf(request.url).startsWith('/api/')) {
    return reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ error: text, ...extra }))
  }
  return reply.type('text/plain; charset=utf-8').send(text)
}

/** Where the repo is that stands in the way, or whose gate is shut; clients with `exist_ok` read it from the refusal. */
export type UrlOf = (request: FastifyRequest, error: HubError) => string | undefined

export const makeErrorHandler =
  (urlOf: UrlOf, baseOf: BaseOf) =>
  (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toHubError(thrown, request)
    const told = toldTo(request, error, baseOf)
    if (error === undefined) {
      return send(request, reply, { status: 500, ...told, code: undefined })
    }
    setRefusalHeaders(reply, error)
    setDetailHeaders(reply, error)
    const url =
      error.code === 'exists' || error.code === 'gated' ? urlOf(request, error) : undefined
    const { text, ...rest } = renderRefusal(error, told)
    const rendered = { ...rest, text: text.replace('Visit its page', `Visit ${url ?? 'its page'}`) }
    if (needsWarning.has(error.code)) {
      reply.header('x-hf-warning', `access; ${headerText(rendered.text, rendered.end)}`)
    }
    return send(
      request,
      reply,
      rendered,
      error.code !== 'exists' || url === undefined ? {} : { url },
    )
  }
