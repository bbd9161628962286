/** Single sign-on: away to a provider and back, and linking an account to one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { anonymous } from '#core/kernel/actor.ts'
import { isHubError } from '#core/kernel/errors.ts'
import { baseUrl, type Door, makeCtx } from '../kit/context.ts'
import { toHubError } from '../kit/errors.ts'
import { oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import {
  needOwnPage,
  sessionOf,
  setAttemptCookie,
  setSessionCookie,
  takeAttemptCookie,
} from '../kit/session.ts'
import { webStatus } from './errors.ts'
import { ownPath, toLogin } from './forms.ts'
import { escapeHtml, sendPage } from './html.ts'
import { proofPath } from './security-page.ts'

type Named = FastifyRequest<{ Params: { name: string } }>

const pathOf = (name: string): string => `/login/sso/${encodeURIComponent(name)}`

/** Where a provider sends the browser back to: another place for each, so that none answers for another. */
const callbackAt =
  (door: Door, request: FastifyRequest) =>
  (name: string): string =>
    `${baseUrl(door, request)}${pathOf(name)}/callback`

/** What a sign-in page offers beside the password; '' when there is nothing. */
export const ssoLinks = async (
  door: Door,
  next: string,
  org: string | undefined,
): Promise<string> => {
  const offered = await door.hub.sso.offered(org)
  if (offered.length === 0) return ''
  const links = offered.map(({ name, org: of }) => {
    const href = `${pathOf(name)}?next=${encodeURIComponent(next)}`
    const whose = of === undefined ? '' : ` <span class="soft">of ${escapeHtml(of)}</span>`
    return `<p><a href="${escapeHtml(href)}">Sign in with ${escapeHtml(name)}</a>${whose}</p>`
  })
  return `<div class="or"><h2>Or</h2>\n${links.join('\n')}</div>\n`
}

const linkForm = (account: string, name: string): string => `
<h1>Link your account to ${escapeHtml(name)}?</h1>
<p>From then on, who you are at ${escapeHtml(name)} signs in as <strong>${escapeHtml(account)}</strong>.
Whoever runs ${escapeHtml(name)} could do so too: link only what you trust with your account.</p>
<form method="post" action="${escapeHtml(pathOf(name))}"><button>Link</button></form>
`

const goPage = (name: string, url: string): string => `
<h1>Continue at ${escapeHtml(name)}</h1>
<p><a href="${escapeHtml(url)}">Go on</a> if nothing happens by itself.</p>
`

const linkedPage = (name: string): string => `
<h1>Linked</h1>
<p>You can sign in with ${escapeHtml(name)} from now on. <a href="/">Go on</a></p>
`

/** What went wrong, and the way back: the provider is one of several ways in. */
const failedPage = (problem: string): string => `
<h1>You are not signed in</h1>
<p class="error" role="alert">${escapeHtml(problem)}</p>
<p><a href="/login">Sign in another way</a></p>
`

/** The refusal of a sign-in as a page of its own; everything else is thrown on. */
const sendRefusal = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
  if (!isHubError(thrown, 'unauthenticated')) throw thrown
  // Noted in the trail on the way.
  const error = toHubError(thrown, request) ?? thrown
  return sendPage(reply.code(webStatus[error.code]), 'Sign in', failedPage(error.message))
}

export const registerSso = (app: FastifyInstance, door: Door): void => {
  const { sso, signin, policy } = door.hub

  app.get('/login/sso/:name', async (request: Named, reply) => {
    const { name } = request.params
    const query = parseQuery(queryTextOf(request.url))
    if (oneOf(query, 'link') !== undefined) {
      const found = await sessionOf(door, request, reply)
      if (found === undefined) {
        return toLogin(reply, request.url)
      }
      return sendPage(reply, 'Link', linkForm(found.session.actor.name, name))
    }
    const next = ownPath(oneOf(query, 'next'))
    const ctx = makeCtx(door, anonymous, request, reply)
    const wish = { next, callback: callbackAt(door, request) }
    try {
      const away = await sso.depart(ctx, name, wish)
      setAttemptCookie(door, request, reply, away)
      return reply.header('cache-control', 'no-store').redirect(away.url, 303)
    } catch (thrown) {
      return sendRefusal(thrown, request, reply)
    }
  })

  // By a form of ours only: another site could otherwise have people link its identity to their account.
  app.post('/login/sso/:name', async (request: Named, reply) => {
    needOwnPage(door, request)
    const { name } = request.params
    const found = await sessionOf(door, request, reply)
    if (found === undefined) {
      return toLogin(reply, `${pathOf(name)}?link=1`)
    }
    const linkTo = policy.requireOwnAccount(found.ctx)
    try {
      await signin.requireFresh(linkTo)
    } catch (thrown) {
      if (!isHubError(thrown, 'proof_needed')) throw thrown
      const next = encodeURIComponent(`${pathOf(name)}?link=1`)
      return reply.redirect(`${proofPath}?next=${next}`, 303)
    }
    const wish = { next: '/', callback: callbackAt(door, request), linkTo }
    const away = await sso.depart(found.ctx, name, wish)
    setAttemptCookie(door, request, reply, away)
    // Not by a redirect: forms of our pages lead to this hub alone, and browsers follow them to their end.
    reply.header('refresh', `0; url=${away.url}`)
    return sendPage(reply, 'Link', goPage(name, away.url))
  })

  app.get('/login/sso/:name/callback', async (request: Named, reply) => {
    const { name } = request.params
    const found = await sessionOf(door, request, reply)
    const ctx = found?.ctx ?? makeCtx(door, anonymous, request, reply)
    try {
      const { session, next } = await sso.arrive(ctx, name, {
        secret: takeAttemptCookie(door, request, reply),
        query: queryTextOf(request.url),
        callback: callbackAt(door, request),
        agent: request.headers['user-agent'],
        signedIn: found === undefined ? undefined : policy.requireOwnAccount(found.ctx),
      })
      if (session === undefined) return await sendPage(reply, 'Linked', linkedPage(name))
      setSessionCookie(door, request, reply, session)
      return await reply.redirect(next, 303)
    } catch (thrown) {
      return sendRefusal(thrown, request, reply)
    }
  })
}
