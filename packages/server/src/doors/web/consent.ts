/** The page to which apps send people, who let them act for them or not (RFC 6749 §4.1, OpenID Connect). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { LeaveRequest } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isForm } from '../kit/bodies.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { allOf, oneOf, parseQuery, type Query } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { needOwnPage, sessionOf } from '../kit/session.ts'
import { escapeHtml, sendPage } from './html.ts'
import { toLogin } from './forms.ts'

const path = '/oauth/authorize'

/** What is carried from the app's link to the form and back. */
const names = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'prompt',
] as const
type Asked = { readonly [K in (typeof names)[number]]?: string }

/** Longer ones would not fit into the address of the page that signs people in. */
const valueCharsMax = 4_096

/** Parameters from the form, or from the address; a client of ours posts them in the address. */
const paramsOf = (request: FastifyRequest): Query => {
  const { body } = request
  return isForm(body) && body.has('client_id') ? body : parseQuery(queryTextOf(request.url))
}

/** Errors: `invalid`. Nobody is sent anywhere then: the address may be what is wrong. */
const readAsked = (params: Query): Asked => {
  const asked: Partial<Record<keyof Asked, string>> = {}
  for (const name of names) {
    const values = allOf(params, name)
    const [value] = values
    if (values.length > 1) throw new HubError('invalid', `"${name}" was sent more than once.`)
    if (value === undefined || value === '') continue
    if (value.length > valueCharsMax) {
      throw new HubError('invalid', `"${name}" has at most ${valueCharsMax} characters.`)
    }
    asked[name] = value
  }
  return asked
}

/** The redirect URI as it was registered, letter for letter, with the answer behind it. */
const addressOf = (uri: string, answer: Readonly<Record<string, string | undefined>>): string => {
  const pairs = Object.entries(answer).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return `${uri}${uri.includes('?') ? '&' : '?'}${pairs.join('&')}`
}

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`

const warning = `<p class="error">This app has registered itself: nobody on this hub answers for it.
Allow it only if you have just come from it, and trust the address below.</p>`

const answeredFor = ({ app, ownerName }: LeaveRequest): string => {
  if (app.isSelfRegistered) return warning
  return ownerName === undefined
    ? ''
    : `<p class="soft">Registered on this hub by ${escapeHtml(ownerName)}.</p>`
}

const consentForm = (name: string, asked: Asked, request: LeaveRequest): string => {
  const { app, words, target } = request
  const fields = Object.entries(asked).map(([key, value]) => hidden(key, value))
  const website =
    app.website === undefined
      ? ''
      : ` (<a href="${escapeHtml(app.website)}" rel="noreferrer noopener">${escapeHtml(app.website)}</a>)`
  return `
<h1>Let ${escapeHtml(app.name)} act as you?</h1>
<p>${escapeHtml(app.name)}${website} asks to act as <strong>${escapeHtml(name)}</strong>. It would be able to:</p>
<ul>${words.map((one) => `<li>${escapeHtml(one)}</li>`).join('')}</ul>
${answeredFor(request)}
<p class="soft">You go on to <strong>${escapeHtml(target)}</strong>. What you allow here you can take back at any time.</p>
<form method="post" action="${path}">${fields.join('')}
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny" class="quiet">Not now</button></form>
`
}

/** Where the answer to the form leads, in the words of CSP, which has none for an IPv6 address. */
const formTargetOf = ({ target }: LeaveRequest): string =>
  target.startsWith('http://[') ? 'http:' : target

/**
 * Sends the browser back to the app. Browsers do not follow the answer to a form to another site if the form's page did not name it; the
 * page that signs people in cannot, so whoever comes from a page of ours is led on by a page of its own.
 */
const goBack = (request: FastifyRequest, reply: FastifyReply, address: string): FastifyReply => {
  reply.header('cache-control', 'no-store')
  const isFromOurs = request.method === 'GET' && request.headers['sec-fetch-site'] === 'same-origin'
  if (!isFromOurs) return reply.redirect(address, 303)
  const to = escapeHtml(address)
  const body = `<meta http-equiv="refresh" content="0;url=${to}"><p>Signed in. <a href="${to}">Go on to the app</a></p>`
  return sendPage(reply, 'Going on', body)
}

const promptsOf = (asked: Asked): ReadonlySet<string> => new Set((asked.prompt ?? '').split(' '))

const answerLeave = async (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { oauth, policy } = door.hub
  const params = paramsOf(request)
  const asked = readAsked(params)
  const { client_id: clientId, redirect_uri: redirectUri, state } = asked
  if (clientId === undefined || redirectUri === undefined) {
    throw new HubError('invalid', 'The link that led here lacks its client_id or redirect_uri.')
  }
  const wish = await oauth.readLeave({
    clientId,
    redirectUri,
    responseType: asked.response_type,
    responseMode: asked.response_mode,
    scope: asked.scope ?? '',
    codeChallenge: asked.code_challenge,
    codeChallengeMethod: asked.code_challenge_method,
    nonce: asked.nonce,
  })
  const back = (answer: { code: string } | { error: string; error_description: string }) => {
    const whole = { ...answer, state, iss: baseUrl(door, request) }
    return goBack(request, reply, addressOf(redirectUri, whole))
  }
  const refuse = (error: string, sentence: string) => back({ error, error_description: sentence })
  if ('problem' in wish) return refuse(wish.problem, wish.sentence)
  for (const name of ['request', 'request_uri'] as const) {
    if (params.has(name)) return refuse(`${name}_not_supported`, 'Send plain parameters.')
  }
  const prompts = promptsOf(asked)
  const isSilent = prompts.has('none')
  if (isSilent && prompts.size > 1) return refuse('invalid_request', 'prompt=none stands alone.')

  const decision = request.method === 'POST' ? oneOf(params, 'decision') : undefined
  // Before anything else is looked at: a page of another site decides nothing.
  if (decision !== undefined) needOwnPage(door, request)
  const found = await sessionOf(door, request, reply)
  if (found === undefined) {
    if (isSilent) return refuse('login_required', 'Nobody has signed in.')
    return toLogin(reply, `${path}?${new URLSearchParams(asked).toString()}`)
  }
  if (decision === 'deny') return refuse('access_denied', 'The person did not allow it.')
  const permit = policy.requireOwnAccount(found.ctx)
  const asksAgain = ['consent', 'login', 'select_account'].some((one) => prompts.has(one))
  const isAllowed = decision === 'allow' || (!asksAgain && (await oauth.isAllowed(permit, wish)))
  if (isAllowed) {
    const { provedAtMs } = found.session
    return back({ code: await oauth.giveLeave(found.ctx, permit, { request: wish, provedAtMs }) })
  }
  if (isSilent) return refuse('consent_required', 'The person has not allowed this yet.')
  const form = consentForm(found.session.actor.name, asked, wish)
  return sendPage(reply, 'Allow an app', form, formTargetOf(wish))
}

export const registerConsent = (app: FastifyInstance, door: Door): void => {
  app.route({
    method: ['GET', 'POST'],
    url: path,
    handler: (request, reply) => answerLeave(door, request, reply),
  })
}
