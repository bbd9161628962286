/** `POST /oauth/token`: codes of every kind for tokens. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IdFacts, IssuedByLeave, OauthProblem } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import { HubError } from '#core/kernel/errors.ts'
import { baseUrl, type Door, makeCtx } from '../kit/context.ts'
import { claimsOf } from './claims.ts'
import { fieldOf, need, proofIn } from './fields.ts'

const sentences: Record<OauthProblem, string> = {
  authorization_pending: 'Nobody has allowed this yet.',
  slow_down: 'You ask too often: wait five seconds longer each time.',
  expired_token: 'The code is over. Start again.',
  access_denied: 'This was not allowed.',
  invalid_grant: 'The code or token is unknown, used or over. Sign in again.',
  invalid_client: 'This hub does not know the client, or its secret is wrong.',
  unauthorized_client: 'This client sends people to a page: it does not use codes for devices.',
}

export const sayProblem = (
  request: FastifyRequest,
  reply: FastifyReply,
  problem: OauthProblem,
): FastifyReply => {
  const isBasic = problem === 'invalid_client' && request.headers.authorization !== undefined
  if (isBasic) reply.header('www-authenticate', 'Basic realm="weighhouse"')
  reply.code(isBasic ? 401 : 400).header('cache-control', 'no-store')
  return reply.send({ error: problem, error_description: sentences[problem] })
}

/** The left half of a token's hash: binds it to the ID token beside it (OpenID Connect Core, 3.1.3.6). */
const hashOf = (accessToken: string): string =>
  createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')

const idTokenOf = async (
  door: Door,
  base: string,
  { idFacts, issued }: { idFacts: IdFacts; issued: IssuedByLeave },
): Promise<string> => {
  const { identity, oauth } = door.hub
  const account = await identity.get(idFacts.accountId)
  if (account === undefined) throw new HubError('conflict', 'The account is gone. Sign in again.')
  const scopes = oauth.scopes.filter((scope) => issued.scopes.split(' ').includes(scope))
  return oauth.signIdToken({
    ...(await claimsOf(door, account, { base, scopes })),
    iss: base,
    aud: idFacts.appId,
    auth_time: Math.floor(idFacts.provedAtMs / 1000),
    at_hash: hashOf(issued.accessToken),
    ...(idFacts.nonce !== undefined && { nonce: idFacts.nonce }),
  })
}

type Given =
  | (IssuedByLeave & { readonly idFacts?: IdFacts | undefined })
  | { problem: OauthProblem }

const grants: Readonly<
  Record<string, (door: Door, request: FastifyRequest, reply: FastifyReply) => Promise<Given>>
> = {
  authorization_code: (door, request, reply) =>
    door.hub.oauth.redeemCode(makeCtx(door, anonymous, request, reply), {
      ...proofIn(request),
      code: need(request.body, 'code'),
      redirectUri: need(request.body, 'redirect_uri'),
      verifier: fieldOf(request.body, 'code_verifier'),
    }),

  refresh_token(door, request, reply) {
    const proof = proofIn(request)
    if (proof.clientId === undefined) need(request.body, 'client_id')
    const claim = { ...proof, refreshToken: need(request.body, 'refresh_token') }
    return door.hub.oauth.refresh(makeCtx(door, anonymous, request, reply), claim)
  },

  'urn:ietf:params:oauth:grant-type:device_code': (door, request, reply) =>
    door.hub.oauth.redeemDevice(makeCtx(door, anonymous, request, reply), {
      deviceCode: need(request.body, 'device_code'),
      clientId: need(request.body, 'client_id'),
    }),
}

export const grantTypes: readonly string[] = Object.keys(grants)

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

const unsupported = (grant: string): string =>
  grant === exchange
    ? 'This hub does not exchange tokens of other systems. Give the job an access token of a service account instead.'
    : `The grant type "${grant.slice(0, 100)}" is not offered here.`

export const registerToken = (app: FastifyInstance, door: Door): void => {
  app.post('/oauth/token', async (request, reply) => {
    const type = need(request.body, 'grant_type')
    const grant = Object.hasOwn(grants, type) ? grants[type] : undefined
    if (grant === undefined) {
      const refused = { error: 'unsupported_grant_type', error_description: unsupported(type) }
      return reply.code(400).header('cache-control', 'no-store').send(refused)
    }
    door.failures.check(request.ip)
    const issued = await grant(door, request, reply)
    if ('problem' in issued) {
      if (issued.problem === 'invalid_client') door.failures.note(request.ip)
      return sayProblem(request, reply, issued.problem)
    }
    const { idFacts } = issued
    const base = baseUrl(door, request)
    return reply.header('cache-control', 'no-store').send({
      access_token: issued.accessToken,
      token_type: 'bearer',
      expires_in: issued.lifeSeconds,
      refresh_token: issued.refreshToken,
      scope: issued.scopes,
      ...(idFacts !== undefined && { id_token: await idTokenOf(door, base, { idFacts, issued }) }),
    })
  })
}
