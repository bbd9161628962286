/** Signing in with a browser, and letting a command line in: through the pages, as a browser and the client call them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer, DevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { clientOf } from './org-kit.ts'
import {
  cookieIn,
  form,
  login,
  openWithAnn as open,
  own,
  password,
  signedIn,
} from './signin-kit.ts'

const clientId = '26be6b09-91c5-47da-9861-d2d2bb7a7e36'

interface Offer {
  device_code: string
  user_code: string
  interval: number
}

const offer = async (dev: DevHouse): Promise<Offer> => {
  const body = form({ client_id: clientId })
  const answer = await dev.ask('POST', '/oauth/device', { headers: own, body })
  assert.equal(answer.status, 200, answer.text)
  return answer.json() as Offer
}

const poll = (dev: DevHouse, deviceCode: string): Promise<Answer> =>
  dev.ask('POST', '/oauth/token', {
    headers: own,
    body: form({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: deviceCode,
      client_id: clientId,
    }),
  })

const problemIn = (answer: Answer): string => {
  assert.equal(answer.status, 400, answer.text)
  return (answer.json() as { error: string }).error
}

const decide = (dev: DevHouse, cookie: string, code: string, decision: string): Promise<Answer> =>
  dev.ask('POST', '/device', {
    headers: { ...own, cookie },
    body: form({ user_code: code, decision }),
  })

for (const engine of engineNames) {
  void test(`${engine}: a command line is let in by a signed-in person, and renews its token`, async () => {
    await using dev = await open(engine)
    const { device_code: code, user_code: shown, interval } = await offer(dev)
    assert.equal(problemIn(await poll(dev, code)), 'authorization_pending')
    assert.equal(problemIn(await poll(dev, code)), 'slow_down')
    const away = await dev.ask('GET', `/device?user_code=${shown}`)
    assert.equal(
      away.headers['location'],
      `/login?next=${encodeURIComponent(`/device?user_code=${shown}`)}`,
    )
    const cookie = await signedIn(dev)
    const page = await dev.ask('GET', `/device?user_code=${shown.toLowerCase()}`, {
      headers: { cookie },
    })
    assert.match(page.text, /as <strong>ann<\/strong>/)
    assert.equal((await decide(dev, cookie, shown, 'allow')).status, 200)
    dev.clock.advance(interval * 1000)
    const issued = (await poll(dev, code)).json() as { access_token: string; refresh_token: string }
    assert.match(issued.access_token, /^hf_[A-Za-z0-9]{34,}$/)
    const who = await dev.ask('GET', '/api/whoami-v2', { token: issued.access_token })
    const { name, auth } = who.json() as { name: string; auth: object }
    assert.equal(name, 'ann')
    assert.ok(!('accessToken' in auth))
    await dev.house.settle()
    const trail = await dev.hub.audit.list(
      dev.hub.policy.requireHub(dev.system),
      { actorName: 'ann' },
      { limit: 10 },
    )
    assert.deepEqual(
      trail.entries.map(({ act, door }) => `${act} ${door}`),
      ['token_created oauth', 'signed_in web'],
    )
    assert.equal(problemIn(await poll(dev, code)), 'invalid_grant', 'a code is used once')
    const refresh = (token: string): Promise<Answer> =>
      dev.ask('POST', '/oauth/token', {
        body: { grant_type: 'refresh_token', refresh_token: token, client_id: clientId },
      })
    const renewed = (await refresh(issued.refresh_token)).json() as {
      access_token: string
      refresh_token: string
    }
    const statusOf = async (token: string): Promise<number> =>
      (await dev.ask('GET', '/api/whoami-v2', { token })).status
    assert.equal(await statusOf(renewed.access_token), 200)
    assert.equal(await statusOf(issued.access_token), 200, 'the answer may have been lost')
    const repeated = (await refresh(issued.refresh_token)).json() as { access_token: string }
    assert.equal(await statusOf(repeated.access_token), 200)
    dev.clock.advance(61_000)
    assert.equal(await statusOf(issued.access_token), 401, 'the old one has ended')
    assert.equal(await statusOf(renewed.access_token), 200)
    assert.equal(problemIn(await refresh(issued.refresh_token)), 'invalid_grant')
    assert.equal(await statusOf(repeated.access_token), 401, 'with it the repeated one')
    assert.equal(await statusOf(renewed.access_token), 401, 'a second use ends the family')
    assert.equal(problemIn(await refresh(renewed.refresh_token)), 'invalid_grant')
  })
}

void test('a command line is among the apps that somebody has allowed, and is ended there', async () => {
  await using dev = await open()
  const { device_code: code, user_code: shown } = await offer(dev)
  await decide(dev, await signedIn(dev), shown, 'allow')
  const { access_token: token } = (await poll(dev, code)).json() as { access_token: string }
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const [first] = (await ann.listAllowedApps({})).items
  assert.deepEqual([first?.id, first?.scopes], [clientId, []])
  await ann.endAllowedApp({ id: clientId })
  assert.equal((await dev.ask('GET', '/api/whoami-v2', { token })).status, 401)
  assert.deepEqual((await ann.listAllowedApps({})).items, [])
})

void test('not me, a foreign client, codes that are over or wrong', async () => {
  await using dev = await open()
  const cookie = await signedIn(dev)
  const denied = await offer(dev)
  await decide(dev, cookie, denied.user_code, 'deny')
  assert.equal(problemIn(await poll(dev, denied.device_code)), 'access_denied')
  assert.equal((await decide(dev, cookie, denied.user_code, 'allow')).status, 404)
  const late = await offer(dev)
  dev.clock.advance(15 * 60_000)
  assert.equal(problemIn(await poll(dev, late.device_code)), 'expired_token')
  assert.equal((await decide(dev, cookie, late.user_code, 'allow')).status, 404)
  assert.equal(problemIn(await poll(dev, 'never-was')), 'invalid_grant')
  const foreign = await dev.ask('POST', '/oauth/device', {
    headers: own,
    body: form({ client_id: 'x' }),
  })
  assert.equal(problemIn(foreign), 'invalid_client')
  const wrong = await dev.ask('POST', '/oauth/token', {
    body: { grant_type: 'password', client_id: 'x' },
  })
  assert.equal(problemIn(wrong), 'unsupported_grant_type')
})

void test('of one address, fifty machines may wait for leave, and not one more', async () => {
  await using dev = await open()
  for (let i = 0; i < 50; i += 1) await offer(dev)
  const body = form({ client_id: clientId })
  const refused = await dev.ask('POST', '/oauth/device', { headers: own, body })
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '900')
  dev.clock.advance(15 * 60_000)
  await offer(dev)
})

void test('an account that is disabled gets nothing more, from a page or by a code it has allowed', async () => {
  await using dev = await open()
  const cookie = await signedIn(dev)
  const { device_code: code, user_code: shown } = await offer(dev)
  await decide(dev, cookie, shown, 'allow')
  await dev.hub.identity.disableUser(dev.system, dev.hub.policy.requireHub(dev.system), 'ann')
  assert.equal(problemIn(await poll(dev, code)), 'access_denied')
  assert.equal((await dev.ask('GET', '/device', { headers: { cookie } })).status, 303)
  assert.equal((await login(dev, { name: 'ann', password })).status, 401)
})

void test('an unknown name and a wrong password are answered alike, and each has to wait in the end', async () => {
  await using dev = await open()
  const answers: string[][] = []
  for (const name of ['ann', 'nobody']) {
    const tries: string[] = []
    for (let i = 0; i < 6; i += 1) {
      const { status, text } = await login(dev, { name, password: 'wrong wrong wrong' })
      tries.push(`${status} ${text.replaceAll(name, '…')}`)
    }
    answers.push(tries)
  }
  assert.deepEqual(answers[0], answers[1])
  assert.deepEqual(
    answers[0]?.map((one) => one.slice(0, 3)),
    ['401', '401', '401', '401', '401', '429'],
  )
  assert.equal((await login(dev, { name: 'ann', password })).status, 429, 'the right one waits too')
  dev.clock.advance(61_000)
  assert.equal((await login(dev, { name: 'ann', password })).status, 303)
})

void test('guesses sent together are counted one by one, and a refused sign-in is in the trail', async () => {
  await using dev = await open()
  const together = Array.from({ length: 12 }, () =>
    login(dev, { name: 'ann', password: 'wrong wrong wrong' }),
  )
  const statuses = (await Promise.all(together)).map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 401).length, 5)
  assert.equal(statuses.filter((status) => status === 429).length, 7)
  await dev.hub.audit.flush()
  const manage = dev.hub.policy.requireHub(dev.system)
  const { entries } = await dev.hub.audit.list(manage, { outcome: 'denied' }, { limit: 10 })
  assert.deepEqual(
    entries.map(({ act, reason, door }) => `${act} ${reason} ${door}`),
    ['sign_in bad_password web'],
  )
})

void test('a page lets its forms say where they come from, on plain http too', async () => {
  await using dev = await open()
  const page = await dev.ask('GET', '/login')
  assert.equal(page.headers['referrer-policy'], 'same-origin')
  assert.equal(
    (await login(dev, { name: 'ann', password }, { ...own, origin: 'null' })).status,
    403,
  )
})

void test('forms of other sites are refused, and nobody is led away', async () => {
  await using dev = await open()
  const type = { 'content-type': own['content-type'] }
  for (const headers of [
    type,
    { ...type, origin: 'https://evil.example' },
    { ...own, 'sec-fetch-site': 'cross-site' },
    { ...own, 'sec-fetch-site': 'same-site' },
  ]) {
    assert.equal((await login(dev, { name: 'ann', password }, headers)).status, 403)
  }
  const cookie = await signedIn(dev)
  const { user_code: shown } = await offer(dev)
  const forged = await dev.ask('POST', '/device', {
    headers: { ...type, origin: 'https://evil.example', cookie },
    body: form({ user_code: shown, decision: 'allow' }),
  })
  assert.equal(forged.status, 403)
  const leads = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\x',
    'javascript:1',
    '/ok?a=1',
  ]
  const locations: (string | undefined)[] = []
  for (const next of leads) {
    locations.push((await login(dev, { name: 'ann', password, next })).headers['location'])
  }
  assert.deepEqual(locations, ['/', '/', '/', '/', '/', '/ok?a=1'])
})

void test('a session is new at each sign-in, cannot be planted, and ends at once', async () => {
  await using dev = await open()
  const planted = 'weighhouse=planted'
  const answer = await dev.ask('POST', '/login', {
    headers: { ...own, cookie: planted },
    body: form({ name: 'ann', password }),
  })
  const first = cookieIn(answer)
  assert.match(answer.headers['set-cookie'] ?? '', /HttpOnly; SameSite=Lax/)
  assert.notEqual(first, planted)
  assert.notEqual(await signedIn(dev), first)
  const isIn = async (cookie: string): Promise<boolean> =>
    (await dev.ask('GET', '/device', { headers: { cookie } })).status === 200
  assert.ok(await isIn(first))
  assert.ok(!(await isIn(planted)))
  await dev.ask('POST', '/logout', { headers: { ...own, cookie: first }, body: '' })
  assert.ok(!(await isIn(first)))
  const second = await signedIn(dev)
  dev.clock.advance(15 * 24 * 3600_000)
  assert.ok(!(await isIn(second)), 'unused for a fortnight')
})
