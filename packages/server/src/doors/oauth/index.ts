/** OAuth: how programs get tokens by a person's leave. The page on which people decide is the web door's. */
import type { FastifyInstance } from 'fastify'
import { anonymous } from '#core/kernel/actor.ts'
import { parseSmallBodies } from '../kit/bodies.ts'
import { baseUrl, type Door, makeCtx } from '../kit/context.ts'
import { renderOauthError } from './errors.ts'
import { registerFacts } from './facts.ts'
import { fieldOf, need } from './fields.ts'
import { registerRegistration } from './register.ts'
import { registerToken, sayProblem } from './token.ts'

const bodyBytesMax = 32 * 1024

const registerDevice = (app: FastifyInstance, door: Door): void => {
  const { oauth } = door.hub
  app.post('/oauth/device', async (request, reply) => {
    const ctx = makeCtx(door, anonymous, request, reply)
    const offer = await oauth.offerDevice(ctx, {
      clientId: need(request.body, 'client_id'),
      scopes: fieldOf(request.body, 'scope') ?? '',
      agent: request.headers['user-agent'],
    })
    if ('problem' in offer) return sayProblem(request, reply, offer.problem)
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
}

/** One encapsulated plugin. */
export const oauthDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, bodyBytesMax)
    app.setErrorHandler(renderOauthError)
    registerDevice(app, door)
    registerToken(app, door)
    registerFacts(app, door)
    registerRegistration(app, door)
    return Promise.resolve()
  }
