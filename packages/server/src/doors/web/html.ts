/** Pages in one piece: no script, styles of their own in the app's colours, every value escaped. */
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
:root{color-scheme:light dark;--page:light-dark(#f6f7f9,#0b0f16);--surface:light-dark(#fff,#12161e)}
:root{--sunken:light-dark(#f0f1f3,#070a10)}
:root{--ink:light-dark(#10151e,#ebedf0);--soft:light-dark(#424a54,#b1b6bf);--line:light-dark(#cfd3d8,#333944)}
:root{--control:light-dark(#808791,#727985)}
:root{--accent:light-dark(#2757b6,#759fee);--accent-ink:light-dark(#fff,#080f1c);--fail:light-dark(#b1281f,#fc7f71)}
:root{--focus:light-dark(#3b6fd4,#7aabfc)}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/24px system-ui,sans-serif;overflow-wrap:anywhere}
header{border-bottom:1px solid var(--line);background:var(--surface);padding:14px 24px;line-height:24px}
header a{color:var(--ink);font-weight:600;text-decoration:none;display:inline-flex;gap:8px;align-items:center}
main{max-width:35rem;margin:0 auto;padding:2.5rem 1.25rem}
h1{font-size:22px;line-height:28px;letter-spacing:-.014em;margin:0 0 .5rem}
h2{font-size:14px;line-height:20px;margin:2rem 0 .5rem}
p{margin:.5rem 0}
.soft{color:var(--soft)}
pre{background:var(--sunken);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem;overflow:auto}
pre{font:12.5px/20px ui-monospace,monospace;margin:.5rem 0}
a{color:var(--accent)}
label{display:block;margin:1rem 0 .35rem;font-size:13px;line-height:18px;font-weight:500}
input{width:100%;height:36px;padding:0 .75rem;border:1px solid var(--control);border-radius:6px}
input{background:var(--surface);color:var(--ink);font:inherit}
input[type=checkbox],input[type=radio]{width:auto;height:auto}
button{margin-top:1.25rem;height:36px;padding:0 .9rem;border:0;border-radius:6px;background:var(--accent);color:var(--accent-ink)}
button{font:inherit;font-size:14px;font-weight:500;cursor:pointer}
button.quiet{background:var(--surface);color:var(--ink);border:1px solid var(--line)}
ul.list{list-style:none;margin:.5rem 0;padding:0}
ul.list>li{display:flex;flex-wrap:wrap;gap:.5rem 1rem;justify-content:space-between;align-items:center}
ul.list>li{padding:.75rem 0;border-bottom:1px solid var(--line)}
ul.list li>div:first-child{flex:1 1 16rem;overflow-wrap:anywhere}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.row input{width:10rem}
.row button,ul.list button{margin-top:0}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.error{border:1px solid var(--fail);border-radius:8px;padding:.5rem .9rem;background:var(--surface)}
@media(pointer:coarse){input,button{height:44px}}
`

/** The beam of the balance, as in the app. */
const mark =
  '<svg width="22" height="22" viewBox="0 0 24 24" fill="currentColor" fill-rule="evenodd" aria-hidden="true"><path d="M12 1.6 3.2 9.4H1.2v1.2a4.1 4.1 0 0 0 8.2 0V9.4H7.1L10.9 6V19H7.2v2.4h9.6V19h-3.7V6l3.8 3.4h-2.3v1.2a4.1 4.1 0 0 0 8.2 0V9.4h-2ZM16.4 11.2h4.6a2.35 2.35 0 0 1-4.6 0Z"/></svg>'

const styleHash = createHash('sha256').update(style).digest('base64')

/** Lets a page do nothing but show itself and send its own form, whose answer leads to `formTarget`. */
const policyFor = (formTarget: string): string =>
  `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formTarget}; frame-ancestors 'none'; base-uri 'none'`

export const pagePolicy = policyFor("'self'")

/** `body` is HTML whose values are already escaped. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><header><a href="/">${mark} Weighhouse</a></header><main>${body}</main></body></html>
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
