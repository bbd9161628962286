/** A provider that lies, or somebody who speaks for it: each is refused with a sentence and a reason, and nobody is signed in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { Answer, DevHouse } from '../dev-house.ts'
import { userWithPassword } from './signin-kit.ts'
import {
  type Browser,
  clientId,
  clientSecret,
  type LyingProvider,
  openBrowser,
  openLyingProvider,
  openSsoHouse,
  signWithSecret,
  unsigned,
  type Words,
} from './sso-kit.ts'

interface Scene extends AsyncDisposable {
  readonly dev: DevHouse
  readonly provider: LyingProvider
  readonly browser: Browser
}

const openScene = async (): Promise<Scene> => {
  const dev = await openSsoHouse()
  const provider = await openLyingProvider(() => dev.clock.nowMs())
  await addProvider(dev, 'corp', provider)
  return {
    dev,
    provider,
    browser: openBrowser(dev),
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]()
      await dev[Symbol.asyncDispose]()
    },
  }
}

const addProvider = (dev: DevHouse, name: string, { issuer }: LyingProvider) =>
  dev.hub.sso.addProvider(dev.system, dev.hub.policy.requireHub(dev.system), name, {
    issuer,
    clientId,
    secret: clientSecret,
    createsAccounts: true,
  })

const lastDenial = async (dev: DevHouse) => {
  await dev.hub.audit.flush()
  const permit = dev.hub.policy.requireHub(dev.system)
  const { entries } = await dev.hub.audit.list(permit, { outcome: 'denied' }, { limit: 1 })
  return entries[0]
}

const assertRefused = async (
  { dev, browser }: Pick<Scene, 'dev' | 'browser'>,
  answer: Answer,
  reason: string,
): Promise<void> => {
  assert.equal(answer.status, 401, answer.text)
  assert.match(answer.text, /class="error"[^>]*>[A-Za-z]+ .*\./)
  const denial = await lastDenial(dev)
  assert.equal(denial?.requestId, answer.headers['x-request-id'])
  assert.equal(denial?.reason, `sso_${reason}`)
  assert.equal(denial?.act, 'sso:corp')
  assert.equal(await browser.name(), undefined)
  const sessions = await dev.house.db.read.selectFrom('session').selectAll().execute()
  assert.deepEqual(sessions, [])
}

/** What is said instead, and the reason it is refused with. */
type Lie = (scene: Scene) => Partial<Words>

const claimsWith =
  (change: (claims: JWTPayload) => JWTPayload): Lie =>
  ({ provider }) => ({ idToken: (claims) => provider.sign(change(claims)) })

const long = 'x'.repeat(600_000)

