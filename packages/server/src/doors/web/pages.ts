/** The web app: one page for every address that is a page's, and the files it is made of. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { pathOfHub } from './below.ts'
import { openWebApp, type WebApp, type WebFile } from './files.ts'
import { codeBlock, sendPage } from './html.ts'
import { movedTo } from './moved.ts'

const yearSeconds = 31_536_000

/** The form that the browser takes and that costs least. */
const formOf = (request: FastifyRequest, file: WebFile): { body: Buffer; encoding?: string } => {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (file.br !== undefined && /\bbr\b/.test(accepted)) return { body: file.br, encoding: 'br' }
  if (file.gz !== undefined && /\bgzip\b/.test(accepted)) return { body: file.gz, encoding: 'gzip' }
  return { body: file.plain }
}

const sendAsset = (request: FastifyRequest, reply: FastifyReply, file: WebFile): FastifyReply => {
  const { body, encoding } = formOf(request, file)
  // Names hold the hash of what is in them.
  reply.header('cache-control', `public, max-age=${yearSeconds}, immutable`)
  reply.header('vary', 'accept-encoding')
  if (encoding !== undefined) reply.header('content-encoding', encoding)
  return reply.type(file.type).send(body)
}

const notBuilt = `
<h1>The web app is not built</h1>
<p>Clients work without it. Build it, and start the hub again:</p>
${codeBlock(['npm run build'])}
`

const sendApp = (door: Door, app: WebApp | undefined, reply: FastifyReply): FastifyReply => {
  if (app === undefined) return sendPage(reply.code(503), 'Weighhouse', notBuilt)
  const { html, policy } = app.page(pathOfHub(door))
  reply.header('content-security-policy', policy)
  // The address of a private repo is nobody else's business; forms of our own need an origin.
  reply.header('referrer-policy', 'same-origin')
  reply.header('cross-origin-opener-policy', 'same-origin')
  reply.header('cache-control', 'no-cache')
  return reply.type('text/html; charset=utf-8').send(html)
}

export const registerPages = (app: FastifyInstance, door: Door): void => {
  const web = openWebApp()

  app.get<{ Params: { name: string } }>('/assets/:name', (request, reply) => {
    const file = web?.assets.get(request.params.name)
    if (file === undefined) throw new HubError('entry_not_found', 'There is no such file.')
    return sendAsset(request, reply, file)
  })
  app.get('/mark.svg', (_request, reply) => {
    if (web === undefined) throw new HubError('entry_not_found', 'There is no such file.')
    reply.header('cache-control', 'public, max-age=86400')
    return reply.type('image/svg+xml').send(web.mark)
  })
  // A browser on its way to a page, and nothing else: what clients ask for keeps its own answers (see `mounts.ts`).
  app.get('/*', { constraints: { page: 'yes' } }, async (request, reply) => {
    const now = await movedTo(door, request, reply)
    return now === undefined
      ? sendApp(door, web, reply)
      : reply.header('cache-control', 'no-store').redirect(now, 307)
  })
}
