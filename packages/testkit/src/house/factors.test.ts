/** The second factor: codes of an app and recovery codes, each taken once, guessed at slowly, changed only by a fresh proof. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import type { Answer, DevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { api, codeIn, cookieOf, firstStep, makeApp, setUpApp } from './factors-kit.ts'
import { openWithAnn, own, password, signedIn, submit, userWithPassword } from './signin-kit.ts'

const second = (dev: DevHouse, challenge: string, code: string): Promise<Answer> =>
  submit(dev, '/login/code', { challenge, code })

const isIn = async (dev: DevHouse, cookie: string): Promise<boolean> =>
  (await api(dev, cookie, 'GET /me/sessions')).status === 200

for (const engine of engineNames) {
  void test(`${engine}: the app's code is the second step, and none is taken twice`, async () => {
    await using dev = await openWithAnn(engine)
    const { app } = await setUpApp(dev, await signedIn(dev))
    const challenge = await firstStep(dev)
    const code = app.code()
    const cookie = cookieOf(await second(dev, challenge, code))
    assert.ok(await isIn(dev, cookie))
    const { items } = (await api(dev, cookie, 'GET /me/sessions')).json() as {
      items: { method: string; isThis: boolean }[]
    }
    assert.equal(items.find(({ isThis }) => isThis)?.method, 'password+totp')

    const again = await second(dev, challenge, app.code(1))
    assert.equal(again.status, 401, 'the challenge is used')
    assert.match(again.text, /took too long/)
    const replayed = await second(dev, await firstStep(dev), code)
    assert.equal(replayed.status, 401, 'the code is used')
    assert.match(replayed.text, /used before/)
    const earlier = await second(dev, await firstStep(dev), app.code(-1))
    assert.equal(earlier.status, 401, 'and so is every one before it')
    cookieOf(await second(dev, await firstStep(dev), app.code(1)))
  })

  void test(`${engine}: a recovery code lets in once, and renewed ones end the others`, async () => {
    await using dev = await openWithAnn(engine)
    const { codes } = await setUpApp(dev, await signedIn(dev))
    assert.equal(new Set(codes).size, 10)
    const [first = '', other = ''] = codes
    assert.match(first, /^([a-z2-9]{4}-){3}[a-z2-9]{4}$/)
    const typed = ` ${first.toUpperCase().replaceAll('-', ' ')} `
    const cookie = cookieOf(await second(dev, await firstStep(dev), typed))
    assert.equal((await second(dev, await firstStep(dev), first)).status, 401)
    const state = await api(dev, cookie, 'GET /me/second-factor')
    assert.deepEqual(state.json(), { isOn: true, recoveryCodesLeft: 9 })
    const renewed = await api(dev, cookie, 'POST /me/second-factor/recovery-codes')
    const { recoveryCodes } = renewed.json() as { recoveryCodes: string[] }
    assert.equal((await second(dev, await firstStep(dev), other)).status, 401)
    cookieOf(await second(dev, await firstStep(dev), recoveryCodes[3] ?? ''))
  })

  void test(`${engine}: of one code that comes many times at once, one gets in`, async () => {
    await using dev = await openWithAnn(engine)
    const { app } = await setUpApp(dev, await signedIn(dev))
    const challenges = [await firstStep(dev), await firstStep(dev), await firstStep(dev)]
    const answers = await Promise.all(challenges.map((one) => second(dev, one, app.code())))
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    assert.equal(answers.filter(({ status }) => status === 401).length, 2)
  })

  void test(`${engine}: of two right codes for one challenge, one gets in`, async () => {
    await using dev = await openWithAnn(engine)
    const { app, codes } = await setUpApp(dev, await signedIn(dev))
    const challenge = await firstStep(dev)
    // Of the room itself: by the door the first is done before the second begins.
    const both = [app.code(), codes[0] ?? ''].map((code) => ({ challenge, code, agent: 'x' }))
    const answers = await Promise.allSettled(
      both.map((given) => dev.hub.signin.answer(dev.system, given)),
    )
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
    const spare = answers[0]?.status === 'fulfilled' ? (codes[0] ?? '') : app.code()
    cookieOf(await second(dev, await firstStep(dev), spare))
  })
}

void test('guesses at codes have to wait, also those that come at once, and the right one with them', async () => {
  await using dev = await openWithAnn()
  const { app } = await setUpApp(dev, await signedIn(dev))
  const challenge = await firstStep(dev)
  const guesses = Array.from({ length: 9 }, () => second(dev, challenge, '000000'))
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 401).length, 5)
  assert.equal(statuses.filter((status) => status === 429).length, 4)
  assert.equal((await second(dev, challenge, app.code())).status, 429)
  const fresh = await firstStep(dev)
  assert.equal((await second(dev, fresh, app.code())).status, 429, 'the password buys no guesses')
  dev.clock.advance(61_000)
  assert.equal((await second(dev, fresh, '000000')).status, 401)
  dev.clock.advance(61_000)
  assert.equal((await second(dev, fresh, app.code())).status, 429, 'the pause has doubled')
  dev.clock.advance(60_000)
  cookieOf(await second(dev, fresh, app.code()))
})

void test('a challenge is of one account, for five minutes, and no session', async () => {
  await using dev = await openWithAnn()
  await userWithPassword(dev, 'bob')
  const { app } = await setUpApp(dev, await signedIn(dev))
  const { app: bobs } = await setUpApp(dev, await signedIn(dev, 'bob'))
  const challenge = await firstStep(dev)
  assert.equal((await second(dev, challenge, bobs.code())).status, 401)
  assert.equal((await second(dev, await firstStep(dev, 'bob'), app.code())).status, 401)
  assert.ok(!(await isIn(dev, `weighhouse=${challenge}`)))
  assert.equal((await second(dev, 'never-was', app.code())).status, 401)
  dev.clock.advance(5 * 60_000)
  assert.equal((await second(dev, challenge, app.code())).status, 401)
  const late = await firstStep(dev)
  await dev.hub.identity.disableUser(dev.system, dev.hub.policy.requireHub(dev.system), 'ann')
  assert.equal((await second(dev, late, app.code())).status, 401)
})

void test('a wrong password says nothing of a second factor', async () => {
  await using dev = await openWithAnn()
  await userWithPassword(dev, 'bob')
  await setUpApp(dev, await signedIn(dev))
  const texts: string[] = []
  for (const name of ['ann', 'bob', 'nobody']) {
    const answer = await submit(dev, '/login', { name, password: 'wrong wrong wrong' })
    texts.push(`${answer.status} ${answer.text}`)
  }
  assert.equal(new Set(texts).size, 1)
})

void test('how somebody signs in changes only by a proof that is fresh, and by no token', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  const token = await dev.token('ann', 'write')
  dev.clock.advance(limits.proofFreshMs)
  const fresh = await api(dev, cookie, 'POST /me/passkeys/options')
  assert.equal(fresh.status, 201, fresh.text)
  dev.clock.advance(1)
  const calls = [
    'POST /me/second-factor',
    'POST /me/second-factor/confirm',
    'POST /me/second-factor/recovery-codes',
    'DELETE /me/second-factor',
    'POST /me/passkeys/options',
    'DELETE /me/passkeys/some',
  ]
  for (const call of calls) {
    const body = call.endsWith('confirm') ? { code: '000000' } : undefined
    const stale = await api(dev, cookie, call, body)
    assert.equal(stale.status, 403, call)
    assert.equal(codeIn(stale), 'proof_needed', call)
    const [method = '', path = ''] = call.split(' ')
    const asked = { token, ...(body && { body }) }
    const byToken = await dev.ask(method, `/weighhouse/v1${path}`, asked)
    assert.equal(codeIn(byToken), 'permission_denied', call)
    assert.match(byToken.text, /session_needed/, call)
  }
  const wrong = await api(dev, cookie, 'POST /me/proof', { password: 'wrong wrong wrong' })
  assert.equal(wrong.status, 401)
  assert.equal((await api(dev, cookie, 'POST /me/proof', {})).status, 400)
  assert.equal((await api(dev, cookie, 'POST /me/proof', { password })).status, 204)
  const { app } = await setUpApp(dev, cookie)
  dev.clock.advance(10 * 60_000)
  const weak = await api(dev, cookie, 'POST /me/proof', { password })
  assert.match(
    weak.text,
    /code_needed/,
    'the password is not enough where there is a second factor',
  )
  const proved = await api(dev, cookie, 'POST /me/proof', { code: app.code() })
  assert.equal(proved.status, 204, proved.text)
  assert.equal((await api(dev, cookie, 'POST /me/proof', { code: app.code() })).status, 401)
  assert.equal((await api(dev, cookie, 'DELETE /me/second-factor')).status, 204)
  assert.ok(await isIn(dev, await signedIn(dev)), 'the password alone again')
})

void test('a proof makes one session fresh, and no other', async () => {
  await using dev = await openWithAnn()
  const first = await signedIn(dev)
  const other = await signedIn(dev)
  dev.clock.advance(11 * 60_000)
  await api(dev, first, 'POST /me/proof', { password })
  assert.equal((await api(dev, first, 'POST /me/passkeys/options')).status, 201)
  assert.equal(codeIn(await api(dev, other, 'POST /me/passkeys/options')), 'proof_needed')
})

void test('an app counts from its first right code on, and a second one waits for the first to go', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  const begin = async (): Promise<string> =>
    ((await api(dev, cookie, 'POST /me/second-factor')).json() as { secret: string }).secret
  const confirm = (code: string) => api(dev, cookie, 'POST /me/second-factor/confirm', { code })
  const forgotten = makeApp(dev, await begin())
  await signedIn(dev)
  const app = makeApp(dev, await begin())
  assert.equal((await confirm(forgotten.code())).status, 400)
  assert.equal((await confirm(app.code())).status, 201)
  const busy = await api(dev, cookie, 'POST /me/second-factor')
  assert.equal(codeIn(busy), 'conflict')
  assert.equal(
    (await second(dev, await firstStep(dev), app.code())).status,
    401,
    'that was its first',
  )
})

void test('the API signs a browser in, from pages of this hub alone', async () => {
  await using dev = await openWithAnn()
  const signIn = (headers: Record<string, string>) =>
    dev.ask('POST', '/weighhouse/v1/sign-in', { headers, body: { name: 'ann', password } })
  assert.equal((await signIn({})).status, 403)
  assert.equal((await signIn({ origin: 'https://evil.example' })).status, 403)
  const { origin } = own
  const plain = await signIn({ origin })
  assert.deepEqual(plain.json(), { state: 'signed_in', challenge: null })
  const cookie = (plain.headers['set-cookie'] ?? '').split(';')[0] ?? ''
  const { app } = await setUpApp(dev, cookie)
  const half = await signIn({ origin })
  assert.equal(half.headers['set-cookie'], undefined)
  const { challenge } = half.json() as { challenge: string }
  const body = { challenge, code: app.code() }
  const whole = await dev.ask('POST', '/weighhouse/v1/sign-in/code', { headers: { origin }, body })
  assert.equal(whole.status, 204, whole.text)
  assert.ok(await isIn(dev, (whole.headers['set-cookie'] ?? '').split(';')[0] ?? ''))
})