const lies: Readonly<Record<string, readonly [reason: string, lie: Lie]>> = {
  'another issuer': ['wrong_issuer', claimsWith((all) => ({ ...all, iss: 'https://evil.test' }))],
  'another audience': ['wrong_audience', claimsWith((all) => ({ ...all, aud: 'another' }))],
  'more audiences': [
    'wrong_audience',
    claimsWith((all) => ({ ...all, aud: [clientId, 'another'] })),
  ],
  'another authorised party': ['wrong_audience', claimsWith((all) => ({ ...all, azp: 'another' }))],
  'another nonce': ['wrong_nonce', claimsWith((all) => ({ ...all, nonce: 'of last week' }))],
  'no nonce': ['bad_answer', claimsWith(({ nonce: _nonce, ...all }) => all)],
  'a token that is over': [
    'expired',
    claimsWith((all) => ({ ...all, exp: (all.iat ?? 0) - 120, iat: (all.iat ?? 0) - 300 })),
  ],
  'a token without end': ['bad_answer', claimsWith(({ exp: _exp, ...all }) => all)],
  'a token for later': [
    'not_yet_valid',
    claimsWith((all) => ({ ...all, nbf: (all.iat ?? 0) + 120 })),
  ],
  'a token from the future': [
    'not_yet_valid',
    claimsWith((all) => ({ ...all, iat: (all.iat ?? 0) + 120, exp: (all.iat ?? 0) + 500 })),
  ],
  'nobody in particular': ['bad_answer', claimsWith(({ sub: _sub, ...all }) => all)],
  'an empty subject': [
    'bad_answer',
    ({ provider }) => ({ idToken: (all) => provider.sign({ ...all, sub: '' }), person: {} }),
  ],
  'a subject without bound': ['no_subject', () => ({ person: { sub: 'x'.repeat(300) } })],
  'two people': ['wrong_person', () => ({ userinfo: () => ({ sub: 'ann-1' }) })],
  'the hash of another access token': ['wrong_access_token', () => ({ accessToken: 'another' })],
  'no signature': [
    'bad_algorithm',
    () => ({
      idToken: (claims) => Promise.resolve(unsigned(claims)),
      discovery: (all) => ({ ...all, id_token_signing_alg_values_supported: ['none', 'RS256'] }),
    }),
  ],
  'no signature, where none was promised': [
    'bad_algorithm',
    () => ({ idToken: (claims) => Promise.resolve(unsigned(claims)) }),
  ],
  'a signature by the client’s name': ['bad_algorithm', () => bySecret(clientId)],
  'a signature by the client’s secret': ['bad_algorithm', () => bySecret(clientSecret)],
  'a signature by the public key': [
    'bad_algorithm',
    ({ provider }) => bySecret(JSON.stringify(provider.publicKey)),
  ],
  'a key that nobody published': [
    'unknown_key',
    ({ provider }) => ({ idToken: (claims) => provider.sign(claims, { kid: 'two' }) }),
  ],
  'a foreign key under a known name': [
    'bad_signature',
    () => ({
      async idToken(claims) {
        const { privateKey } = await generateKeyPair('RS256')
        const head = { alg: 'RS256', kid: 'one' }
        return new SignJWT(claims).setProtectedHeader(head).sign(privateKey)
      },
    }),
  ],
  'words changed after they were signed': [
    'bad_signature',
    ({ provider }) => ({
      async idToken(claims) {
        const [head, , signature] = (await provider.sign(claims)).split('.')
        const other = Buffer.from(JSON.stringify({ ...claims, sub: 'ann-1' }))
        return `${head}.${other.toString('base64url')}.${signature}`
      },
    }),
  ],
  'what is no token': ['bad_answer', () => ({ idToken: () => Promise.resolve('not.a.token') })],
  'a token without bound': ['too_large', () => ({ idToken: () => Promise.resolve(long) })],
  'keys without bound': ['too_large', () => ({ jwks: (all) => ({ ...all, more: long }) })],
  'no keys': ['unknown_key', () => ({ jwks: () => ({ keys: [] }) })],
  'keys that are none': ['bad_answer', () => ({ jwks: () => '<html>' })],
  'a provider that answers for another (RFC 9207)': [
    'wrong_issuer',
    () => ({ iss: 'https://evil.test' }),
  ],
  'a provider that does not say who it is, though it promised': [
    'bad_answer',
    () => ({ iss: undefined }),
  ],
  'the answer to another question': ['wrong_state', () => ({ state: () => 'another' })],
  'a token endpoint that hangs': ['stalled', () => ({ hangs: new Set(['/token']) })],
  'keys that hang': ['stalled', () => ({ hangs: new Set(['/jwks']) })],
  'a token endpoint that goes in circles': ['redirected', () => ({ circles: new Set(['/token']) })],
  'keys that go in circles': ['redirected', () => ({ circles: new Set(['/jwks']) })],
}

const bySecret = (secret: string): Partial<Words> => ({
  idToken: (claims) => Promise.resolve(signWithSecret(claims, secret)),
  discovery: (all) => ({ ...all, id_token_signing_alg_values_supported: ['RS256', 'HS256'] }),
})

void test('refuses what comes back', async (t) => {
  await using scene = await openScene()
  const { provider, browser } = scene
  const honest = { ...provider.words }
  for (const [what, [reason, lie]] of Object.entries(lies)) {
    await t.test(what, async () => {
      Object.assign(provider.words, honest, lie(scene))
      await assertRefused(scene, await browser.signIn('/login/sso/corp'), reason)
    })
  }
  // The same without a lie, so that it is the lies that were refused.
  Object.assign(provider.words, honest)
  assert.equal((await browser.signIn('/login/sso/corp')).status, 303)
  assert.equal(await browser.name(), 'bob')
})

const departures: Readonly<Record<string, readonly [reason: string, words: Partial<Words>]>> = {
  'another name than it is known by': [
    'wrong_issuer',
    { discovery: (all) => ({ ...all, issuer: 'https://evil.test' }) },
  ],
  'too much of itself': ['too_large', { discovery: (all) => ({ ...all, more: long }) }],
  'nothing that can be read': ['bad_answer', { discovery: () => '<html>' }],
  'no place to go': [
    'not_openid',
    { discovery: ({ authorization_endpoint: _none, ...all }) => all },
  ],
  'a place over an open line': [
    'not_openid',
    { discovery: (all) => ({ ...all, authorization_endpoint: 'http://evil.test/' }) },
  ],
  'a place that is a script': [
    'not_openid',
    { discovery: (all) => ({ ...all, authorization_endpoint: 'javascript:alert(1)' }) },
  ],
  nothing: ['stalled', { hangs: new Set(['/.well-known/openid-configuration']) }],
  'go round in circles': [
    'redirected',
    { circles: new Set(['/.well-known/openid-configuration']) },
  ],
}

