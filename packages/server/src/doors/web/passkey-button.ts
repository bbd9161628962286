/** The one script of these pages, and the buttons that need it. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { escapeHtml } from './html.ts'

const script = readFileSync(new URL('./assets/passkeys.js', import.meta.url))
const etag = `"${createHash('sha256').update(script).digest('base64url')}"`

interface Button {
  readonly act: 'sign-in' | 'prove' | 'add'
  readonly label: string
  /** Where to go when it is done. */
  readonly next: string
  /** Where to go when a fresh proof is asked for. */
  readonly proof?: string
}

/** Hidden until the script finds that the browser has passkeys. */
export const passkeyButton = ({ act, label, next, proof }: Button): string => `
<p id="passkey-problem" class="error" role="alert" hidden></p>
<button type="button" class="quiet" data-passkey="${act}" data-next="${escapeHtml(next)}"${proof === undefined ? '' : ` data-proof="${escapeHtml(proof)}"`} hidden>${escapeHtml(label)}</button>
<script type="module" src="/assets/passkeys.js"></script>`

export const registerAssets = (app: FastifyInstance): void => {
  app.get('/assets/passkeys.js', (request, reply) => {
    reply.header('cache-control', 'no-cache').header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('text/javascript; charset=utf-8').send(script)
  })
}
