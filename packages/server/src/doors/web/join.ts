/** The page behind an invitation: who is signed in becomes a member. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isHubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { needOwnPage, sessionOf } from '../kit/session.ts'
import { refuseWith, toLogin } from './forms.ts'
import { escapeHtml, sendPage } from './html.ts'

interface Invited {
  readonly org: string
  readonly role: string
}

const form = (name: string, { org, role }: Invited): string => `
<h1>Join ${escapeHtml(org)}</h1>
<p>You are signed in as <strong>${escapeHtml(name)}</strong>. By accepting you become a member of <strong>${escapeHtml(org)}</strong> with the role "${escapeHtml(role)}".</p>
<form method="post"><button>Accept the invitation</button></form>
`

const refusedPage = (problem: string): string => `
<h1>You cannot join</h1>
<p class="error" role="alert">${escapeHtml(problem)}</p>
<p><a href="/">Go on</a></p>
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

  /** Asks for something of the invitation; a refusal is a page of its own, and counts as a guess. */
  const trying = async (
    request: FastifyRequest,
    reply: FastifyReply,
    act: () => Promise<string>,
  ): Promise<FastifyReply> => {
    door.failures.check(request.ip)
    try {
      return await sendPage(reply, 'Join', await act())
    } catch (error) {
      if (!isHubError(error)) throw error
      door.failures.note(request.ip)
      return sendPage(refuseWith(reply, error), 'Join', refusedPage(error.message))
    }
  }

  app.get<Route>('/join/:secret', async (request, reply) => {
    const found = await sessionOf(door, request, reply)
    if (found === undefined) return toLogin(reply, request.url)
    const permit = policy.requireOwnAccount(found.ctx)
    return trying(request, reply, async () =>
      form(permit.actor.name, await organisations.readInvitation(permit, request.params.secret)),
    )
  })

  app.post<Route>('/join/:secret', async (request, reply) => {
    needOwnPage(door, request)
    const found = await sessionOf(door, request, reply)
    if (found === undefined) return toLogin(reply, request.url)
    const permit = policy.requireOwnAccount(found.ctx)
    return trying(request, reply, async () => {
      const { secret } = request.params
      const { org, role } = await organisations.acceptInvitation(found.ctx, permit, secret)
      return donePage(org, role)
    })
  })
}