void test('sends nobody to a provider that says of itself', async (t) => {
  await using scene = await openScene()
  const { provider, browser } = scene
  const honest = { ...provider.words }
  for (const [what, [reason, words]] of Object.entries(departures)) {
    await t.test(what, async () => {
      Object.assign(provider.words, honest, words)
      await assertRefused(scene, await browser.get('/login/sso/corp'), reason)
    })
  }
})

void test('an address of an administrator is no way into her account', async () => {
  await using scene = await openScene()
  const { dev, provider, browser } = scene
  await userWithPassword(dev, 'chief', true)
  await browser.signIn('/login/sso/corp')
  provider.words.person = { sub: 'bob-1', email: 'chief@corp.test', preferred_username: 'chief' }
  await browser.signIn('/login/sso/corp')
  assert.equal(await browser.name(), 'bob')
})

void test('what came back counts once, in one browser, and for a while', async () => {
  await using scene = await openScene()
  const { dev, browser } = scene
  const back = await browser.away('/login/sso/corp')
  const thief = openBrowser(dev)
  await assertRefused({ dev, browser: thief }, await thief.get(back), 'no_attempt')
  // A thief that has begun by himself has a cookie, and another question.
  await thief.away('/login/sso/corp')
  await assertRefused({ dev, browser: thief }, await thief.get(back), 'wrong_state')

  const kept = new Map(browser.cookies)
  assert.equal((await browser.get(back)).status, 303)
  assert.equal(await browser.name(), 'bob')
  for (const [name, value] of kept) browser.cookies.set(name, value)
  assert.equal((await browser.get(back)).status, 401)
  assert.equal((await lastDenial(dev))?.reason, 'sso_no_attempt')

  const slow = openBrowser(dev)
  const late = await slow.away('/login/sso/corp')
  dev.clock.advance(15 * 60_000)
  assert.equal((await slow.get(late)).status, 401)
  assert.equal(await slow.name(), undefined)
})

void test('a person who says no at the provider is told so', async () => {
  await using scene = await openScene()
  const back = new URL(await scene.browser.away('/login/sso/corp'), 'http://localhost')
  back.searchParams.delete('code')
  back.searchParams.set('error', 'access_denied')
  const answer = await scene.browser.get(back.pathname + back.search)
  await assertRefused(scene, answer, 'refused_by_provider')
})

void test('one provider’s answer is none of another’s', async () => {
  await using scene = await openScene()
  const { dev, browser } = scene
  await using evil = await openLyingProvider(() => dev.clock.nowMs())
  await addProvider(dev, 'evil', evil)
  // Begun at the evil one, which hands on what the honest one said.
  const back = await browser.away('/login/sso/evil')
  const crossed = back.replace('/sso/evil/', '/sso/corp/')
  await assertRefused(scene, await browser.get(crossed), 'wrong_provider')
  // Begun at the honest one, whose code is sent to the evil one's place.
  const other = await browser.away('/login/sso/corp')
  const answer = await browser.get(other.replace('/sso/corp/', '/sso/evil/'))
  assert.equal(answer.status, 401)
  assert.equal(await browser.name(), undefined)
})

void test('leads nowhere but to pages of this hub', async () => {
  await using scene = await openScene()
  for (const next of ['//evil.test', 'https://evil.test', '/\\evil.test', 'javascript:1']) {
    const browser = openBrowser(scene.dev)
    const answer = await browser.signIn(`/login/sso/corp?next=${encodeURIComponent(next)}`)
    assert.equal(answer.headers['location'], '/')
  }
})

void test('so many sign-ins under way from one address are enough', async () => {
  await using scene = await openScene()
  for (let n = 0; n < 200; n += 1) {
    await scene.dev.ask('GET', '/login/sso/corp')
  }
  const answer = await scene.browser.get('/login/sso/corp')
  assert.equal(answer.status, 429)
  scene.dev.clock.advance(16 * 60_000)
  assert.equal((await scene.browser.signIn('/login/sso/corp')).status, 303)
})
