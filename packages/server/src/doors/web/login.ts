/** Pages where people sign in and out, and where they let a command line act for them. */
import type { FastifyInstance } from 'fastify'
import { anonymous } from '#core/kernel/actor.ts'
import { HubError } from '#core/kernel/errors.ts'
import { type Door, makeCtx } from '../kit/context.ts'
import { toHubError } from '../kit/errors.ts'
import { oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import {
  clearSessionCookie,
  needOwnPage,
  noteFailures,
  sessionOf,
  setSessionCookie,
} from '../kit/session.ts'
import { alert, fieldOf, ownPath, refuseWith, toLogin } from './forms.ts'
import { escapeHtml, sendPage, sendScriptPage } from './html.ts'
import { passkeyButton } from './passkey-button.ts'
import { ssoLinks } from './sso.ts'

const loginForm = (next: string, problem?: string): string => `
<h1>Sign in</h1>
${alert(problem)}
<form method="post" action="/login">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="name">User name</label><input id="name" name="name" required autocomplete="username" maxlength="42">
<label for="password">Password</label><input id="password" name="password" type="password" required autocomplete="current-password">
<button class="wide">Sign in</button></form>
<p class="soft"><a href="/recover">Forgot your password?</a></p>
${passkeyButton({ act: 'sign-in', label: 'Use a passkey', next })}
`

const stepForm = (
  { challenge, next }: { challenge: string; next: string },
  problem?: string,
): string => `
<h1>One more step</h1>
<p class="soft">Type the code that your authenticator app shows, or one of your recovery codes.</p>
${alert(problem)}
<form method="post" action="/login/code">
<input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="code">Code</label><input id="code" name="code" required autocomplete="one-time-code" maxlength="64" spellcheck="false" autocapitalize="none" autofocus>
<button>Sign in</button></form>
<p><a href="/login?next=${escapeHtml(encodeURIComponent(next))}">Begin again</a></p>
`

const codeForm = (problem?: string): string => `
<h1>Connect a command line</h1>
<p class="soft">Type the code that it shows.</p>
${alert(problem)}
<form method="get" action="/device">
<label for="user_code">Code</label><input id="user_code" name="user_code" required autocomplete="off" maxlength="16" spellcheck="false">
<button>Continue</button></form>
`

const leaveForm = (
  name: string,
  code: string,
  { app, ip, agent }: { app: string; ip: string | undefined; agent: string | undefined },
): string => `
<h1>Let ${escapeHtml(app)} act as you?</h1>
<p>It asks to read and write as <strong>${escapeHtml(name)}</strong>.
Allow it only if you have just started it yourself, and it shows this code:</p>
<pre><code>${escapeHtml(`${code.slice(0, 4)}-${code.slice(4)}`)}</code></pre>
<p class="soft">Asked from ${escapeHtml(ip ?? 'an unknown address')} by ${escapeHtml(agent ?? 'an unknown program')}.</p>
<form method="post" action="/device">
<input type="hidden" name="user_code" value="${escapeHtml(code)}">
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny" class="quiet">Not me</button></form>
`

const registerLogin = (app: FastifyInstance, door: Door): void => {
  const { signin, policy } = door.hub

  app.get('/login', async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const next = ownPath(oneOf(query, 'next'))
    if ((await sessionOf(door, request, reply)) !== undefined) return reply.redirect(next, 303)
    const links = await ssoLinks(door, next, oneOf(query, 'org'))
    return sendScriptPage(reply, 'Sign in', loginForm(next) + links)
  })

  app.post('/login', async (request, reply) => {
    needOwnPage(door, request)
    const next = ownPath(fieldOf(request, 'next'))
    const ctx = makeCtx(door, anonymous, request, reply)
    const given = {
      name: fieldOf(request, 'name') ?? '',
      password: fieldOf(request, 'password') ?? '',
      agent: request.headers['user-agent'],
    }
    try {
      const step = await noteFailures(door, request, () => signin.signIn(ctx, given))
      if (step.kind === 'second_factor') {
        const { challenge } = step
        return sendPage(reply, 'Sign in', stepForm({ challenge, next }))
      }
      setSessionCookie(door, request, reply, step.session)
      return reply.redirect(next, 303)
    } catch (thrown) {
      const error = toHubError(thrown, request)
      if (error === undefined) throw thrown
      const form = loginForm(next, error.message) + (await ssoLinks(door, next, undefined))
      return sendScriptPage(refuseWith(reply, error), 'Sign in', form)
    }
  })

  // Its form is the answer of the first step; whoever comes by an address begins there.
  app.get('/login/code', (_request, reply) => reply.redirect('/login', 303))

  app.post('/login/code', async (request, reply) => {
    needOwnPage(door, request)
    const next = ownPath(fieldOf(request, 'next'))
    const ctx = makeCtx(door, anonymous, request, reply)
    const challenge = fieldOf(request, 'challenge') ?? ''
    const code = fieldOf(request, 'code') ?? ''
    const given = { challenge, code, agent: request.headers['user-agent'] }
    try {
      const session = await noteFailures(door, request, () => signin.answer(ctx, given))
      setSessionCookie(door, request, reply, session)
      return reply.redirect(next, 303)
    } catch (thrown) {
      const error = toHubError(thrown, request)
      if (error === undefined) throw thrown
      refuseWith(reply, error)
      return error.details['reason'] === 'challenge_over'
        ? sendScriptPage(reply, 'Sign in', loginForm(next, error.message))
        : sendPage(reply, 'Sign in', stepForm({ challenge, next }, error.message))
    }
  })

  app.post('/logout', async (request, reply) => {
    needOwnPage(door, request)
    const found = await sessionOf(door, request, reply)
    if (found !== undefined) {
      const permit = policy.requireOwnAccount(found.ctx)
      await signin.end(found.ctx, permit, found.session.actor.sessionId)
    }
    clearSessionCookie(door, request, reply)
    return reply.redirect('/', 303)
  })
}

