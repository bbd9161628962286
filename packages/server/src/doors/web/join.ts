/** The page behind an invitation: who is signed in becomes a member. */
import type { FastifyInstance } from 'fastify'
import { isHubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { needOwnPage, sessionOf } from '../kit/session.ts'
import { refuseWith, toLogin } from './forms.ts'
import { escapeHtml, sendPage } from './html.ts'

const form = (name: string, problem?: string): string => `
<h1>Join an organisation</h1>
<p>You are signed in as <strong>${escapeHtml(name)}</strong>. By accepting you become a member of the organisation that invited you.</p>
${problem === undefined ? '' : `<p class="error" role="alert">${escapeHtml(problem)}</p>`}
<form method="post"><button>Accept the invitation</button></form>
`

const donePage = (org: string, role: string): string => `
<h1>Welcome to ${escapeHtml(org)}</h1>
<p>You are a member with the role "${escapeHtml(role)}". <a href="/">Go on</a></p>
`

interface Route {
  readonly Params: { secret: string }
}

export const registerJoin = (app: FastifyInstance, door: Door): void => {
  const { organisations, policy } = door.hub

  app.get<Route>('/join/:secret', async (request, reply) => {
    const found = await sessionOf(door, request, reply)
    if (found === undefined) return toLogin(reply, request.url)
    return sendPage(reply, 'Join', form(found.session.actor.name))
  })

  app.post<Route>('/join/:secret', async (request, reply) => {
    needOwnPage(door, request)
    door.failures.check(request.ip)
    const found = await sessionOf(door, request, reply)
    if (found === undefined) return toLogin(reply, request.url)
    const permit = policy.requireOwnAccount(found.ctx)
    try {
      const { org, role } = await organisations.acceptInvitation(
        found.ctx,
        permit,
        request.params.secret,
      )
      return await sendPage(reply, 'Join', donePage(org, role))
    } catch (error) {
      if (!isHubError(error)) throw error
      door.failures.note(request.ip)
      return sendPage(refuseWith(reply, error), 'Join', form(permit.actor.name, error.message))
    }
  })
}
