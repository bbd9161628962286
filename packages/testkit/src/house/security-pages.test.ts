/** The pages of signing in as an attacker sees them: forms of other sites, planted sessions, names that may exist, what the log says. */
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { pino } from 'pino'
import { makeServer } from '@weighhouse/server/doors/server.ts'
import type { Answer, DevHouse } from '../dev-house.ts'
import { api, firstStep, setUpApp, signinThatTells } from './factors-kit.ts'
import {
  cookieIn,
  form,
  openWithAnn,
  own,
  password,
  signedIn,
  submit,
  userWithPassword,
} from './signin-kit.ts'
import { makeSoftwareKey } from './software-key.ts'

const get = (dev: DevHouse, url: string, cookie: string): Promise<Answer> =>
  dev.ask('GET', url, { headers: { cookie } })

const securityUrl = '/settings/security'

/** Where the forms of a page go. */
const actionsIn = (answer: Answer): string[] =>
  [...answer.text.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, url = '']) => url)

const addKey = async (dev: DevHouse, cookie: string) => {
  const key = makeSoftwareKey()
  const options = (await api(dev, cookie, 'POST /me/passkeys/options')).json()
  // A cast because the hub answers what the schema says.
  const answer = key.create(options as { challenge: string; user: { id: string } })
  const added = await api(dev, cookie, 'POST /me/passkeys', { label: 'key <1>', answer })
  assert.equal(added.status, 201, added.text)
  return key
}

void test('every form counts from pages of this hub alone', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  await signedIn(dev)
  await addKey(dev, cookie)
  const post = (url: string) => submit(dev, url, {}, { cookie })
  const pages = [
    await dev.ask('GET', '/login'),
    await get(dev, securityUrl, cookie),
    await post(`${securityUrl}/second-factor`),
    await get(dev, `${securityUrl}/proof`, cookie),
  ]
  await setUpApp(dev, cookie)
  pages.push(
    await get(dev, securityUrl, cookie),
    await submit(dev, '/login', { name: 'ann', password }),
  )
  const actions = new Set(pages.flatMap(actionsIn))
  for (const known of ['/login', '/login/code', '/logout', `${securityUrl}/password`]) {
    assert.ok(actions.has(known), known)
  }
  assert.ok(actions.size >= 13, [...actions].join(' '))
  const secret = 'x'.repeat(43)
  const type = { 'content-type': own['content-type'] }
  for (const url of [...actions, `/recover/${secret}`]) {
    for (const headers of [
      type,
      { ...type, origin: 'https://evil.example' },
      { ...own, 'sec-fetch-site': 'cross-site' },
    ]) {
      const refused = await dev.ask('POST', url, {
        headers: { ...headers, cookie },
        body: form({}),
      })
      assert.equal(refused.status, 403, url)
      assert.match(refused.text, /not sent from a page of this hub/, url)
    }
  }
  const { items } = (await api(dev, cookie, 'GET /me/sessions')).json() as { items: unknown[] }
  assert.equal(items.length, 2, 'nothing has happened')
})

void test('pages for signed-in people send others to the login, and back', async () => {
  await using dev = await openWithAnn()
  const away = await dev.ask('GET', securityUrl)
  assert.equal(away.headers['location'], `/login?next=${encodeURIComponent(securityUrl)}`)
  const posted = await submit(dev, `${securityUrl}/second-factor/remove`, {})
  assert.equal(posted.headers['location'], `/login?next=${encodeURIComponent(securityUrl)}`)
  assert.equal((await dev.ask('GET', '/login/code')).headers['location'], '/login')
  const cookie = await signedIn(dev)
  const led = { password, next: '//evil.example' }
  const proved = await submit(dev, `${securityUrl}/proof`, led, { cookie })
  assert.equal(proved.headers['location'], '/')
})

void test('sessions are listed and ended, one or all others, and nobody ends those of another', async () => {
  await using dev = await openWithAnn()
  await userWithPassword(dev, 'bob')
  const bobs = await signedIn(dev, 'bob')
  const [first, second, third] = [await signedIn(dev), await signedIn(dev), await signedIn(dev)]
  interface Listed {
    items: { id: string; isThis: boolean; ip: string | null }[]
  }
  const list = async (cookie: string): Promise<Listed['items']> =>
    ((await api(dev, cookie, 'GET /me/sessions')).json() as Listed).items
  const idOf = async (cookie: string): Promise<string> =>
    (await list(cookie)).find(({ isThis }) => isThis)?.id ?? ''
  const states = async (): Promise<number[]> =>
    Promise.all(
      [first, second, third, bobs].map(
        async (cookie) => (await api(dev, cookie, 'GET /me/sessions')).status,
      ),
    )
  assert.equal((await list(first)).length, 3)
  const id = await idOf(second)
  const foreign = await submit(dev, `${securityUrl}/sessions/end`, { id }, { cookie: bobs })
  assert.equal(foreign.status, 404)
  assert.match(foreign.text, /role="alert">There is no session/)
  assert.equal((await api(dev, bobs, `DELETE /me/sessions/${id}`)).status, 404)
  const ended = await submit(dev, `${securityUrl}/sessions/end`, { id }, { cookie: first })
  assert.equal(ended.headers['location'], securityUrl)
  assert.deepEqual(await states(), [200, 401, 200, 200])
  await submit(dev, `${securityUrl}/sessions/end-others`, {}, { cookie: first })
  assert.deepEqual(await states(), [200, 401, 401, 200])
  assert.equal((await api(dev, first, `DELETE /me/sessions/${await idOf(first)}`)).status, 204)
  assert.deepEqual(await states(), [401, 401, 401, 200])
})

