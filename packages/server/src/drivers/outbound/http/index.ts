/**
 * Requests to other servers by Node's own client, which follows nothing by itself. The name is looked up here, so that the address that was
 * found harmless is the one that is connected to, whatever the name says a moment later.
 */
import { lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isLoopbackHost } from '#core/kernel/ip-ranges.ts'
import {
  type Outbound,
  type OutboundAnswer,
  OutboundError,
  type OutboundRequest,
} from '#core/ports/outbound.ts'
import { isPublic } from './addresses.ts'

export interface OutboundOptions {
  /** Silence for this long ends a request. */
  readonly stallMs: number
  /** So does this time in all. */
  readonly answerMs: number
  /** How names become addresses; the system's way without. */
  readonly resolve?: LookupFunction
}

const forbidden = (host: string): OutboundError =>
  new OutboundError(
    'forbidden_address',
    `${host} is an address of a private network, which only an administrator of the hub may name.`,
  )

/** Refuses a name when any of its addresses is private: which one is taken is not ours to say. */
const publicBy =
  (resolve: LookupFunction): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null || typeof found === 'string') return done(error, '', 0)
      if (found.some(({ address }) => !isPublic(address))) return done(forbidden(host), '', 0)
      if (options.all === true) return done(null, found)
      const [first] = found
      return done(null, first?.address ?? '', first?.family ?? 0)
    })
  }

const check = ({ url, mayBePrivate }: OutboundRequest): void => {
  const isLocal = isLoopbackHost(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    const message = `https is expected, and http only to this machine itself; found ${url.origin}.`
    throw new OutboundError('forbidden_url', message)
  }
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (!mayBePrivate && (isLocal || (isIP(literal) !== 0 && !isPublic(literal)))) {
    throw forbidden(url.hostname)
  }
}

const readBody = async (
  answer: IncomingMessage,
  { url, bytesMax }: OutboundRequest,
): Promise<Buffer<ArrayBuffer>> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer) {
    // A cast because a response without encoding yields buffers.
    const bytes = part as Buffer
    size += bytes.length
    if (size > bytesMax) {
      const message = `${url.host} sends more than the ${bytesMax} bytes that are read.`
      throw new OutboundError('too_large', message)
    }
    parts.push(bytes)
  }
  return Buffer.concat(parts) // bounded: bytesMax
}

const headersOf = (answer: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )

export const openOutbound = ({
  stallMs,
  answerMs,
  resolve = lookup,
}: OutboundOptions): Outbound => ({
  async send(request) {
    check(request)
    const { url, method, headers = {}, body, mayBePrivate } = request
    const late = AbortSignal.timeout(answerMs)
    const signal = request.signal === undefined ? late : AbortSignal.any([request.signal, late])
    const options: RequestOptions = {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      agent: false,
      timeout: stallMs,
      signal,
      ...(mayBePrivate ? {} : { lookup: publicBy(resolve) }),
    }
    const stalled = new OutboundError(
      'stalled',
      `${url.host} was silent for ${stallMs} ms, or not done after ${answerMs} ms.`,
    )
    const sent = (url.protocol === 'https:' ? requestSecure : requestPlain)(url, options)
    let isStalled = false
    sent.on('timeout', () => {
      isStalled = true
      sent.destroy(stalled)
    })
    try {
      const answer = await new Promise<IncomingMessage>((take, fail) => {
        sent.on('response', take)
        sent.on('error', fail)
        sent.end(body)
      })
      const status = answer.statusCode ?? 0
      if (status >= 300 && status < 400) {
        throw new OutboundError(
          'redirected',
          `${url.host} answers with a redirect, which is not followed: name the place itself.`,
        )
      }
      const whole: OutboundAnswer = {
        status,
        headers: headersOf(answer),
        body: await readBody(answer, request),
      }
      return whole
    } catch (error) {
      if (request.signal?.aborted === true) throw request.signal.reason
      if (late.aborted || isStalled) throw stalled
      if (error instanceof OutboundError) throw error
      const said = error instanceof Error ? error.message : String(error)
      throw new OutboundError('unreachable', `${url.host} cannot be reached: ${said}.`, error)
    } finally {
      sent.destroy()
    }
  },
})
