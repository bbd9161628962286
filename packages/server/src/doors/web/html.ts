/** Pages in one piece: no script, styles of their own, every value escaped. */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => escapes[c] ?? c)

const style = `
:root{color-scheme:light dark;--ink:#1d2330;--soft:#5b6475;--line:#d9dde5;--paper:#fbfaf7;--card:#fff;--brand:#0b5c6b}
@media(prefers-color-scheme:dark){:root{--ink:#e9ecf2;--soft:#a2abbb;--line:#333b49;--paper:#12151b;--card:#1a1f28;--brand:#6cc5d4}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:44rem;margin:0 auto;padding:3rem 1.25rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.5rem 0}
.soft{color:var(--soft)}
pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;overflow:auto}
pre{font:14px/1.5 ui-monospace,monospace;margin:.5rem 0}
a{color:var(--brand)}
label{display:block;margin:1rem 0 .25rem;font-weight:600}
input{width:100%;padding:.6rem .7rem;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink);font:inherit}
button{margin-top:1.25rem;padding:.6rem 1.1rem;border:0;border-radius:8px;background:var(--brand);color:var(--paper)}
button{font:inherit;font-weight:600;cursor:pointer}
button.quiet{background:var(--card);color:var(--ink);border:1px solid var(--line)}
ul.list{list-style:none;margin:.5rem 0;padding:0}
ul.list>li{display:flex;flex-wrap:wrap;gap:.5rem 1rem;justify-content:space-between;align-items:center}
ul.list>li{padding:.75rem 0;border-bottom:1px solid var(--line)}
ul.list li>div:first-child{flex:1 1 16rem;overflow-wrap:anywhere}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.row input{width:10rem}
.row button,ul.list button{margin-top:0}
:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.error{border-left:4px solid #b3261e;padding:.5rem .9rem;background:var(--card)}
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** Lets a page do nothing but show itself and send its own form, whose answer leads to `formTarget`. */
const policyFor = (formTarget: string): string =>
  `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formTarget}; frame-ancestors 'none'; base-uri 'none'`

export const pagePolicy = policyFor("'self'")

/** `body` is HTML whose values are already escaped. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>
`

export const codeBlock = (lines: readonly string[]): string =>
  `<pre><code>${escapeHtml(lines.join('\n'))}</code></pre>`

/** The same, for the few pages that have a script of ours to talk to this hub. */
const scriptPolicy = `${pagePolicy}; script-src 'self'; connect-src 'self'`

const send = (
  reply: FastifyReply,
  policy: string,
  { title, body }: { title: string; body: string },
): FastifyReply =>
  reply
    .header('content-security-policy', policy)
    // Without one, browsers send forms of a plain-http page as if they came from nowhere.
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page(title, body))

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
