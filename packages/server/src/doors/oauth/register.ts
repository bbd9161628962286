/** `POST /oauth/register`: apps that register themselves (RFC 7591). */
import type { FastifyInstance } from 'fastify'
import type { NewApp } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { type Door, makeCtx } from '../kit/context.ts'
import { fieldOf } from './fields.ts'

const methods = ['client_secret_basic', 'client_secret_post', 'none'] as const
type Method = (typeof methods)[number]

/** Absent, it is what RFC 7591 says. */
const methodOf = (body: unknown): Method => {
  const asked = fieldOf(body, 'token_endpoint_auth_method') ?? methods[0]
  const found = methods.find((method) => method === asked)
  if (found !== undefined) return found
  throw new HubError(
    'invalid',
    `"token_endpoint_auth_method" is one of ${methods.join(', ')}; found "${asked.slice(0, 100)}".`,
  )
}

const listOf = (body: unknown, name: string): string[] => {
  // A cast because every member is looked at.
  const value = (body as Record<string, unknown> | null | undefined)?.[name] ?? []
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw new HubError('invalid', `"${name}" is a list of texts.`)
}

const wishOf = (body: unknown, method: Method) => {
  const redirectUris = listOf(body, 'redirect_uris')
  const website = fieldOf(body, 'client_uri')
  const types = listOf(body, 'response_types')
  if (types.length > 0 && !types.includes('code')) {
    throw new HubError('invalid', 'Apps get codes: "response_types" is ["code"].')
  }
  return {
    name: fieldOf(body, 'client_name') ?? 'An app without a name',
    redirectUris,
    ...(website === undefined ? {} : { website }),
    isConfidential: method !== 'none',
  }
}

const render = ({ app, secret }: NewApp, method: Method, scopes: readonly string[]) => ({
  client_id: app.id,
  client_id_issued_at: Math.floor(app.createdAtMs / 1000),
  ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
  client_name: app.name,
  ...(app.website !== undefined && { client_uri: app.website }),
  redirect_uris: app.redirectUris,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: method,
  scope: scopes.join(' '),
})

export const registerRegistration = (app: FastifyInstance, door: Door): void => {
  const { oauth } = door.hub
  app.post('/oauth/register', async (request, reply) => {
    const ctx = makeCtx(door, anonymous, request, reply)
    reply.header('cache-control', 'no-store')
    try {
      const method = methodOf(request.body)
      const made = await oauth.registerItself(ctx, wishOf(request.body, method))
      return reply.code(201).send(render(made, method, oauth.scopes))
    } catch (error) {
      if (!isHubError(error, 'invalid')) throw error
      const isUri = error.details['reason'] === 'redirect_uri'
      const name = isUri ? 'invalid_redirect_uri' : 'invalid_client_metadata'
      return reply.code(400).send({ error: name, error_description: error.message })
    }
  })
}
