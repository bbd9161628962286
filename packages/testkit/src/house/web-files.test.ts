/** The web app's files as the hub sends them, and the server's own pages below a path. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { openDevHouse } from '../dev-house.ts'

const html = { accept: 'text/html' }

void test('scripts and styles come compressed, and are kept for ever', async () => {
  await using dev = await openDevHouse()
  const page = (await dev.ask('GET', '/', { headers: html })).text
  const names = [...page.matchAll(/assets\/[\w.-]+\.(?:js|css)/g)].map(([name]) => `/${name}`)
  assert.ok(names.length >= 2, page)
  for (const name of names) {
    const plain = await dev.ask('GET', name)
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.match(plain.headers['content-type'] ?? '', /^text\/(?:javascript|css)/)
    assert.equal(plain.headers['content-encoding'], undefined)
    const br = await dev.ask('GET', name, { headers: { 'accept-encoding': 'gzip, br' } })
    assert.equal(br.headers['content-encoding'], 'br')
    assert.ok(brotliDecompressSync(br.bytes).equals(plain.bytes))
    const gz = await dev.ask('GET', name, { headers: { 'accept-encoding': 'gzip' } })
    assert.equal(gz.headers['content-encoding'], 'gzip')
    assert.ok(gunzipSync(gz.bytes).equals(plain.bytes))
  }
})

void test('nothing else of the disk comes by that way', async () => {
  await using dev = await openDevHouse()
  for (const path of [
    '/assets/none.js',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2fpackage.json',
    '/assets/.stamp',
  ]) {
    const answer = await dev.ask('GET', path)
    assert.equal(answer.status, 404, path)
  }
})

void test('the one inline line is allowed by its hash, and no other', async () => {
  await using dev = await openDevHouse()
  const { text, headers } = await dev.ask('GET', '/models', { headers: html })
  const inline = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => script,
  )
  assert.equal(inline.length, 1)
  const hash = createHash('sha256')
    .update(inline[0] ?? '')
    .digest('base64')
  const policy = headers['content-security-policy'] ?? ''
  assert.ok(policy.includes(`script-src 'self' 'sha256-${hash}'`), policy)
  assert.ok(!/style=|\son\w+=/.test(text), text)
})

void test('below a path, forms, links and redirects of sign-in lead below it', async () => {
  await using dev = await openDevHouse({
    env: { WEIGHHOUSE_PUBLIC_URL: 'https://example.org/hub' },
  })
  const page = await dev.ask('GET', '/hub/login?next=/hub/acme/net', { headers: html })
  assert.match(page.text, /action="\/hub\/login"/)
  assert.match(page.text, /href="\/hub\/recover"/)
  assert.match(page.text, /src="\/hub\/assets\/passkeys\.js"/)
  assert.doesNotMatch(page.text, /(?:href|action|src)="\/(?!hub\/)/)
  const away = await dev.ask('GET', '/hub/settings/security')
  assert.match(away.headers['location'] ?? '', /^\/hub\/login\?next=/)
})
