/** What the hub says of itself, and its first administrator. */
import { hubCalls as calls } from '@weighhouse/contract/hub.ts'
import type { FastifyInstance } from 'fastify'
import { baseUrl, type Door } from '../kit/context.ts'
import { needOwnPage, noteFailures, setSessionCookie } from '../kit/session.ts'
import { serve } from './serve.ts'

export const version = '0.1.0'

export const registerHub = (app: FastifyInstance, door: Door): void => {
  const { identity, signin, sso } = door.hub

  serve(app, door, calls.getHub, async ({ query, request }) => ({
    name: 'Weighhouse',
    version,
    url: baseUrl(door, request),
    isSetUp: await identity.hasAccounts(),
    providers: (await sso.offered(query.org)).map(({ name, org }) => ({ name, org: org ?? null })),
  }))

  serve(app, door, calls.setUp, async ({ ctx, body, request, reply }) => {
    needOwnPage(door, request)
    const { code, name, password } = body
    const made = await noteFailures(door, request, () =>
      identity.completeSetup(ctx, code.trim(), { name, password }),
    )
    const agent = request.headers['user-agent']
    const step = await signin.signIn(ctx, { name, password, agent })
    if (step.kind === 'signed_in') setSessionCookie(door, request, reply, step.session)
    return { name: made.account.name, token: made.secret }
  })
}
