/** What clients look up: where everything is, the keys, and who somebody is. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { authenticate, baseUrl, type Door } from '../kit/context.ts'
import { claimsOf } from './claims.ts'
import { grantTypes } from './token.ts'

const authMethods = ['none', 'client_secret_basic', 'client_secret_post']

const discovery = (issuer: string, scopes: readonly string[]) => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  userinfo_endpoint: `${issuer}/oauth/userinfo`,
  jwks_uri: `${issuer}/oauth/jwks`,
  device_authorization_endpoint: `${issuer}/oauth/device`,
  registration_endpoint: `${issuer}/oauth/register`,
  scopes_supported: scopes,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: grantTypes,
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: authMethods,
  code_challenge_methods_supported: ['S256'],
  prompt_values_supported: ['none', 'consent'],
  authorization_response_iss_parameter_supported: true,
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
  claims_supported:
    'iss sub aud exp iat nonce auth_time at_hash name preferred_username profile picture website email email_verified orgs'.split(
      ' ',
    ),
})

export const registerFacts = (app: FastifyInstance, door: Door): void => {
  const { identity, oauth } = door.hub
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    app.get(`/.well-known/${name}`, (request) => discovery(baseUrl(door, request), oauth.scopes))
  }

  app.get('/oauth/jwks', async () => ({ keys: await oauth.publicKeys() }))

  app.route({
    method: ['GET', 'POST'],
    url: '/oauth/userinfo',
    handler: async (request: FastifyRequest) => {
      const found = await authenticate(door, request)
      const account = found && (await identity.get(found.actor.id))
      if (found === undefined || account === undefined) {
        throw new HubError('unauthenticated', 'A token is needed to say who you are.')
      }
      const scopes = await oauth.scopesOf(found.actor)
      return claimsOf(door, account, { base: baseUrl(door, request), scopes })
    },
  })
}
