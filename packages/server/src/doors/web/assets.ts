/** The style sheet and the one script of the pages that the server draws. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

const fonts = new URL('../../../../web/dist/assets/', import.meta.url)

/** The app's own, by the name its build gave it; without a build there is none. */
const fontFace = (): string => {
  let names: string[]
  try {
    names = readdirSync(fonts)
  } catch {
    return ''
  }
  const name = names.find((one) => /^ibm-plex-sans-latin-wght-normal-[\w-]+\.woff2$/.test(one))
  if (name === undefined) return ''
  return `@font-face{font-family:'IBM Plex Sans Variable';font-weight:100 700;font-display:swap;src:url(./${name}) format('woff2-variations')}\n`
}

const read = (name: string): string =>
  readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')

/** Their names hold no hash, so they are asked for again, and found to be the same. */
const serveOwn = (app: FastifyInstance, name: string, type: string, body: string): void => {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  app.get(`/assets/${name}`, (request, reply) => {
    reply.header('cache-control', 'no-cache').header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type(`${type}; charset=utf-8`).send(body)
  })
}

export const registerAssets = (app: FastifyInstance): void => {
  serveOwn(app, 'passkeys.js', 'text/javascript', read('passkeys.js'))
  serveOwn(app, 'pages.css', 'text/css', fontFace() + read('pages.css'))
}
