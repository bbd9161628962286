/** Pages of a hub that lives below a path: their links, forms and redirects are written for the root, and led below it on their way out. */
import type { FastifyInstance } from 'fastify'
import type { Door } from '../kit/context.ts'

/** Path of our own URL, without a slash at its end: '' at the root. */
export const pathOfHub = ({ publicUrl }: Door): string =>
  publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '')

const isOwn = (path: string): boolean => path.startsWith('/') && !path.startsWith('//')

export const leadBelow = (app: FastifyInstance, door: Door): void => {
  const base = pathOfHub(door)
  if (base === '') return
  const below = (path: string): string =>
    !isOwn(path) || path === base || path.startsWith(`${base}/`) ? path : base + path
  // Values are escaped, so a quote in the text of a page is never one of these.
  const attributes = /\b(href|action|src|data-next|data-proof)="(\/[^"]*)"/g
  app.addHook('onSend', (_request, reply, payload: unknown, done) => {
    const location = reply.getHeader('location')
    if (typeof location === 'string') reply.header('location', below(location))
    const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html')
    if (!isPage || typeof payload !== 'string') return done(null, payload)
    const led = payload.replaceAll(
      attributes,
      (_all, name: string, path: string) => `${name}="${below(path)}"`,
    )
    reply.removeHeader('content-length')
    done(null, led)
  })
}
