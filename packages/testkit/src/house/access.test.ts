/** One decision at every door: who gets in where, as a matrix over the routes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import {
  batch,
  commit,
  file,
  header,
  lfsFile,
  local,
  offered,
  sha256,
  upload,
  uploadLink,
} from './calls.ts'

const weights = Buffer.alloc(40_000, 3)

interface World {
  readonly dev: DevHouse
  readonly tokens: Readonly<Record<string, string | undefined>>
}

const openWorld = async (): Promise<World> => {
  const dev = await openDevHouse()
  const owner = await dev.user('owner')
  const reader = await dev.token('owner', 'read')
  const member = await dev.user('member')
  const stranger = await dev.user('stranger')
  const admin = await dev.user('root-admin', { admin: true })
  await dev.org('lab', 'owner')
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'lab')
  await dev.hub.identity.addMember(dev.system, permit, 'member', 'read')
  for (const visibility of ['public', 'internal', 'private'] as const) {
    await dev.repo(`lab/${visibility}`, { visibility })
    await upload(dev, `lab/${visibility}`, weights, owner)
    const lines = [header(), file('a.txt', 'a'), lfsFile('w.bin', weights)]
    await commit(dev, `lab/${visibility}`, lines, { token: owner })
  }
  return { dev, tokens: { nobody: undefined, stranger, member, reader, owner, admin } }
}

const as = (token: string | undefined) => (token === undefined ? {} : { token })

type Call = (dev: DevHouse, repo: string, token: string | undefined) => Promise<number>

const get =
  (path: (repo: string) => string, method = 'GET'): Call =>
  async (dev, repo, token) =>
    (await dev.ask(method, path(repo), as(token))).status

const reads: Readonly<Record<string, Call>> = {
  info: get((repo) => `/api/models/${repo}`),
  revision: get((repo) => `/api/models/${repo}/revision/main`),
  tree: get((repo) => `/api/models/${repo}/tree/main`),
  refs: get((repo) => `/api/models/${repo}/refs`),
  commits: get((repo) => `/api/models/${repo}/commits/main`),
  head: get((repo) => `/${repo}/resolve/main/w.bin`, 'HEAD'),
  resolve: get((repo) => `/${repo}/resolve/main/a.txt`),
  'resolve LFS': get((repo) => `/${repo}/resolve/main/w.bin`),
  raw: get((repo) => `/${repo}/raw/main/w.bin`),
  'auth-check': get((repo) => `/api/models/${repo}/auth-check`),
  'paths-info': async (dev, repo, token) =>
    (
      await dev.ask('POST', `/api/models/${repo}/paths-info/main`, {
        ...as(token),
        body: { paths: ['a.txt'] },
      })
    ).status,
  'lfs download': async (dev, repo, token) =>
    (
      await batch(dev, repo, [{ oid: sha256(weights), size: weights.length }], {
        ...as(token),
        operation: 'download',
      })
    ).status,
}

const writes: Readonly<Record<string, Call>> = {
  commit: async (dev, repo, token) =>
    (await commit(dev, repo, [header(), file('b.txt', sha256(String(token)))], as(token))).status,
  preupload: async (dev, repo, token) =>
    (
      await dev.ask('POST', `/api/models/${repo}/preupload/main`, {
        ...as(token),
        body: { files: [] },
      })
    ).status,
  'lfs upload': async (dev, repo, token) =>
    (await batch(dev, repo, [{ oid: sha256('new'), size: 3 }], as(token))).status,
  branch: async (dev, repo, token) => {
    const url = `/api/models/${repo}/branch/b-${sha256(String(token)).slice(0, 8)}`
    return (await dev.ask('POST', url, { ...as(token), body: {} })).status
  },
  'auth-check write': get((repo) => `/api/models/${repo}/auth-check/write`),
}

const manages: Readonly<Record<string, Call>> = {
  settings: async (dev, repo, token) => {
    const visibility = repo === 'lab/none' ? 'private' : repo.slice('lab/'.length)
    const ask = { ...as(token), body: { visibility } }
    return (await dev.ask('PUT', `/api/models/${repo}/settings`, ask)).status
  },
}

//                      public internal private
const readTable: Readonly<Record<string, string>> = {
  nobody: 'ok 401 401',
  stranger: 'ok ok 404',
  member: 'ok ok ok',
  reader: 'ok ok ok',
  owner: 'ok ok ok',
  admin: 'ok ok ok',
}
const writeTable: Readonly<Record<string, string>> = {
  nobody: '401 401 401',
  stranger: '403 403 404',
  member: '403 403 403',
  reader: '403 403 403',
  owner: 'ok ok ok',
  admin: 'ok ok ok',
}

const checkTable = async (
  calls: Readonly<Record<string, Call>>,
  table: Readonly<Record<string, string>>,
): Promise<void> => {
  const { dev, tokens } = await openWorld()
  await using _ = dev
  for (const [name, call] of Object.entries(calls)) {
    for (const [who, token] of Object.entries(tokens)) {
      const row: string[] = []
      for (const visibility of ['public', 'internal', 'private']) {
        const status = await call(dev, `lab/${visibility}`, token)
        row.push(status < 300 ? 'ok' : String(status))
      }
      assert.equal(row.join(' '), table[who], `${name} by ${who}`)
    }
  }
}

void test('reading, at every route', () => checkTable(reads, readTable))
void test('writing, at every route', () => checkTable(writes, writeTable))
void test('managing, at every route', () => checkTable(manages, writeTable))

void test('a hidden repo and none at all look the same', async () => {
  const { dev, tokens } = await openWorld()
  await using _ = dev
  for (const token of [undefined, tokens['stranger']]) {
    for (const call of Object.values({ ...reads, ...writes, ...manages })) {
      const hidden = await call(dev, 'lab/private', token)
      assert.equal(hidden, await call(dev, 'lab/none', token))
    }
    const hidden = await dev.ask('GET', '/api/models/lab/private', as(token))
    const none = await dev.ask('GET', '/api/models/lab/none', as(token))
    assert.equal(hidden.text, none.text)
    assert.equal(hidden.headers['x-error-code'], none.headers['x-error-code'])
  }
})

void test('wrong credentials are refused everywhere, also where none are needed', async () => {
  const { dev } = await openWorld()
  await using _ = dev
  const token = `hf_${'x'.repeat(40)}`
  for (const [name, call] of Object.entries({ ...reads, ...writes, ...manages })) {
    assert.equal(await call(dev, 'lab/public', token), 401, name)
  }
})

void test('a revoked token, and an account that was disabled, are nobody at once', async () => {
  const { dev } = await openWorld()
  await using _ = dev
  const permit = dev.hub.policy.requireHub(dev.system)
  const { token, secret } = await dev.hub.identity.createToken(dev.system, permit, {
    userName: 'owner',
    label: 'x',
    role: 'write',
  })
  const ask = async (used: string) =>
    (await dev.ask('GET', '/api/models/lab/private', { token: used })).status
  assert.equal(await ask(secret), 200)
  await dev.hub.identity.revokeToken(dev.system, permit, token.id)
  assert.equal(await ask(secret), 401)
  const other = await dev.token('member', 'read')
  assert.equal(await ask(other), 200)
  await dev.hub.identity.disableUser(dev.system, permit, 'member')
  assert.equal(await ask(other), 401)
})

void test('a token ends when its time is over', async () => {
  const { dev } = await openWorld()
  await using _ = dev
  const wish = { userName: 'owner', label: 'x', role: 'read', lifeMs: 60_000 } as const
  const { secret } = await dev.hub.identity.createToken(
    dev.system,
    dev.hub.policy.requireHub(dev.system),
    wish,
  )
  const ask = async () => (await dev.ask('GET', '/api/whoami-v2', { token: secret })).status
  assert.equal(await ask(), 200)
  dev.clock.advance(61_000)
  assert.equal(await ask(), 401)
})

void test('links die when access rules change against their holder', async () => {
  const { dev, tokens } = await openWorld()
  await using _ = dev
  const { stranger, owner = '' } = tokens
  const object = { oid: sha256(weights), size: weights.length }
  const answer = await batch(dev, 'lab/internal', [object], {
    ...as(stranger),
    operation: 'download',
  })
  const link = local(offered(answer).actions?.download?.href)
  assert.equal((await dev.ask('GET', link)).status, 200)
  const ask = { token: owner, body: { visibility: 'private' } }
  await dev.ask('PUT', '/api/models/lab/internal/settings', ask)
  assert.equal((await dev.ask('GET', link)).status, 404)
  const mine = await batch(dev, 'lab/internal', [object], { token: owner, operation: 'download' })
  assert.equal((await dev.ask('GET', local(offered(mine).actions?.download?.href))).status, 200)
})

void test('a change of access between upload and commit is met by the commit', async () => {
  const { dev, tokens } = await openWorld()
  await using _ = dev
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'lab')
  await dev.hub.identity.addMember(dev.system, permit, 'member', 'write')
  const { member = '' } = tokens
  const link = await uploadLink(dev, 'lab/private', Buffer.from('fresh'), member)
  await dev.hub.identity.addMember(dev.system, permit, 'member', 'read')
  assert.equal((await dev.ask('PUT', link ?? '', { body: 'fresh' })).status, 403)
  const late = await commit(dev, 'lab/private', [header(), file('x', 'x')], { token: member })
  assert.equal(late.status, 403)
})

void test('too many wrong credentials from one address are slowed', async () => {
  await using dev = await openDevHouse({ env: { WEIGHHOUSE_SIGN_IN_FAILURES_PER_MINUTE: '5' } })
  const good = await dev.user('ann')
  const ask = async (token: string) => dev.ask('GET', '/api/whoami-v2', { token })
  for (let i = 0; i < 5; i += 1) assert.equal((await ask(`hf_${i}`)).status, 401)
  const slowed = await ask('hf_6')
  assert.equal(slowed.status, 429)
  assert.ok(Number(slowed.headers['retry-after']) > 0)
  dev.clock.advance(61_000)
  assert.equal((await ask(good)).status, 200)
})

void test('rates are limited by name', async () => {
  await using dev = await openDevHouse({ env: { WEIGHHOUSE_RATE_LIMIT_PER_MINUTE: '3' } })
  for (let i = 0; i < 3; i += 1) assert.equal((await dev.ask('GET', '/api/models')).status, 200)
  const over = await dev.ask('GET', '/api/models')
  assert.equal(over.status, 429)
  assert.match(over.text, /3 requests a minute/)
})
