/** Fields of a request, which is a form or a JSON object, and who sent it. */
import type { FastifyRequest } from 'fastify'
import type { ClientProof } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isForm } from '../kit/bodies.ts'
import { oneOf } from '../kit/query.ts'

/** One value of a form or a JSON object. */
export const fieldOf = (body: unknown, name: string): string | undefined => {
  if (isForm(body)) return oneOf(body, name)
  // A cast because the member is looked at below.
  const value = (body as Record<string, unknown> | null | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}

export const need = (body: unknown, name: string): string => {
  const value = fieldOf(body, name)
  if (value !== undefined && value !== '') return value
  throw new HubError('invalid', `"${name}" is missing.`)
}

/** Both halves are encoded as in a form before they are joined (RFC 6749 §2.3.1). */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** By Basic or by fields, not by both. Errors: `invalid`. */
export const proofIn = ({ headers, body }: FastifyRequest): ClientProof => {
  const clientId = fieldOf(body, 'client_id')
  const secret = fieldOf(body, 'client_secret')
  const basic = /^basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (basic === undefined) return { clientId, secret }
  const pair = Buffer.from(basic, 'base64').toString()
  const colon = pair.indexOf(':')
  const named = decoded(pair.slice(0, Math.max(0, colon)))
  if (secret !== undefined || (clientId !== undefined && clientId !== named)) {
    throw new HubError('invalid', 'Prove the client by a header or by fields, not by both.')
  }
  return { clientId: named, secret: decoded(pair.slice(colon + 1)) }
}
