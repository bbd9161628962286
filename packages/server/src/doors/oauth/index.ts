/** OAuth: how programs get tokens by a person's leave. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IssuedByLeave, OauthProblem } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isForm, parseSmallBodies } from '../kit/bodies.ts'
import { authenticate, baseUrl, type Door, makeCtx } from '../kit/context.ts'
import { oneOf } from '../kit/query.ts'
import { renderOauthError } from './errors.ts'

const bodyBytesMax = 32 * 1024

/** One value of a form or a JSON object. */
const fieldOf = (body: unknown, name: string): string | undefined => {
  if (isForm(body)) return oneOf(body, name)
  // A cast because the member is looked at below.
  const value = (body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}

const need = (body: unknown, name: string): string => {
  const value = fieldOf(body, name)
  if (value !== undefined && value !== '') return value
  throw new HubError('invalid', `"${name}" is missing.`)
}

const sentences: Record<OauthProblem, string> = {
  authorization_pending: 'Nobody has allowed this yet.',
  slow_down: 'You ask too often: wait five seconds longer each time.',
  expired_token: 'The code is over. Start again.',
  access_denied: 'This was not allowed.',
  invalid_grant: 'The code or token is unknown, used or over. Sign in again.',
  invalid_client: 'This hub does not know the client.',
}

const say = (reply: FastifyReply, answer: IssuedByLeave | { problem: OauthProblem }) => {
  reply.header('cache-control', 'no-store')
  if ('problem' in answer) {
    const { problem } = answer
    return reply.code(400).send({ error: problem, error_description: sentences[problem] })
  }
  return reply.send({
    access_token: answer.accessToken,
    token_type: 'bearer',
    expires_in: answer.lifeSeconds,
    refresh_token: answer.refreshToken,
    scope: answer.scopes,
  })
}

const registerDevice = (app: FastifyInstance, door: Door): void => {
  const { oauth } = door.hub
  app.post('/oauth/device', async (request, reply) => {
    const ctx = makeCtx(door, anonymous, request, reply)
    const offer = await oauth.offerDevice(ctx, {
      clientId: need(request.body, 'client_id'),
      scopes: fieldOf(request.body, 'scope') ?? '',
      agent: request.headers['user-agent'],
    })
    if ('problem' in offer) return say(reply, offer)
    const page = `${baseUrl(door, request)}/device`
    return reply.header('cache-control', 'no-store').send({
      device_code: offer.deviceCode,
      user_code: offer.userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${offer.userCode}`,
      interval: offer.intervalSeconds,
      expires_in: offer.lifeSeconds,
    })
  })

  app.post('/oauth/token', async (request, reply) => {
    const { body } = request
    const ctx = makeCtx(door, anonymous, request, reply)
    const grant = need(body, 'grant_type')
    const clientId = need(body, 'client_id')
    if (grant === 'urn:ietf:params:oauth:grant-type:device_code') {
      const deviceCode = need(body, 'device_code')
      return say(reply, await oauth.redeemDevice(ctx, { deviceCode, clientId }))
    }
    if (grant === 'refresh_token') {
      const refreshToken = need(body, 'refresh_token')
      return say(reply, await oauth.refresh(ctx, { refreshToken, clientId }))
    }
    const error_description = `The grant type "${grant.slice(0, 100)}" is not offered here.`
    return reply.code(400).send({ error: 'unsupported_grant_type', error_description })
  })
}

const registerFacts = (app: FastifyInstance, door: Door): void => {
  app.get('/.well-known/oauth-authorization-server', (request) => {
    const issuer = baseUrl(door, request)
    return {
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      device_authorization_endpoint: `${issuer}/oauth/device`,
      userinfo_endpoint: `${issuer}/oauth/userinfo`,
      response_types_supported: [],
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['none'],
    }
  })

  app.route({
    method: ['GET', 'POST'],
    url: '/oauth/userinfo',
    handler: async (request: FastifyRequest) => {
      const { identity } = door.hub
      const found = await authenticate(door, request)
      const account = found && (await identity.get(found.actor.id))
      if (account === undefined) {
        throw new HubError('unauthenticated', 'A token is needed to say who you are.')
      }
      const base = baseUrl(door, request)
      const orgs = await identity.memberships(account.id)
      return {
        sub: account.id,
        name: account.fullName,
        preferred_username: account.name,
        profile: `${base}/${account.name}`,
        picture: `${base}/avatars/${account.name}.svg`,
        isPro: false,
        orgs: orgs.map(({ orgId, orgName, orgFullName, role }) => ({
          sub: orgId,
          name: orgFullName,
          preferred_username: orgName,
          isEnterprise: false,
          roleInOrg: role,
        })),
      }
    },
  })
}

/** One encapsulated plugin. */
export const oauthDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, bodyBytesMax)
    app.setErrorHandler(renderOauthError)
    registerDevice(app, door)
    registerFacts(app, door)
    return Promise.resolve()
  }
