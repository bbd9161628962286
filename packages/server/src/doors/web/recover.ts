/** The page behind a recovery link: a new password, and nothing else. */
import type { FastifyInstance } from 'fastify'
import { anonymous } from '#core/kernel/actor.ts'
import { limits } from '#core/kernel/limits.ts'
import { isHubError } from '#core/kernel/errors.ts'
import { type Door, makeCtx } from '../kit/context.ts'
import { clearSessionCookie, needOwnPage } from '../kit/session.ts'
import { alert, fieldOf, refuseWith } from './forms.ts'
import { escapeHtml, sendPage } from './html.ts'

const form = (name: string, problem?: string): string => `
<h1>A new password</h1>
<p class="soft">For <strong>${escapeHtml(name)}</strong>. Every session ends; then you sign in with it.</p>
${alert(problem)}
<form method="post">
<input type="hidden" name="name" value="${escapeHtml(name)}" autocomplete="username">
<label for="password">Password, ${limits.passwordCharsMin} characters or more</label><input id="password" name="password" type="password" required minlength="${limits.passwordCharsMin}" autocomplete="new-password" autofocus>
<button>Set password</button></form>
`

const done = `
<h1>The password is set</h1>
<p>This link has ended, and so has every session.</p>
<p><a href="/login">Sign in</a></p>
`

const askForm = (problem?: string): string => `
<h1>A new password</h1>
<p class="soft">We send a link to the address of your account.</p>
${alert(problem)}
<form method="post" action="/recover">
<label for="name">User name</label><input id="name" name="name" required autocomplete="username" maxlength="42" autofocus>
<button>Send the link</button></form>
`

/** The same whether there is such an account or not. */
const sentPage = `
<h1>Look into your mail</h1>
<p>If the account has an address, a link is on its way. It works once, for a day.</p>
<p><a href="/login">Sign in</a></p>
`

interface Route {
  readonly Params: { secret: string }
}

export const registerRecovery = (app: FastifyInstance, door: Door): void => {
  const { signin } = door.hub

  app.get('/recover', (_request, reply) => sendPage(reply, 'A new password', askForm()))

  app.post('/recover', async (request, reply) => {
    needOwnPage(door, request)
    const ctx = makeCtx(door, anonymous, request, reply)
    try {
      await signin.mailRecovery(ctx, fieldOf(request, 'name') ?? '')
    } catch (error) {
      if (!isHubError(error)) throw error
      return sendPage(refuseWith(reply, error), 'A new password', askForm(error.message))
    }
    return sendPage(reply, 'A new password', sentPage)
  })

  app.get<Route>('/recover/:secret', async (request, reply) => {
    const ctx = makeCtx(door, anonymous, request, reply)
    const { name } = await signin.recoveryOf(ctx, request.params.secret)
    return sendPage(reply, 'A new password', form(name))
  })

  app.post<Route>('/recover/:secret', async (request, reply) => {
    needOwnPage(door, request)
    const ctx = makeCtx(door, anonymous, request, reply)
    const { secret } = request.params
    const { name } = await signin.recoveryOf(ctx, secret)
    try {
      await signin.recover(ctx, { secret, password: fieldOf(request, 'password') ?? '' })
    } catch (error) {
      if (!isHubError(error, 'invalid')) throw error
      return sendPage(refuseWith(reply, error), 'A new password', form(name, error.message))
    }
    clearSessionCookie(door, request, reply)
    return sendPage(reply, 'The password is set', done)
  })
}
