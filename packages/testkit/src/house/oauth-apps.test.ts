/** Apps: registered by people, by themselves, and what becomes of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import {
  asking,
  askToken,
  callback,
  codeIn,
  getTokens,
  newApp,
  press,
  problemIn,
  redeem,
  statusOf,
  tokensIn,
  visit,
} from './app-kit.ts'
import { clientOf, refusedWith } from './org-kit.ts'
import {
  cookieIn,
  form,
  openWithAnn as open,
  own,
  password,
  signedIn,
  userWithPassword,
} from './signin-kit.ts'

const dayMs = 24 * 3600_000

const register = (dev: DevHouse, body: Record<string, unknown>) =>
  dev.ask('POST', '/oauth/register', { body })

for (const engine of engineNames) {
  void test(`${engine}: one's own apps, and taking back what one has allowed`, async () => {
    await using dev = await open(engine)
    await userWithPassword(dev, 'bob')
    const ann = clientOf(dev, await dev.token('ann', 'write'))
    const bob = clientOf(dev, await dev.token('bob', 'write'))
    const wish = { name: 'Scales', redirectUris: [callback] }
    const { app, secret } = await ann.createApp({ ...wish, isConfidential: true })
    assert.match(secret ?? '', /^hfs_/)
    const { app: open_, secret: none } = await ann.createApp({ ...wish, name: 'Open' })
    assert.equal(none, null)
    assert.deepEqual(
      (await ann.listApps({})).items
        .map(({ name, isConfidential }) => `${name} ${isConfidential}`)
        .toSorted(),
      ['Open false', 'Scales true'],
    )
    assert.deepEqual((await bob.listApps({})).items, [])
    await refusedWith(bob.deleteApp({ id: app.id }), 404, 'entry_not_found')
    await refusedWith(bob.rotateAppSecret({ id: app.id }), 404, 'entry_not_found')
    await refusedWith(ann.rotateAppSecret({ id: open_.id }), 400, 'invalid')
    await refusedWith(ann.createApp({ ...wish, redirectUris: ['http://x/'] }), 400, 'invalid')
    const reading = clientOf(dev, await dev.token('ann', 'read'))
    await refusedWith(reading.createApp(wish), 403, 'permission_denied')

    const cookie = await signedIn(dev)
    const asked = asking(app.id, { scope: 'openid read-repos' })
    assert.match((await visit(dev, cookie, asked)).text, /Registered on this hub by ann\./)
    const code = async () => codeIn(await press(dev, cookie, asked))
    const by = (clientSecret: string | null) => ({
      client_id: app.id,
      client_secret: clientSecret ?? '',
    })
    const issued = tokensIn(await redeem(dev, await code(), by(secret)))
    const rotated = await ann.rotateAppSecret({ id: app.id })
    assert.equal(problemIn(await redeem(dev, await code(), by(secret))), 'invalid_client')
    tokensIn(await redeem(dev, await code(), by(rotated.secret)))

    const waiting = await code()
    const bobs = await getTokens(dev, await signedIn(dev, 'bob'), open_.id)
    assert.deepEqual(
      (await ann.listAllowedApps({})).items.map(({ id, name, scopes }) => ({ id, name, scopes })),
      [{ id: app.id, name: 'Scales', scopes: ['openid', 'read-repos'] }],
    )
    await refusedWith(bob.endAllowedApp({ id: app.id }), 404, 'entry_not_found')
    await ann.endAllowedApp({ id: app.id })
    await refusedWith(ann.endAllowedApp({ id: app.id }), 404, 'entry_not_found')
    assert.equal(await statusOf(dev, issued.access_token), 401)
    assert.equal(problemIn(await redeem(dev, waiting, by(rotated.secret))), 'invalid_grant')
    const refresh = { grant_type: 'refresh_token', refresh_token: issued.refresh_token }
    assert.equal(
      problemIn(await askToken(dev, { ...refresh, ...by(rotated.secret) })),
      'invalid_grant',
    )
    assert.equal((await visit(dev, cookie, asked)).status, 200, 'it has to ask again')
    assert.equal(await statusOf(dev, bobs.access_token), 200, "another's leave is another's")
    await ann.deleteApp({ id: open_.id })
    assert.equal(await statusOf(dev, bobs.access_token), 401)
    assert.deepEqual((await bob.listAllowedApps({})).items, [])
  })

  void test(`${engine}: an app registers itself, is named as such, and is forgotten when nobody uses it`, async () => {
    await using dev = await open(engine)
    const made = await register(dev, { client_name: 'Robot', redirect_uris: [callback] })
    assert.equal(made.status, 201, made.text)
    const { client_id: id, ...rest } = made.json() as Record<string, string>
    assert.equal(rest['token_endpoint_auth_method'], 'client_secret_basic')
    assert.match(rest['client_secret'] ?? '', /^hfs_/)
    const metadata = { redirect_uris: [callback], token_endpoint_auth_method: 'none' }
    const bare = (await register(dev, metadata)).json() as Record<string, string>
    assert.equal(bare['client_secret'], undefined)
    const cookie = await signedIn(dev)
    const page = await visit(dev, cookie, asking(id ?? ''))
    assert.match(page.text, /has registered itself/)
    const used = await getTokens(dev, cookie, bare['client_id'] ?? '')
    const owned = await newApp(dev, { name: 'Kept' })
    const names = async () => {
      const desk = dev.hub.oauth.allApps(dev.hub.policy.requireHub(dev.system))
      return (await desk.list({ after: '', limit: 10 })).map(({ name }) => name).toSorted()
    }
    const prune = () => dev.hub.oauth.prune(new AbortController().signal)
    await prune()
    assert.deepEqual(await names(), ['An app without a name', 'Kept', 'Robot'])
    dev.clock.advance(dayMs + 1)
    await prune()
    assert.deepEqual(await names(), ['An app without a name', 'Kept'])
    const refresh = {
      grant_type: 'refresh_token',
      client_id: bare['client_id'] ?? '',
      refresh_token: used.refresh_token,
    }
    dev.clock.advance(60 * dayMs)
    tokensIn(await askToken(dev, refresh))
    dev.clock.advance(119 * dayMs)
    await prune()
    assert.deepEqual(await names(), ['An app without a name', 'Kept'])
    dev.clock.advance(2 * dayMs)
    await prune()
    assert.deepEqual(await names(), ['Kept'])
    assert.ok(owned.app.id)
  })

  void test(`${engine}: codes, devices and refresh tokens that are over are forgotten, and only those`, async () => {
    await using dev = await open(engine)
    const { app } = await newApp(dev)
    const cookie = await signedIn(dev)
    const hf = { client_id: '26be6b09-91c5-47da-9861-d2d2bb7a7e36' }
    await dev.ask('POST', '/oauth/device', { headers: own, body: form(hf) })
    await getTokens(dev, cookie, app.id)
    const prune = () => dev.hub.oauth.prune(new AbortController().signal)
    assert.equal((await prune()).rows, 0)
    dev.clock.advance(2 * dayMs)
    const fresh = codeIn(await visit(dev, await signedIn(dev), asking(app.id)))
    assert.equal((await prune()).rows, 2)
    const issued = tokensIn(await redeem(dev, fresh))
    dev.clock.advance(90 * dayMs)
    assert.equal((await prune()).rows, 2, 'the first refresh token, and the second code')
    const refresh = { grant_type: 'refresh_token', client_id: app.id }
    const late = await askToken(dev, { ...refresh, refresh_token: issued.refresh_token })
    assert.equal(problemIn(late), 'invalid_grant')
  })
}

void test('registrations that are wrong, or too many from one address', async () => {
  await using dev = await open()
  const cases: [Record<string, unknown>, string][] = [
    [{}, 'invalid_client_metadata'],
    [{ redirect_uris: 'https://app.example/' }, 'invalid_client_metadata'],
    [{ redirect_uris: [1] }, 'invalid_client_metadata'],
    [{ redirect_uris: ['http://app.example/'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: [callback], response_types: ['token'] }, 'invalid_client_metadata'],
    [
      { redirect_uris: [callback], token_endpoint_auth_method: 'private_key_jwt' },
      'invalid_client_metadata',
    ],
    [{ redirect_uris: [callback], client_name: 'a\nb' }, 'invalid_client_metadata'],
  ]
  for (const [body, error] of cases) {
    assert.equal(problemIn(await register(dev, body)), error, JSON.stringify(body))
  }
  for (let i = 0; i < 20; i += 1) {
    assert.equal((await register(dev, { redirect_uris: [callback] })).status, 201)
  }
  const refused = await register(dev, { redirect_uris: [callback] })
  assert.equal(refused.status, 429)
  dev.clock.advance(dayMs)
  assert.equal((await register(dev, { redirect_uris: [callback] })).status, 201)
})

void test('both documents say the same, and everything they name is there', async () => {
  await using dev = await open()
  const one = await dev.ask('GET', '/.well-known/openid-configuration')
  const other = await dev.ask('GET', '/.well-known/oauth-authorization-server')
  assert.equal(one.text, other.text)
  const facts = one.json() as Record<string, string>
  const addresses = Object.entries(facts).filter(([name]) => /_(endpoint|uri)$/.test(name))
  assert.equal(addresses.length, 6)
  for (const [name, address] of addresses) {
    const { status } = await dev.ask('POST', new URL(address).pathname, { body: {} })
    const isThere = name === 'jwks_uri' ? 404 : 400
    assert.ok(status === isThere || status === 401, `${name} ${status}`)
  }
  assert.equal((await dev.ask('GET', '/oauth/jwks')).status, 200)
})

/** A browser that only follows and presses. */
const walk = async (address: URL): Promise<URL> => {
  const base = address.origin
  const headers = { 'content-type': own['content-type'], origin: base }
  const manual = { redirect: 'manual' } as const
  const body = form({ name: 'ann', password, next: address.pathname + address.search })
  const signed = await fetch(`${base}/login`, { method: 'POST', headers, body, ...manual })
  const cookie = cookieIn({
    status: signed.status,
    headers: { 'set-cookie': signed.headers.get('set-cookie') ?? '' },
    text: '',
    bytes: Buffer.alloc(0),
    json: () => undefined,
  })
  const asked = Object.fromEntries(address.searchParams)
  const allowed = await fetch(base + address.pathname, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: form({ ...asked, decision: 'allow' }),
    ...manual,
  })
  assert.equal(allowed.status, 303, await allowed.text())
  return new URL(allowed.headers.get('location') ?? '')
}

