/** Turns whatever was thrown into the core's vocabulary; what a status is, each door decides. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { HubError, type HubErrorCode, isHubError } from '#core/kernel/errors.ts'
import { noteDenial } from './denials.ts'

/** Status by code: each door's table is complete or does not compile. */
export type StatusTable = Readonly<Record<HubErrorCode, number>>

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'

const codeOfStatus = (status: number): HubErrorCode | undefined => {
  if (status === 413) return 'too_large'
  if (status === 429) return 'rate_limited'
  return status >= 400 && status < 500 ? 'invalid' : undefined
}

/** Forms are what `curl -d` sends where nothing is said. */
const textOf = ({ statusCode, message }: FastifyError, request: FastifyRequest): string => {
  if (statusCode !== 415) return message
  const type = request.headers['content-type'] ?? 'none'
  return `A body of the type "${type.slice(0, 100)}" is not read here. For JSON, send "content-type: application/json".`
}

/** A client that goes away in the middle of its body is no fault of ours. */
const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')

/** The refusal to render, or undefined for a fault of ours, which is logged and never shown. */
export const toHubError = (error: unknown, request: FastifyRequest): HubError | undefined => {
  if (isHubError(error)) {
    noteDenial(request, error)
    if (error.code === 'unavailable' || error.code === 'storage_full') {
      request.log.error({ err: error }, 'the hub could not do its work')
    }
    return error
  }
  if (isGone(error))
    return new HubError('busy', 'The connection was cut before the body was complete.')
  if (isFastifyError(error)) {
    const code = codeOfStatus(error.statusCode ?? 500)
    const details = error.statusCode === 415 ? { reason: 'content_type' } : {}
    if (code !== undefined) return new HubError(code, textOf(error, request), details, error)
  }
  request.log.error({ err: error }, 'unexpected failure')
  return undefined
}

/** The sentence of a refusal with its clause, what was needed and found; far from what proxies take. */
const headerCharsMax = 1_000

/** One printable ASCII line, for a header. Its end is kept, however long it is. */
export const headerText = (text: string, end = ''): string => {
  const line = text.replace(/[^\x20-\x7e]+/g, ' ').trim()
  const room = headerCharsMax - end.length
  return line.length <= room ? line + end : `${line.slice(0, room - 3)}...${end}`
}

export interface Told {
  readonly text: string
  /** Behind the text, wherever that is cut: where the page is that says more. */
  readonly end: string
}

/** What a refusal says to clients that show no pages: pages of this hub by their whole addresses. */
export const toldAt = (base: string, { message, details }: HubError): Told => {
  const { agreementPath: path, see } = details
  return {
    text: typeof path === 'string' ? message.replace(path, `${base}${path}`) : message,
    end: typeof see === 'string' ? ` See ${base}${see}` : '',
  }
}

/** Said in place of a fault of ours; the id finds it in the log. */
export const faultText = (request: FastifyRequest): string =>
  `Internal error. Tell the administrator of this hub the request id ${request.id}.`

export type BaseOf = (request: FastifyRequest) => string

/** The same for whatever `toHubError` made of what was thrown. */
export const toldTo = (
  request: FastifyRequest,
  error: HubError | undefined,
  baseOf: BaseOf,
): Told =>
  error === undefined ? { text: faultText(request), end: '' } : toldAt(baseOf(request), error)

/** Refusals by a decision about a repo or a namespace, which has a reason. */
const decided: ReadonlySet<HubErrorCode> = new Set([
  'unauthenticated',
  'permission_denied',
  'gated',
  'agreement_required',
  'quota_exhausted',
  'repo_disabled',
])

/** Headers that go with some refusals whichever door says them. A reason is spelt alike at each of them. */
export const setRefusalHeaders = (reply: FastifyReply, error: HubError): void => {
  const { reason } = error.details
  if (decided.has(error.code) && reason !== undefined) {
    reply.header('x-weighhouse-reason', String(reason).toUpperCase())
  }
  const wait = error.details['retryAfterSeconds']
  if (wait !== undefined) reply.header('retry-after', String(wait))
  else if (error.code === 'busy') reply.header('retry-after', '1')
}
