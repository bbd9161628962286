/** URL prefixes: none taken twice, none that an account could stand in, every route below one that is listed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPagePath, mounts, reservedNames } from '@weighhouse/server/doors/mounts.ts'
import { openDevHouse } from '../dev-house.ts'

void test('each prefix is listed once', () => {
  const segments = mounts.map(({ segment }) => segment)
  assert.equal(new Set(segments).size, segments.length)
})

void test('every route begins with a listed prefix or an owner', async () => {
  await using dev = await openDevHouse()
  await dev.server.app.ready()
  const printed = dev.server.app.printRoutes({ commonPrefix: false })
  const first = [...printed.matchAll(/^[├└]── \/([^/\s(]*)/gm)].map(([, segment = '']) => segment)
  const known = new Set<string>(mounts.map(({ segment }) => segment))
  const own = new Set(['', '*', 'favicon.ico'])
  const strangers = first.filter((one) => !known.has(one) && !own.has(one) && !one.startsWith(':'))
  assert.deepEqual(strangers, [])
  assert.ok(first.length > 5, printed)
})

void test('a page is what a browser goes to, and no door of a protocol', () => {
  const pages = [
    '/',
    '/models',
    '/datasets',
    '/acme',
    '/acme/net',
    '/acme/net/tree/main/a/b.txt',
    '/datasets/acme/set/blob/main/x',
    '/agreements/1',
    '/setup',
  ]
  const others = [
    '/api/models',
    '/api/whoami-v2',
    '/acme/net/resolve/main/x.json',
    '/datasets/acme/set/resolve/main/x',
    '/acme/net.git/info/lfs/objects/batch',
  ]
  const more = [
    '/acme/net/raw/main/x',
    '/acme/net/info/refs',
    '/v1/xorbs/x',
    '/v2/',
    '/_lfs/contents/x',
    '/weighhouse/v1/hub',
    '/scim/v2/acme/Users',
    '/oauth/token',
    '/metrics',
  ]
  for (const path of pages) assert.equal(isPagePath(path), true, path)
  for (const path of [...others, ...more]) assert.equal(isPagePath(path), false, path)
})

void test('a browser gets the app, a client its own answer', async () => {
  await using dev = await openDevHouse()
  const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
  for (const path of ['/', '/models', '/acme/net/tree/main', '/nobody/nothing']) {
    const answer = await dev.ask('GET', path, { headers: html })
    assert.match(answer.headers['content-type'] ?? '', /text\/html/, path)
    const policy = answer.headers['content-security-policy'] ?? ''
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, path)
  }
  for (const path of [
    '/api/models/no/such',
    '/no/such/resolve/main/x',
    '/weighhouse/v1/none',
    '/no/such.git/info/refs',
  ]) {
    const answer = await dev.ask('GET', path, { headers: html })
    assert.doesNotMatch(answer.text, /<div id="app">/, path)
    assert.ok(answer.status >= 400, path)
  }
  const client = await dev.ask('GET', '/acme/net', { headers: { accept: '*/*' } })
  assert.equal(client.status, 404)
  assert.doesNotMatch(client.text, /<div id="app">/)
})

void test('under a path, pages and clients are found with and without it', async () => {
  await using dev = await openDevHouse({
    env: { WEIGHHOUSE_PUBLIC_URL: 'https://example.org/hub/' },
  })
  for (const path of ['/hub/models', '/models']) {
    const answer = await dev.ask('GET', path, { headers: { accept: 'text/html' } })
    assert.equal(answer.status, 200, path)
    assert.match(answer.text, /<base href="\/hub\/"/)
  }
  assert.equal((await dev.ask('GET', '/hub/healthz')).status, 200)
  assert.equal((await dev.ask('GET', '/hubbub/healthz')).status, 404)
})

void test('no account takes a reserved name, in any letter case', async () => {
  await using dev = await openDevHouse()
  const permit = dev.hub.policy.requireHub(dev.system)
  for (const name of reservedNames) {
    if (!/^[a-z0-9-]{2,42}$/.test(name)) continue
    for (const one of [name, name.toUpperCase()]) {
      await assert.rejects(
        dev.hub.identity.createUser(dev.system, permit, { name: one }),
        /reserved|taken|used/i,
      )
    }
  }
})

void test('accounts share one namespace, in any letter case', async () => {
  await using dev = await openDevHouse()
  await dev.user('Ann')
  await assert.rejects(dev.user('ann'), { code: 'exists' })
  await assert.rejects(dev.org('ANN', 'Ann'), { code: 'exists' })
  for (const bad of [
    'a',
    '-ann',
    'ann-',
    'an n',
    'ann/b',
    '../x',
    '1234',
    'ä'.repeat(4),
    'x'.repeat(43),
  ]) {
    await assert.rejects(dev.user(bad), { code: 'invalid' }, bad)
  }
})
