/** What a browser's session may do at the doors of clients and of our own API. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWithAnn, signedIn, userWithPassword } from './signin-kit.ts'

const origin = 'http://localhost'

void test('a session acts by its cookie, from pages of this hub alone', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)

  const who = await dev.ask('GET', '/api/whoami-v2', { headers: { cookie } })
  assert.equal(who.status, 200, who.text)
  assert.equal((who.json() as { name: string }).name, 'ann')

  const body = { name: 'mine', private: true }
  const create = (headers: Record<string, string>) =>
    dev.ask('POST', '/api/repos/create', { headers: { cookie, ...headers }, body })
  const foreign: Record<string, string>[] = [
    {},
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site', origin },
    { 'sec-fetch-site': 'same-site', origin },
    { 'sec-fetch-site': 'none' },
  ]
  for (const headers of foreign) {
    const refused = await create(headers)
    assert.equal(refused.status, 401, `${JSON.stringify(headers)} ${refused.text}`)
  }
  const made = await create({ 'sec-fetch-site': 'same-origin', origin })
  assert.equal(made.status, 200, made.text)
  const seen = await dev.ask('GET', '/api/models/ann/mine', { headers: { cookie } })
  assert.equal(seen.status, 200)
  assert.equal((await dev.ask('GET', '/api/models/ann/mine')).status, 401)

  const card = await dev.ask('GET', '/weighhouse/v1/tokens', { headers: { cookie } })
  assert.equal(card.status, 200, card.text)
})

void test('a token wins over a cookie, and a wrong one is not mended by it', async () => {
  await using dev = await openWithAnn()
  await userWithPassword(dev, 'bob')
  const cookie = await signedIn(dev)
  const token = await dev.token('bob', 'read')
  const who = await dev.ask('GET', '/api/whoami-v2', { headers: { cookie }, token })
  assert.equal((who.json() as { name: string }).name, 'bob')
  const wrong = await dev.ask('GET', '/api/whoami-v2', { headers: { cookie }, token: 'hf_wrong' })
  assert.equal(wrong.status, 401)
})

void test('an ended session is nobody, at every door', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  await dev.ask('POST', '/logout', { headers: { cookie, origin } })
  for (const url of ['/api/whoami-v2', '/weighhouse/v1/tokens']) {
    assert.equal((await dev.ask('GET', url, { headers: { cookie } })).status, 401, url)
  }
})
