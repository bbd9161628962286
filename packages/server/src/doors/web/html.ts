/** Pages of the server's own: no script, the app's look by one style sheet, every value escaped. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieIn } from '../kit/context.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => escapes[c] ?? c)

/** The beam of the balance, as in the app. */
const mark =
  '<svg width="22" height="22" viewBox="0 0 24 24" fill="currentColor" fill-rule="evenodd" aria-hidden="true"><path d="M12 1.6 3.2 9.4H1.2v1.2a4.1 4.1 0 0 0 8.2 0V9.4H7.1L10.9 6V19H7.2v2.4h9.6V19h-3.7V6l3.8 3.4h-2.3v1.2a4.1 4.1 0 0 0 8.2 0V9.4h-2ZM16.4 11.2h4.6a2.35 2.35 0 0 1-4.6 0Z"/></svg>'

/** Lets a page do nothing but show itself and send its own form, whose answer leads to `formTarget`. */
const policyFor = (formTarget: string): string =>
  `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action ${formTarget}; frame-ancestors 'none'; base-uri 'none'`

export const pagePolicy = policyFor("'self'")

/** Written by the app's own switch (`packages/web/src/app/prefs.ts`). It says how pages look and nothing else, so anybody may write it. */
const themeOf = (request: FastifyRequest): 'light' | 'dark' | undefined => {
  const said = cookieIn(request, 'weighhouse-theme')
  return said === 'light' || said === 'dark' ? said : undefined
}

interface Content {
  readonly title: string
  /** HTML whose values are already escaped. */
  readonly body: string
}

export const page = (request: FastifyRequest, { title, body }: Content): string => {
  const theme = themeOf(request)
  const chosen = theme === undefined ? '' : ` data-theme="${theme}"`
  return `<!doctype html>
<html lang="en"${chosen}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title === 'Weighhouse' ? title : `${title} · Weighhouse`)}</title>
<link rel="icon" href="/mark.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/pages.css"></head>
<body><header><a href="/">${mark} Weighhouse</a></header><main>${body}</main></body></html>
`
}

export const codeBlock = (lines: readonly string[]): string =>
  `<pre><code>${escapeHtml(lines.join('\n'))}</code></pre>`

/** The same, for the few pages that have a script of ours to talk to this hub. */
const scriptPolicy = `${pagePolicy}; script-src 'self'; connect-src 'self'`

const send = (reply: FastifyReply, policy: string, content: Content): FastifyReply =>
  reply
    .header('content-security-policy', policy)
    // Without one, browsers send forms of a plain-http page as if they came from nowhere.
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page(reply.request, content))

/** `formTarget` is a further source, in the words of CSP, to which the answer to a form may lead. */
export const sendPage = (
  reply: FastifyReply,
  title: string,
  body: string,
  formTarget?: string,
): FastifyReply => {
  const policy = formTarget === undefined ? pagePolicy : policyFor(`'self' ${formTarget}`)
  return send(reply, policy, { title, body })
}

export const sendScriptPage = (reply: FastifyReply, title: string, body: string): FastifyReply =>
  send(reply, scriptPolicy, { title, body })