const registerDevice = (app: FastifyInstance, door: Door): void => {
  const { oauth, policy } = door.hub
  app.get('/device', async (request, reply) => {
    const found = await sessionOf(door, request, reply)
    if (found === undefined) return toLogin(reply, request.url)
    const code = oneOf(parseQuery(queryTextOf(request.url)), 'user_code')
    if (code === undefined) return sendPage(reply, 'Connect', codeForm())
    door.failures.check(request.ip)
    const asked = await oauth.deviceRequest(code)
    if (asked !== undefined) {
      const form = leaveForm(found.session.actor.name, asked.userCode, asked)
      return sendPage(reply, 'Connect', form)
    }
    door.failures.note(request.ip)
    const problem = 'This code is unknown, over, or was decided about.'
    return sendPage(reply.code(404), 'Connect', codeForm(problem))
  })

  app.post('/device', async (request, reply) => {
    needOwnPage(door, request)
    const found = await sessionOf(door, request, reply)
    if (found === undefined) return toLogin(reply, request.url)
    door.failures.check(request.ip)
    const decision = fieldOf(request, 'decision')
    if (decision !== 'allow' && decision !== 'deny') {
      throw new HubError('invalid', 'Choose "Allow" or "Not me".')
    }
    const permit = policy.requireOwnAccount(found.ctx)
    const userCode = fieldOf(request, 'user_code') ?? ''
    const isAllowed = decision === 'allow'
    try {
      await oauth.decideDevice(found.ctx, permit, { userCode, isAllowed })
    } catch (error) {
      door.failures.note(request.ip)
      throw error
    }
    const text = isAllowed
      ? '<h1>Connected</h1><p>You may close this page. The command line goes on by itself.</p>'
      : '<h1>Not allowed</h1><p>Nothing was given away. If you did not start it, change your password.</p>'
    return sendPage(reply, 'Connect', text)
  })
}

export const registerSignIn = (app: FastifyInstance, door: Door): void => {
  registerLogin(app, door)
  registerDevice(app, door)
}
