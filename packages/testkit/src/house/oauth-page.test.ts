/** Apps that send people to a page: what they are given, and how far it reaches. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { engineNames } from '../engines.ts'
import {
  asking,
  askToken,
  callback,
  codeIn,
  getTokens,
  goneBack,
  newApp,
  press,
  problemIn,
  redeem,
  statusOf,
  tokensIn,
  visit,
} from './app-kit.ts'
import { openWithAnn as open, signedIn, userWithPassword } from './signin-kit.ts'

for (const engine of engineNames) {
  void test(`${engine}: a person lets an app act for them, once asked and then no more`, async () => {
    await using dev = await open(engine)
    const { app } = await newApp(dev, { website: 'https://app.example' })
    const asked = asking(app.id, { state: '{"a":"b c&d=é"}' })
    const away = await visit(dev, undefined, asked)
    assert.equal(away.status, 303)
    const next = new URL(away.headers['location'] ?? '', 'http://localhost').searchParams.get(
      'next',
    )
    assert.deepEqual(
      Object.fromEntries(new URL(next ?? '', 'http://localhost').searchParams),
      asked,
    )
    const cookie = await signedIn(dev)
    const page = await visit(dev, cookie, asked)
    assert.equal(page.status, 200)
    assert.match(page.text, /Let Scales act as you\?/)
    assert.match(page.text, /act as <strong>ann<\/strong>/)
    assert.match(page.text, /<li>know who you are<\/li><li>read your name and picture<\/li>/)
    assert.match(page.text, /on to <strong>https:\/\/app\.example<\/strong>/)
    const back = goneBack(await press(dev, cookie, asked))
    assert.equal(back['state'], asked['state'], 'unchanged')
    assert.equal(back['iss'], 'http://localhost')
    const issued = tokensIn(await redeem(dev, back['code'] ?? ''))
    assert.match(issued.access_token, /^hf_[A-Za-z0-9]{34,}$/)
    assert.equal(issued.scope, 'openid profile')
    assert.equal(issued.expires_in, 8 * 3600)
    assert.ok(codeIn(await visit(dev, cookie, asked)), 'allowed before')
    const posted = await dev.ask('POST', `/oauth/authorize?${new URLSearchParams(asked)}`, {
      headers: { cookie },
    })
    assert.ok(codeIn(posted), 'as the test of the stock client does it')
    await dev.house.settle()
    const trail = await dev.hub.audit.list(
      dev.hub.policy.requireHub(dev.system),
      { actorName: 'ann' },
      { limit: 10 },
    )
    assert.deepEqual(
      trail.entries.map(({ act, door }) => `${act} ${door}`),
      ['token_created oauth', 'app_allowed web', 'signed_in web'],
    )
  })

  void test(`${engine}: a token reaches as far as its scopes and no further`, async () => {
    await using dev = await open(engine)
    const { app } = await newApp(dev)
    await dev.repo('ann/secret', { visibility: 'private' })
    const cookie = await signedIn(dev)
    const reach = async (scope: string): Promise<string> => {
      const { access_token: token } = await getTokens(dev, cookie, app.id, scope)
      const read = await dev.ask('GET', '/api/models/ann/secret', { token })
      const create = await dev.ask('POST', '/api/repos/create', {
        token,
        body: { name: `by-${scope.replace(/\W/g, '')}`, type: 'model' },
      })
      const settings = await dev.ask('PUT', '/api/models/ann/secret/settings', {
        token,
        body: { private: true },
      })
      const account = await dev.ask('GET', '/weighhouse/v1/tokens', { token })
      return [read, create, settings, account].map(({ status }) => status).join(' ')
    }
    assert.equal(await reach('openid profile'), '404 403 404 403')
    assert.equal(await reach('read-repos'), '200 403 403 403')
    assert.equal(await reach('write-repos'), '200 200 403 403')
    assert.equal(await reach('manage-repos'), '200 200 200 403')
    const desk = await dev.hub.identity.tokensOf(dev.hub.policy.requireHub(dev.system), 'ann')
    const [first] = await desk.list({ after: '', limit: 1 })
    assert.equal(first?.role, 'fineGrained')
    assert.equal(first?.label, 'Scales')
  })
}

void test('asking for more than was allowed asks again, asking for less does not', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const cookie = await signedIn(dev)
  await press(dev, cookie, asking(app.id, { scope: 'openid read-repos' }))
  assert.equal((await visit(dev, cookie, asking(app.id, { scope: 'read-repos' }))).status, 303)
  const more = asking(app.id, { scope: 'openid write-repos' })
  assert.equal((await visit(dev, cookie, more)).status, 200)
  const silent = goneBack(await visit(dev, cookie, { ...more, prompt: 'none' }))
  assert.equal(silent['error'], 'consent_required')
  await press(dev, cookie, more)
  const both = asking(app.id, { scope: 'read-repos write-repos' })
  assert.equal((await visit(dev, cookie, both)).status, 303, 'both were allowed by now')
  assert.equal((await visit(dev, cookie, { ...both, prompt: 'consent' })).status, 200)
  const small = tokensIn(
    await redeem(dev, codeIn(await visit(dev, cookie, asking(app.id, { scope: 'openid' })))),
  )
  assert.equal(small.scope, 'openid', 'no more than this time')
})

void test('the ID token and the answer about the person say what the scopes allow', async () => {
  await using dev = await open()
  const permit = dev.hub.policy.requireHub(dev.system)
  const password = 'seven quiet barges'
  const user = { name: 'mia', fullName: 'Mia M', email: 'mia@x.example', password }
  await dev.hub.identity.createUser(dev.system, permit, user)
  await dev.org('acme', 'mia')
  const { app } = await newApp(dev)
  const cookie = await signedIn(dev, 'mia')
  const keys = (await dev.ask('GET', '/oauth/jwks')).json() as JSONWebKeySet
  assert.deepEqual(
    keys.keys.map(({ kty, alg, use, d, p }) => ({ kty, alg, use, d, p })),
    [{ kty: 'RSA', alg: 'RS256', use: 'sig', d: undefined, p: undefined }],
  )
  const told = async (scope: string) => {
    const asked = asking(app.id, { scope, nonce: 'n-1' })
    const issued = tokensIn(await redeem(dev, codeIn(await press(dev, cookie, asked))))
    const info = await dev.ask('GET', '/oauth/userinfo', { token: issued.access_token })
    const who = await dev.ask('GET', '/api/whoami-v2', { token: issued.access_token })
    const options = {
      issuer: 'http://localhost',
      audience: app.id,
      algorithms: ['RS256'],
      currentDate: new Date(dev.clock.nowMs()),
    }
    const id =
      issued.id_token === undefined
        ? undefined
        : (await jwtVerify(issued.id_token, createLocalJWKSet(keys), options)).payload
    return {
      info: info.json() as Record<string, unknown>,
      who: who.json() as { email: string | null; orgs: unknown[] },
      id,
    }
  }
  const least = await told('openid')
  assert.deepEqual(Object.keys(least.info), ['sub'])
  assert.deepEqual([least.who.email, least.who.orgs.length], [null, 0])
  assert.equal(least.id?.['nonce'], 'n-1')
  assert.equal(least.id?.['auth_time'], Math.floor(dev.clock.nowMs() / 1000))
  assert.equal(least.id?.['name'], undefined)
  const most = await told('openid profile email read-memberships')
  assert.equal(most.info['name'], 'Mia M')
  assert.equal(most.info['preferred_username'], 'mia')
  assert.equal(most.info['picture'], 'http://localhost/avatars/mia.svg')
  assert.equal(most.info['email'], 'mia@x.example')
  assert.equal(
    (most.info['orgs'] as { preferred_username: string }[])[0]?.preferred_username,
    'acme',
  )
  assert.deepEqual([most.who.email, most.who.orgs.length], ['mia@x.example', 1])
  assert.equal(most.id?.['email'], 'mia@x.example')
  assert.equal((await told('profile')).id, undefined, 'no ID token unless it is asked for')
})

void test('a key that is replaced verifies its tokens for a day and then no more', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const cookie = await signedIn(dev)
  const idToken = async () => (await getTokens(dev, cookie, app.id)).id_token ?? ''
  const verify = async (token: string) => {
    const keys = (await dev.ask('GET', '/oauth/jwks')).json() as JSONWebKeySet
    const { protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
      currentDate: new Date(dev.clock.nowMs()),
      clockTolerance: 2 * 24 * 3600,
    })
    return protectedHeader.kid
  }
  const first = await idToken()
  const kid = await verify(first)
  dev.clock.advance(1_000)
  await dev.hub.oauth.rotateKey(dev.system, dev.hub.policy.requireHub(dev.system))
  assert.notEqual(await verify(await idToken()), kid)
  assert.equal(await verify(first), kid)
  dev.clock.advance(25 * 3600_000)
  await assert.rejects(verify(first), /no applicable key/)
  const { private_sealed: sealed } = await dev.house.db.read
    .selectFrom('oauth_key')
    .select('private_sealed')
    .executeTakeFirstOrThrow()
  assert.match(sealed, /^v1\.[A-Za-z0-9_-]+$/)
})

void test('a key that was sealed with other secrets is said to be, and replaced', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const cookie = await signedIn(dev)
  await dev.ask('GET', '/oauth/jwks')
  await dev.house.db.tx(async (q) => {
    await q
      .updateTable('oauth_key')
      .set({ private_sealed: `v1.${'x'.repeat(64)}` })
      .execute()
  })
  const refused = await redeem(dev, codeIn(await press(dev, cookie, asking(app.id))))
  assert.equal(refused.status, 503)
  assert.match(refused.text, /secrets\.json/)
  await dev.hub.oauth.rotateKey(dev.system, dev.hub.policy.requireHub(dev.system))
  assert.ok((await getTokens(dev, cookie, app.id)).id_token)
})

void test('a confidential app proves itself by header or by fields, and needs no challenge', async () => {
  await using dev = await open()
  const { app, secret = '' } = await newApp(dev, { isConfidential: true })
  const cookie = await signedIn(dev)
  const plain = asking(app.id, { code_challenge: undefined, code_challenge_method: undefined })
  await press(dev, cookie, plain)
  const basic = (text: string) => ({
    authorization: `Basic ${Buffer.from(text).toString('base64')}`,
  })
  const fields = { grant_type: 'authorization_code', redirect_uri: callback }
  const code = async () => codeIn(await visit(dev, cookie, plain))
  const first = await code()
  assert.equal(problemIn(await askToken(dev, { ...fields, code: first })), 'invalid_client')
  const wrong = await askToken(dev, { ...fields, code: first }, basic(`${app.id}:no`))
  assert.equal(problemIn(wrong, 401), 'invalid_client')
  assert.match(wrong.headers['www-authenticate'] ?? '', /^Basic/)
  const right = basic(`${app.id}:${secret}`)
  const issued = tokensIn(await askToken(dev, { ...fields, code: first }, right))
  const posted = { client_id: app.id, client_secret: secret }
  tokensIn(await askToken(dev, { ...fields, ...posted, code: await code() }))
  const refresh = { grant_type: 'refresh_token', refresh_token: issued.refresh_token }
  assert.equal(problemIn(await askToken(dev, { ...refresh, client_id: app.id })), 'invalid_client')
  tokensIn(await askToken(dev, refresh, right))
  const twice = await askToken(dev, { ...refresh, ...posted }, right)
  assert.equal(problemIn(twice), 'invalid_request')
})

void test('not now, nobody there, and what else is told to the app', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const cookie = await signedIn(dev)
  const asked = asking(app.id)
  const said = async (answer: Promise<Parameters<typeof goneBack>[0]>) => {
    const { error, state, iss, code } = goneBack(await answer)
    assert.deepEqual([state, iss, code], ['st', 'http://localhost', undefined])
    return error
  }
  assert.equal(await said(press(dev, cookie, asked, 'deny')), 'access_denied')
  assert.equal(await said(visit(dev, undefined, { ...asked, prompt: 'none' })), 'login_required')
  assert.equal(await said(visit(dev, cookie, { ...asked, prompt: 'none' })), 'consent_required')
  const cases: [Record<string, string | undefined>, string][] = [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: undefined }, 'unsupported_response_type'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ scope: 'nothing-known' }, 'invalid_scope'],
    [{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge_method: undefined }, 'invalid_request'],
    [{ code_challenge: 'short' }, 'invalid_request'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ request: 'x.y.z' }, 'request_not_supported'],
    [{ nonce: 'n'.repeat(513) }, 'invalid_request'],
  ]
  for (const [more, error] of cases) {
    assert.equal(await said(visit(dev, cookie, asking(app.id, more))), error, JSON.stringify(more))
  }
  const exchange = await askToken(dev, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'x',
  })
  assert.equal(problemIn(exchange), 'unsupported_grant_type')
})

void test('a disabled person and a removed app get nothing more', async () => {
  await using dev = await open()
  await userWithPassword(dev, 'bob')
  const { app } = await newApp(dev)
  const permit = dev.hub.policy.requireHub(dev.system)
  const ann = await signedIn(dev)
  const bob = await signedIn(dev, 'bob')
  const code = codeIn(await press(dev, bob, asking(app.id)))
  await dev.hub.identity.disableUser(dev.system, permit, 'bob')
  assert.equal(problemIn(await redeem(dev, code)), 'invalid_grant')
  const issued = await getTokens(dev, ann, app.id)
  const waiting = codeIn(await visit(dev, ann, asking(app.id)))
  await dev.hub.oauth.allApps(permit).remove(dev.system, app.id)
  assert.equal(await statusOf(dev, issued.access_token), 401)
  assert.equal(problemIn(await redeem(dev, waiting)), 'invalid_grant')
  const fields = { grant_type: 'refresh_token', client_id: app.id }
  const again = await askToken(dev, { ...fields, refresh_token: issued.refresh_token })
  assert.equal(problemIn(again), 'invalid_client')
  assert.equal((await visit(dev, ann, asking(app.id))).status, 400)
})
