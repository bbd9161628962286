/** What somebody might try against the page and the codes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  verifier,
  visit,
} from './app-kit.ts'
import { refused } from './org-kit.ts'
import { form, openWithAnn as open, own, signedIn, userWithPassword } from './signin-kit.ts'

void test('nobody is sent to an address that is not registered, letter for letter', async () => {
  await using dev = await open()
  const redirectUris = [callback, 'http://127.0.0.1:3000/cb', 'com.example.app:/done']
  const { app } = await newApp(dev, { redirectUris })
  const cookie = await signedIn(dev)
  for (const uri of redirectUris) {
    await press(dev, cookie, asking(app.id, { redirect_uri: uri }))
  }
  const evil = [
    '//evil.example',
    'https://evil.example/callback',
    'https://app.example@evil.example/callback',
    'https://app.example.evil.example/callback',
    'https://app.example:443/callback',
    'https://app.example/callback/',
    'https://app.example/callback/../evil',
    'https://app.example/callback?next=evil',
    'https://app.example/callback#fragment',
    'https://app.example/callback%2f',
    'https://app.example/callbac%6b',
    'https://app.example\\@evil.example/callback',
    'https://APP.example/callback',
    'HTTPS://app.example/callback',
    'https://app.example/Callback',
    ' https://app.example/callback',
    'https://app.example/callback\n',
    'http://app.example/callback',
    'http://127.0.0.1:3000@evil.example/cb',
    'http://127.0.0.1:3000/cb/../evil',
    'http://127.0.0.1.evil.example/cb',
    'http://localhost:3000/cb',
    'http://127.0.0.1:99999999/cb',
    'http://127.0.0.1:3000/cb?x=1',
    'com.example.app:/elsewhere',
    'com.example.app://evil.example/done',
    'javascript:alert(1)',
    'data:text/html,x',
    '/login',
    '',
  ]
  for (const uri of evil) {
    for (const more of [{}, { prompt: 'none' }, { response_type: 'token' }]) {
      const asked = asking(app.id, { redirect_uri: uri, ...more })
      for (const answer of [await visit(dev, cookie, asked), await press(dev, cookie, asked)]) {
        assert.equal(answer.status, 400, uri)
        assert.equal(answer.headers['location'], undefined, uri)
        assert.ok(!answer.text.includes('http-equiv'), uri)
      }
    }
  }
  const twice = `${form(asking(app.id))}&redirect_uri=${encodeURIComponent('https://evil.example')}`
  const doubled = await dev.ask('GET', `/oauth/authorize?${twice}`, { headers: { cookie } })
  assert.equal(doubled.status, 400)
  assert.equal((await visit(dev, cookie, asking('nobody'))).status, 400)
  for (const port of ['', ':1', ':65535']) {
    const uri = `http://127.0.0.1${port}/cb`
    codeIn(await visit(dev, cookie, asking(app.id, { redirect_uri: uri })), uri)
  }
})

void test('addresses that no app can have', async () => {
  await using dev = await open()
  for (const uri of [
    'http://app.example/cb',
    'https://app.example/#x',
    'https://me@app.example/',
    "https://app.example;script-src 'unsafe-inline'/",
    'https://app.example;x/',
    'https://*.example/cb',
    'https://app.example/a*',
    'https://',
    'https://App.example/',
    'ftp://app.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'myapp:/cb',
    'http://127.0.0.1.evil.example/',
    'http://localhost@evil.example/',
    'https://app.example/ x',
    'https://app.example/\n',
    'https://app.example/\\x',
    `https://app.example/${'x'.repeat(1_024)}`,
  ]) {
    await refused(newApp(dev, { redirectUris: [uri] }), 'invalid')
  }
  for (const name of ['', ' ', 'x'.repeat(101), 'a\nb', 'a\u202eb', 'a\u200bb']) {
    await refused(newApp(dev, { name }), 'invalid')
  }
  await refused(newApp(dev, { redirectUris: [] }), 'invalid')
  await refused(newApp(dev, { website: 'javascript:alert(1)' }), 'invalid')
})

void test('a page of another site presses no button, and shows none of ours', async () => {
  await using dev = await open()
  const { app } = await newApp(dev, { name: '<b>"Scales"' })
  const cookie = await signedIn(dev)
  const asked = asking(app.id, { state: '"><script>alert(1)</script>' })
  const type = { 'content-type': own['content-type'] }
  for (const headers of [
    { ...type, cookie },
    { ...type, cookie, origin: 'https://evil.example' },
    { ...type, cookie, origin: 'null' },
    { ...own, cookie, 'sec-fetch-site': 'cross-site' },
    { ...own, cookie, 'sec-fetch-site': 'same-site' },
  ]) {
    for (const decision of ['allow', 'deny']) {
      const body = form({ ...asked, decision })
      const answer = await dev.ask('POST', '/oauth/authorize', { headers, body })
      assert.equal(answer.status, 403)
    }
    const bare = await dev.ask('POST', '/oauth/authorize', { headers, body: form(asked) })
    assert.equal(bare.status, 200, 'without a decision it is a question')
  }
  const inAddress = await visit(dev, cookie, { ...asked, decision: 'allow' })
  assert.equal(inAddress.status, 200, 'a link decides nothing')
  const page = await visit(dev, cookie, asked)
  assert.equal(page.headers['x-frame-options'], 'DENY')
  const policy = page.headers['content-security-policy'] ?? ''
  assert.match(policy, /frame-ancestors 'none'/)
  assert.match(policy, /form-action 'self' https:\/\/app\.example;/)
  assert.match(policy, /^default-src 'none'/)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.ok(!page.text.includes('<script>') && !page.text.includes('<b>'), page.text)
})

for (const engine of engineNames) {
  void test(`${engine}: a code is good once, for a minute, for its app, address and verifier`, async () => {
    await using dev = await open(engine)
    const { app } = await newApp(dev)
    const { app: other } = await newApp(dev, { name: 'Other' })
    const cookie = await signedIn(dev)
    const asked = asking(app.id)
    await press(dev, cookie, asked)
    const code = async () => codeIn(await visit(dev, cookie, asked))
    const kept = await code()
    for (const more of [
      { client_id: other.id },
      { code_verifier: `${verifier}x` },
      { code_verifier: '' },
      { code_verifier: 'short' },
      { redirect_uri: 'https://app.example/other' },
      { code: 'unknown' },
    ]) {
      assert.equal(problemIn(await redeem(dev, kept, more)), 'invalid_grant', JSON.stringify(more))
    }
    const bare = { grant_type: 'authorization_code', code: kept, redirect_uri: callback }
    assert.equal(problemIn(await askToken(dev, bare)), 'invalid_grant', 'no verifier at all')
    const issued = tokensIn(await redeem(dev, kept))
    const fields = { grant_type: 'refresh_token', client_id: app.id }
    const renewed = tokensIn(
      await askToken(dev, { ...fields, refresh_token: issued.refresh_token }),
    )
    assert.equal(problemIn(await redeem(dev, kept)), 'invalid_grant')
    for (const { access_token: token } of [issued, renewed]) {
      assert.equal(await statusOf(dev, token), 401, 'a code used twice ends all that came of it')
    }
    for (const { refresh_token: token } of [issued, renewed]) {
      const again = await askToken(dev, { ...fields, refresh_token: token })
      assert.equal(problemIn(again), 'invalid_grant')
    }
    const late = await code()
    dev.clock.advance(60_000)
    assert.equal(problemIn(await redeem(dev, late)), 'invalid_grant')
  })

  void test(`${engine}: of uses sent together one wins, and then nobody has anything`, async () => {
    await using dev = await open(engine)
    const { app } = await newApp(dev)
    const cookie = await signedIn(dev)
    const code = codeIn(await press(dev, cookie, asking(app.id)))
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(dev, code)))
    const won = answers.filter(({ status }) => status === 200)
    assert.ok(won.length <= 1)
    assert.deepEqual(
      answers.filter(({ status }) => status !== 200).map((answer) => problemIn(answer)),
      Array.from({ length: 5 - won.length }, () => 'invalid_grant'),
    )
    for (const answer of won) assert.equal(await statusOf(dev, tokensIn(answer).access_token), 401)
  })
}

void test('a verifier for a code without a challenge is refused: somebody took the challenge away', async () => {
  await using dev = await open()
  const { app, secret = '' } = await newApp(dev, { isConfidential: true })
  const cookie = await signedIn(dev)
  const asked = asking(app.id, { code_challenge: undefined, code_challenge_method: undefined })
  const code = codeIn(await press(dev, cookie, asked))
  const proof = { client_id: app.id, client_secret: secret }
  assert.equal(problemIn(await redeem(dev, code, proof)), 'invalid_grant')
})

void test('a refresh token may come again for a minute, a few times, from its app only', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const { app: other } = await newApp(dev, { name: 'Other' })
  const cookie = await signedIn(dev)
  const refresh = (token: string, clientId = app.id) =>
    askToken(dev, { grant_type: 'refresh_token', client_id: clientId, refresh_token: token })
  const issued = await getTokens(dev, cookie, app.id)
  const first = tokensIn(await refresh(issued.refresh_token))
  assert.equal(problemIn(await refresh(issued.refresh_token, other.id)), 'invalid_grant')
  assert.equal(await statusOf(dev, first.access_token), 200, 'another app ends nothing')
  const lost = tokensIn(await refresh(issued.refresh_token))
  assert.notEqual(lost.access_token, first.access_token)
  for (let i = 0; i < 7; i += 1) tokensIn(await refresh(issued.refresh_token))
  assert.equal((await refresh(issued.refresh_token)).status, 429)
  dev.clock.advance(60_001)
  assert.equal(await statusOf(dev, issued.access_token), 401)
  const next = tokensIn(await refresh(first.refresh_token))
  assert.equal(problemIn(await refresh(issued.refresh_token)), 'invalid_grant', 'a replay')
  for (const one of [first, lost, next]) {
    assert.equal(await statusOf(dev, one.access_token), 401)
    assert.equal(problemIn(await refresh(one.refresh_token)), 'invalid_grant', 'not for a minute')
  }
})

void test('what ended early does not live longer because it was renewed', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const cookie = await signedIn(dev)
  const issued = await getTokens(dev, cookie, app.id)
  dev.clock.advance(8 * 3600_000 - 10_000)
  const fields = { grant_type: 'refresh_token', client_id: app.id }
  tokensIn(await askToken(dev, { ...fields, refresh_token: issued.refresh_token }))
  assert.equal(await statusOf(dev, issued.access_token), 200)
  dev.clock.advance(10_000)
  assert.equal(await statusOf(dev, issued.access_token), 401)
})

void test('leave is one person’s: another is asked, whoever allowed it before', async () => {
  await using dev = await open()
  await userWithPassword(dev, 'bob')
  const { app } = await newApp(dev)
  await press(dev, await signedIn(dev), asking(app.id))
  assert.equal((await visit(dev, await signedIn(dev, 'bob'), asking(app.id))).status, 200)
})

void test('an app that has pages does not get a command line’s token by a code', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const body = form({ client_id: app.id })
  const answer = await dev.ask('POST', '/oauth/device', { headers: own, body })
  assert.equal(problemIn(answer), 'unauthorized_client')
})
