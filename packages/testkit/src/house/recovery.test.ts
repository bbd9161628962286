/** Passwords: changed by who knows the old one, set anew by a link of an administrator; either way whoever was in is out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setPassword } from '@weighhouse/server/core/identity/index.ts'
import type { Answer, DevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { api, codeIn, cookieOf, firstStep, setUpApp, signinThatTells } from './factors-kit.ts'
import { cookieIn, login, openWithAnn, own, password, signedIn, submit } from './signin-kit.ts'

const next = 'eleven loud ferries'

const offer = (dev: DevHouse, dropsSecondFactor = false, name = 'ann'): Promise<string> => {
  const permit = dev.hub.policy.requireHub(dev.system)
  return dev.hub.signin.offerRecovery(dev.system, permit, { name, dropsSecondFactor })
}

const recover = (dev: DevHouse, secret: string, to = next): Promise<Answer> =>
  submit(dev, `/recover/${secret}`, { password: to })

const isIn = async (dev: DevHouse, cookie: string): Promise<boolean> =>
  (await api(dev, cookie, 'GET /me/sessions')).status === 200

const eventsOf = async (dev: DevHouse): Promise<string[]> => {
  await dev.house.settle()
  const permit = dev.hub.policy.requireHub(dev.system)
  const { entries } = await dev.hub.audit.list(permit, {}, { limit: 100 })
  return entries.map(({ act }) => act)
}

for (const engine of engineNames) {
  void test(`${engine}: a link sets a password once, and ends every session`, async () => {
    await using dev = await openWithAnn(engine)
    const cookie = await signedIn(dev)
    const secret = await offer(dev)
    assert.match((await dev.ask('GET', `/recover/${secret}`)).text, /For <strong>ann<\/strong>/)
    assert.ok(await isIn(dev, cookie), 'looking changes nothing')
    const weak = await recover(dev, secret, 'short')
    assert.equal(weak.status, 400)
    assert.match(weak.text, /12 to 1024 characters/)
    const set = await recover(dev, secret)
    assert.equal(set.status, 200, set.text)
    assert.ok(!(await isIn(dev, cookie)))
    assert.equal((await recover(dev, secret)).status, 403, 'it works once')
    assert.equal((await login(dev, { name: 'ann', password })).status, 401)
    assert.equal((await login(dev, { name: 'ann', password: next })).status, 303)
    const acts = await eventsOf(dev)
    for (const act of ['recovery_offered', 'password_changed', 'sessions_ended']) {
      assert.ok(acts.includes(act), act)
    }
  })

  void test(`${engine}: a password changed by its owner ends the other sessions and open links`, async () => {
    await using dev = await openWithAnn(engine)
    const other = await signedIn(dev)
    const cookie = await signedIn(dev)
    const secret = await offer(dev)
    const change = (fields: Record<string, string>) =>
      submit(dev, '/settings/security/password', fields, { cookie })
    assert.equal((await change({ old: 'wrong wrong wrong', next })).status, 401)
    assert.equal((await change({ old: password, next: 'short' })).status, 400)
    const renewed = cookieOf(await change({ old: password, next }))
    assert.notEqual(renewed, cookie)
    assert.deepEqual(
      [await isIn(dev, other), await isIn(dev, cookie), await isIn(dev, renewed)],
      [false, false, true],
    )
    assert.equal((await recover(dev, secret)).status, 403)
    const changed = await api(dev, renewed, 'PUT /me/password', { old: next, next: password })
    assert.equal(changed.status, 204, changed.text)
    assert.ok(await isIn(dev, cookieIn(changed)))
  })
}

void test('a link lasts a day, ends when a newer one is made, and is of no use for a disabled account', async () => {
  await using dev = await openWithAnn()
  const older = await offer(dev)
  const newer = await offer(dev)
  assert.equal((await recover(dev, older)).status, 403)
  dev.clock.advance(24 * 3600_000)
  assert.equal((await dev.ask('GET', `/recover/${newer}`)).status, 403)
  assert.equal((await recover(dev, newer)).status, 403)
  const last = await offer(dev)
  const permit = dev.hub.policy.requireHub(dev.system)
  await dev.hub.identity.disableUser(dev.system, permit, 'ann')
  assert.equal((await recover(dev, last)).status, 403)
  for (const name of ['ann', 'nobody']) {
    await assert.rejects(offer(dev, false, name), { code: 'account_not_found' })
  }
})

void test('the second factor is asked after a link too, unless the link drops it', async () => {
  await using dev = await openWithAnn()
  const { app } = await setUpApp(dev, await signedIn(dev))
  const half = await firstStep(dev)
  await recover(dev, await offer(dev), password)
  const over = await submit(dev, '/login/code', { challenge: half, code: app.code() })
  assert.equal(over.status, 401, 'a sign-in that was half done has ended')
  const challenge = await firstStep(dev)
  cookieOf(await submit(dev, '/login/code', { challenge, code: app.code() }))
  await recover(dev, await offer(dev, true), password)
  const cookie = await signedIn(dev)
  const state = await api(dev, cookie, 'GET /me/second-factor')
  assert.deepEqual(state.json(), { isOn: false, recoveryCodesLeft: 0 })
})

void test('links cannot be guessed at for ever from one network', async () => {
  await using dev = await openWithAnn()
  const { signin } = dev.hub
  const secret = await offer(dev)
  const from = (ip: string) => ({ ...dev.system, ip })
  for (let i = 0; i < 100; i += 1) {
    const guess = signin.recoveryOf(from(`2001:db8::${i}`), `guess-${i}`)
    await assert.rejects(guess, { code: 'permission_denied' })
  }
  await assert.rejects(signin.recoveryOf(from('2001:db8::ffff'), secret), { code: 'rate_limited' })
  const signIn = { name: 'ann', password, agent: undefined }
  await assert.rejects(signin.signIn(from('2001:db8::1'), signIn), { code: 'rate_limited' })
  assert.equal((await signin.recoveryOf(from('2001:db8:0:1::1'), secret)).name, 'ann')
  dev.clock.advance(61_000)
  await signin.recoveryOf(from('2001:db8::ffff'), secret)
  const wrong = signin.recoveryOf(from('2001:db8::ffff'), 'guess')
  await assert.rejects(wrong, { code: 'permission_denied' }, 'a right one buys no more than itself')
  await assert.rejects(signin.recoveryOf(from('2001:db8::ffff'), secret), { code: 'rate_limited' })
})

void test('a first password wants a fresh proof, another one the password before', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  const token = await dev.token('ann', 'write')
  const byToken = await dev.ask('PUT', '/weighhouse/v1/me/password', { token, body: { next } })
  assert.match(byToken.text, /session_needed/)
  assert.equal((await api(dev, cookie, 'PUT /me/password', { next })).status, 401)
  const forget = () =>
    dev.house.db.tx(async (q) => {
      await q.deleteFrom('password').execute()
    })
  await forget()
  const first = await api(dev, cookie, 'PUT /me/password', { next })
  assert.equal(first.status, 204, first.text)
  await forget()
  dev.clock.advance(11 * 60_000)
  const stale = await api(dev, cookieIn(first), 'PUT /me/password', { next })
  assert.equal(codeIn(stale), 'proof_needed')
})

void test('where there is a second factor, another password is no fresh proof, and the way in is remembered', async () => {
  await using dev = await openWithAnn()
  const { app } = await setUpApp(dev, await signedIn(dev))
  const challenge = await firstStep(dev)
  const cookie = cookieOf(await submit(dev, '/login/code', { challenge, code: app.code() }))
  dev.clock.advance(11 * 60_000)
  const changed = await api(dev, cookie, 'PUT /me/password', { old: password, next })
  assert.equal(changed.status, 204, changed.text)
  const renewed = cookieIn(changed)
  assert.equal(codeIn(await api(dev, renewed, 'DELETE /me/second-factor')), 'proof_needed')
  const { items } = (await api(dev, renewed, 'GET /me/sessions')).json() as {
    items: { method: string }[]
  }
  assert.deepEqual(
    items.map(({ method }) => method),
    ['password+totp'],
  )
})

void test('a hash made with less work is renewed when its password is right', async () => {
  await using dev = await openWithAnn()
  const { db, hub } = dev.house
  // scrypt with N = 2¹⁰ of "seven quiet barges" and sixteen zero bytes of salt, computed here as `passwords.ts` does.
  const { scryptSync } = await import('node:crypto')
  const key = scryptSync(password, Buffer.alloc(16), 32, { N: 1024, r: 8, p: 1 })
  const hash = `scrypt$1024$8$1$${Buffer.alloc(16).toString('base64url')}$${key.toString('base64url')}`
  const ann = await hub.identity.find('ann')
  assert.ok(ann !== undefined)
  await db.tx((q) => setPassword(q, { account_id: ann.id, hash, changed_at_ms: 0 }))
  const stored = async () =>
    (await db.read.selectFrom('password').select('hash').executeTakeFirstOrThrow()).hash
  await login(dev, { name: 'ann', password: 'wrong wrong wrong' })
  assert.equal(await stored(), hash)
  await signedIn(dev)
  assert.notEqual(await stored(), hash)
  await signedIn(dev)
})

void test('who changes a password is not overtaken by a sign-in with the old one', async () => {
  for (const hasFactor of [false, true]) {
    await using dev = await openWithAnn()
    if (hasFactor) await setUpApp(dev, await signedIn(dev))
    const secret = await offer(dev)
    let isChanged = false
    const signin = signinThatTells(dev, async () => {
      if (isChanged) return
      isChanged = true
      await recover(dev, secret)
    })
    const late = signin.signIn(dev.system, { name: 'ann', password, agent: undefined })
    await assert.rejects(late, { code: 'conflict' })
    const open = await dev.house.db.read
      .selectFrom('session')
      .select('id')
      .where('ended_at_ms', 'is', null)
      .execute()
    assert.deepEqual(open, [])
    assert.deepEqual(await dev.house.db.read.selectFrom('challenge').selectAll().execute(), [])
  }
})

void test('what is left of sign-ins is pruned: old sessions, forgotten guesses, unanswered questions', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  await submit(dev, '/logout', {}, { cookie })
  await login(dev, { name: 'nobody', password: 'wrong wrong wrong' })
  await dev.ask('POST', '/weighhouse/v1/sign-in/passkey/options', { headers: own, body: '' })
  assert.deepEqual(await dev.hub.signin.prune(), { sessions: 0, failures: 0, challenges: 0 })
  dev.clock.advance(24 * 3600_000 + 1)
  const kept = await signedIn(dev)
  const { challenges, failures } = await dev.hub.signin.prune()
  assert.deepEqual({ challenges, failures }, { challenges: 1, failures: 1 })
  assert.ok(await isIn(dev, kept))
  dev.clock.advance(30 * 24 * 3600_000)
  const late = await signedIn(dev)
  const { sessions } = await dev.hub.signin.prune()
  assert.equal(sessions, 1, 'the one that ended a month ago')
  assert.ok(await isIn(dev, late))
})