void test('an independent library discovers, registers, signs in and checks what it was told', async () => {
  await using dev = await openDevHouse()
  // What it is told carries times, which the library compares with the clock of this machine.
  dev.clock.advance(Date.now() - dev.clock.nowMs())
  await userWithPassword(dev, 'ann')
  const { port } = await dev.server.listen()
  const issuer = new URL(`http://127.0.0.1:${port}`)
  const execute = [client.allowInsecureRequests]
  const redirectUri = 'http://127.0.0.1/cb'
  for (const method of ['none', 'client_secret_basic', 'client_secret_post'] as const) {
    const config = await client.dynamicClientRegistration(
      issuer,
      { redirect_uris: [redirectUri], client_name: 'RP', token_endpoint_auth_method: method },
      { none: client.None(), client_secret_basic: undefined, client_secret_post: undefined }[
        method
      ],
      { execute },
    )
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const expectedNonce = client.randomNonce()
    const expectedState = client.randomState()
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: 'http://127.0.0.1:4567/cb',
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      nonce: expectedNonce,
      state: expectedState,
    })
    const back = await walk(address)
    const tokens = await client.authorizationCodeGrant(config, back, {
      pkceCodeVerifier,
      expectedNonce,
      expectedState,
      maxAge: 60,
    })
    const claims = tokens.claims()
    assert.equal(claims?.['preferred_username'], 'ann')
    const info = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')
    assert.equal(info.preferred_username, 'ann')
    const again = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    assert.equal(await statusOf(dev, again.access_token), 200)
    await assert.rejects(
      client.authorizationCodeGrant(config, back, {
        pkceCodeVerifier,
        expectedNonce,
        expectedState,
      }),
      { error: 'invalid_grant' },
    )
  }
})