void test('of very many sessions those unused for longest end', async () => {
  await using dev = await openWithAnn()
  const first = await signedIn(dev)
  const { db } = dev.house
  const row = await db.read.selectFrom('session').selectAll().executeTakeFirstOrThrow()
  dev.clock.advance(1_000)
  const copies = Array.from({ length: 99 }, (_, i) => ({
    ...row,
    id: dev.id<typeof row.id>(),
    secret_sha256: String(i),
    used_at_ms: dev.clock.nowMs(),
  }))
  await db.tx(async (q) => {
    await q.insertInto('session').values(copies).execute()
  })
  dev.clock.advance(1_000)
  const last = await signedIn(dev)
  const { items } = (await api(dev, last, 'GET /me/sessions')).json() as { items: object[] }
  assert.equal(items.length, 100)
  assert.equal((await api(dev, first, 'GET /me/sessions')).status, 401)
})

void test('pages run the one script of this hub, or none, and show what people wrote as text', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  await addKey(dev, cookie)
  const page = await get(dev, securityUrl, cookie)
  const policy = page.headers['content-security-policy'] ?? ''
  assert.match(policy, /^default-src 'none';.*script-src 'self'; connect-src 'self'$/)
  assert.ok(page.text.includes('key &lt;1&gt;') && !page.text.includes('key <1>'))
  assert.equal(page.headers['cache-control'], 'no-store')
  const scripts = [...page.text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)
  assert.deepEqual(scripts, ['<script type="module" src="/assets/passkeys.js">'])
  assert.doesNotMatch(page.text, / on\w+="/)
  const setUp = await submit(dev, `${securityUrl}/second-factor`, {}, { cookie })
  assert.doesNotMatch(setUp.headers['content-security-policy'] ?? '', /script-src/)
  const script = await dev.ask('GET', '/assets/passkeys.js')
  assert.match(script.headers['content-type'] ?? '', /^text\/javascript/)
  assert.equal(script.headers['x-content-type-options'], 'nosniff')
  const again = { headers: { 'if-none-match': script.headers['etag'] ?? '' } }
  assert.equal((await dev.ask('GET', '/assets/passkeys.js', again)).status, 304)
})

void test('a session that somebody planted is worth nothing, however the sign-in goes on', async () => {
  await using dev = await openWithAnn()
  const planted = 'weighhouse=planted-by-somebody-else-planted-by-somebo'
  const secrets = new Set<string>()
  const check = async (answer: Answer): Promise<string> => {
    const cookie = cookieIn(answer)
    assert.match(cookie, /^weighhouse=[\w-]{43}$/, answer.text)
    assert.ok(!secrets.has(cookie) && cookie !== planted)
    secrets.add(cookie)
    assert.equal((await api(dev, cookie, 'GET /me/sessions')).status, 200)
    assert.equal((await api(dev, planted, 'GET /me/sessions')).status, 401)
    return cookie
  }
  const fields = { name: 'ann', password }
  const first = await check(await submit(dev, '/login', fields, { cookie: planted }))
  await check(await submit(dev, '/login', fields, { cookie: first }))
  const key = await addKey(dev, first)
  const options = (await api(dev, planted, 'POST /sign-in/passkey/options')).json()
  const answer = key.get(options as { challenge: string })
  await check(await api(dev, planted, 'POST /sign-in/passkey', { answer }))
  const { app } = await setUpApp(dev, first)
  const step = { challenge: await firstStep(dev), code: app.code() }
  const second = await check(await submit(dev, '/login/code', step, { cookie: planted }))
  const change = { old: password, next: 'eleven loud ferries' }
  await check(await submit(dev, `${securityUrl}/password`, change, { cookie: second }))
})

void test('a name that is unknown, disabled or without a password costs and says what a wrong password does', async () => {
  await using dev = await openWithAnn()
  await userWithPassword(dev, 'gone')
  await dev.user('tokens-only')
  const { hub } = dev
  await hub.identity.disableUser(dev.system, hub.policy.requireHub(dev.system), 'gone')
  let work: string[] = []
  const signin = signinThatTells(dev, (done) => void work.push(done))
  const seen = new Set<string>()
  for (const name of ['ann', 'nobody', 'gone', 'tokens-only', 'ann ', '']) {
    work = []
    const given = { name, password: name === 'gone' ? password : 'wrong wrong wrong', agent: 'x' }
    const said = await signin.signIn(dev.system, given).catch((error: unknown) => error)
    seen.add(`${JSON.stringify(said)} ${String(said)} ${work.join()}`)
  }
  assert.equal(seen.size, 1, [...seen].join('\n'))
  assert.match([...seen].join(''), /do not match\. verify$/)
})

void test('links that prove something are not in the log', async () => {
  await using dev = await openWithAnn()
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  await using server = await makeServer(dev.house.config, dev.hub, pino({ level: 'debug' }, stream))
  const permit = dev.hub.policy.requireHub(dev.system)
  const wish = { name: 'ann', dropsSecondFactor: false }
  const secret = await dev.hub.signin.offerRecovery(dev.system, permit, wish)
  const page = await server.app.inject({ method: 'GET', url: `/recover/${secret}?a=1` })
  assert.equal(page.statusCode, 200)
  await server.app.inject({ method: 'GET', url: '/setup?code=some-secret' })
  const log = lines.join('')
  assert.match(log, /"path":"\/recover\/:secret"/)
  assert.ok(!log.includes(secret) && !log.includes('some-secret'), log)
})
