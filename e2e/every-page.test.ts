/** No page is forgotten: each route of the app, and each page that the server draws, is in the table; each set of the table is visited. */
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { everyPage } from './kit/every-page.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Written in the router as `page('/path'` and, of repos, as `['/tail'`. */
const routesOfApp = async (): Promise<string[]> => {
  const text = await readFile(`${root}packages/web/src/app/router.tsx`, 'utf8')
  const pages = [...text.matchAll(/\bpage\(\s*'([^']+)'/g)].map(([, path = '']) => path)
  const tails = [...text.matchAll(/\[\s*'([^']*)',\s*\(\) => import/g)].map(
    ([, tail = '']) => `/$ns/$name${tail}`,
  )
  return [...pages, ...tails]
}

/** Answers to a browser that are pages: what only leads elsewhere, or is no page, is left out. */
const elsewhere = /favicon|assets|mark\.svg|\/\*|\/login\/(?:code|sso)|callback|oauth\/authorize/

const routesOfServer = async (): Promise<string[]> => {
  const found: string[] = []
  for await (const path of glob('packages/server/src/doors/web/*.ts', { cwd: root })) {
    const text = await readFile(root + path, 'utf8')
    for (const [, route = ''] of text.matchAll(/app\.get(?:<[^(]*>)?\(\s*'([^']+)'/g)) {
      if (!elsewhere.test(route)) found.push(route)
    }
  }
  return found
}

/** `$name` and `:name` stand for one segment, `$` at the end for the rest. */
const patternOf = (route: string): RegExp => {
  const segments = route.split('/').map((segment) => {
    if (segment === '$') return '.+'
    return /^[$:]/.test(segment) ? '[^/]+' : segment.replaceAll('.', String.raw`\.`)
  })
  return new RegExp(`^${segments.join('/')}$`)
}

const paths = Object.values(everyPage)
  .flat()
  .map(([, path]) => path.replace(/\?.*/, '').replace(/^\/datasets(?=\/)/, ''))

void test('each route is in the table', async () => {
  const app = await routesOfApp()
  const server = await routesOfServer()
  assert.ok(app.length > 30 && app.includes('/$ns/$name/tree/$'), `${app.length} routes are read`)
  assert.ok(server.includes('/login') && server.includes('/join/:secret'))
  const missing = [...app, ...server].filter((route) => {
    const pattern = patternOf(route)
    return !paths.some((path) => pattern.test(path))
  })
  assert.deepEqual(missing, [])
})

void test('each set of the table is visited, and each name stands once', async () => {
  const names = Object.values(everyPage).flatMap((rows) => rows.map(([name]) => name))
  assert.equal(new Set(names).size, names.length)
  let tests = ''
  for await (const path of glob('e2e/*.test.ts', { cwd: root })) {
    if (!path.includes('every-page')) tests += await readFile(root + path, 'utf8')
  }
  const unvisited = Object.keys(everyPage).filter((set) => !tests.includes(`everyPage.${set}`))
  assert.deepEqual(unvisited, [])
})
