/** Passkeys, by an authenticator in software that tells the truth or lies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer, DevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { api, codeIn, setUpApp } from './factors-kit.ts'
import { cookieIn, openWithAnn, signedIn, userWithPassword } from './signin-kit.ts'
import { type Lies, makeSoftwareKey, type SoftwareKey } from './software-key.ts'

interface Options {
  challenge: string
  user: { id: string }
  allowCredentials?: { id: string }[]
  excludeCredentials?: { id: string }[]
}

const optionsOf = (answer: Answer): Options => {
  assert.equal(answer.status, 201, answer.text)
  return answer.json() as Options
}

const offer = async (dev: DevHouse, cookie: string): Promise<Options> =>
  optionsOf(await api(dev, cookie, 'POST /me/passkeys/options'))

const add = async (
  dev: DevHouse,
  cookie: string,
  key: SoftwareKey = makeSoftwareKey(),
): Promise<SoftwareKey> => {
  const answer = key.create(await offer(dev, cookie))
  const added = await api(dev, cookie, 'POST /me/passkeys', { label: 'key', answer })
  assert.equal(added.status, 201, added.text)
  return key
}

const ask = async (dev: DevHouse): Promise<Options> =>
  optionsOf(await api(dev, '', 'POST /sign-in/passkey/options'))

const enter = (dev: DevHouse, answer: object): Promise<Answer> =>
  api(dev, '', 'POST /sign-in/passkey', { answer })

const nameOf = async (dev: DevHouse, cookie: string): Promise<string> =>
  ((await dev.ask('GET', '/api/whoami-v2', { headers: { cookie } })).json() as { name: string })
    .name

for (const engine of engineNames) {
  void test(`${engine}: a passkey signs in without a name, and without the second factor`, async () => {
    await using dev = await openWithAnn(engine)
    await userWithPassword(dev, 'bob')
    const cookie = await signedIn(dev)
    await setUpApp(dev, cookie)
    const key = await add(dev, cookie)
    await add(dev, await signedIn(dev, 'bob'))
    const options = await ask(dev)
    assert.deepEqual(options.allowCredentials, [], 'nobody is named')
    const answer = key.get(options)
    const entered = await enter(dev, answer)
    assert.equal(entered.status, 204, entered.text)
    const session = cookieIn(entered)
    assert.equal(await nameOf(dev, session), 'ann')
    assert.equal((await enter(dev, answer)).status, 401, 'an answer is looked at once')
    const list = (await api(dev, session, 'GET /me/sessions')).json() as {
      items: { method: string }[]
    }
    assert.equal(list.items[0]?.method, 'passkey')
    await dev.house.settle()
    const permit = dev.hub.policy.requireHub(dev.system)
    const trail = await dev.hub.audit.list(permit, { actorName: 'ann' }, { limit: 10 })
    assert.ok(trail.entries.some(({ act }) => act === 'passkey_added'))
  })

  void test(`${engine}: passkeys are listed, renamed, removed, and prove who somebody is`, async () => {
    await using dev = await openWithAnn(engine)
    const cookie = await signedIn(dev)
    const key = await add(dev, cookie)
    const path = `/me/passkeys/${key.id}`
    assert.deepEqual(
      (await offer(dev, cookie)).excludeCredentials?.map(({ id }) => id),
      [key.id],
    )
    assert.equal((await api(dev, cookie, `PATCH ${path}`, { label: ' blue ' })).status, 204)
    assert.equal((await api(dev, cookie, `PATCH ${path}`, { label: '  ' })).status, 400)
    const listed = (await api(dev, cookie, 'GET /me/passkeys')).json() as {
      items: { label: string }[]
    }
    assert.deepEqual(
      listed.items.map(({ label }) => label),
      ['blue'],
    )
    dev.clock.advance(11 * 60_000)
    assert.equal(codeIn(await api(dev, cookie, `DELETE ${path}`)), 'proof_needed')
    const question = optionsOf(await api(dev, cookie, 'POST /me/proof/options'))
    const proof = { passkey: key.get(question) }
    assert.equal((await api(dev, cookie, 'POST /me/proof', proof)).status, 204)
    assert.equal((await api(dev, cookie, 'POST /me/proof', proof)).status, 401)
    assert.equal((await api(dev, cookie, `DELETE ${path}`)).status, 204)
    assert.equal((await api(dev, cookie, `DELETE ${path}`)).status, 404)
    assert.equal((await enter(dev, key.get(await ask(dev)))).status, 401)
  })
}

const lies: readonly [what: string, lies: Lies][] = [
  ['a signature of something else', { forged: true }],
  ['a page of another site', { origin: 'https://evil.example' }],
  ['another port of this host', { origin: 'http://localhost:81' }],
  ['a key of another site', { rpId: 'evil.example' }],
  ['a challenge of its own', { challenge: Buffer.alloc(32).toString('base64url') }],
  ['an answer to another question', { type: 'webauthn.create' }],
  ['nobody was there', { flags: 0x00 }],
  ['the device did not ask who', { flags: 0x01 }],
  ['a counter that stands still', { counter: 1 }],
  ['an unknown key', { id: Buffer.alloc(32).toString('base64url') }],
  ['a key of somebody else', { userHandle: Buffer.from('f'.repeat(24)).toString('base64url') }],
]

void test('whatever is wrong with an answer, it is refused, and alike', async () => {
  await using dev = await openWithAnn()
  const key = await add(dev, await signedIn(dev))
  const texts = new Set<string>()
  for (const [what, lie] of lies) {
    const refused = await enter(dev, key.get(await ask(dev), lie))
    assert.equal(refused.status, 401, what)
    assert.equal(refused.headers['set-cookie'], undefined, what)
    texts.add(refused.text)
  }
  assert.equal(texts.size, 1)
  const { response, ...rest } = key.get(await ask(dev))
  for (const clientDataJSON of ['', 'AAAA', Buffer.from('[]').toString('base64url')]) {
    const broken = { ...rest, response: { ...response, clientDataJSON } }
    assert.equal((await enter(dev, broken)).status, 401)
  }
  assert.equal((await enter(dev, key.get(await ask(dev)))).status, 204)
})

void test('of a new passkey too every lie is refused', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  const creating = lies.filter(
    ([, { forged, counter, id, userHandle, type }]) =>
      forged === undefined && (counter ?? id ?? userHandle ?? type) === undefined,
  )
  assert.ok(creating.length >= 5)
  for (const [what, lie] of [...creating, ['a sign-in', { type: 'webauthn.get' }] as const]) {
    const answer = makeSoftwareKey().create(await offer(dev, cookie), lie)
    const refused = await api(dev, cookie, 'POST /me/passkeys', { label: 'x', answer })
    assert.equal(refused.status, 400, what)
  }
  const key = makeSoftwareKey()
  const answer = key.create(await offer(dev, cookie))
  assert.equal((await api(dev, cookie, 'POST /me/passkeys', { label: 'x', answer })).status, 201)
  const again = await api(dev, cookie, 'POST /me/passkeys', { label: 'x', answer })
  assert.equal(again.status, 400, 'its challenge is used')
  const twice = key.create(await offer(dev, cookie))
  const known = await api(dev, cookie, 'POST /me/passkeys', { label: 'x', answer: twice })
  assert.equal(codeIn(known), 'exists')
})

void test('a question belongs to who asked, for what it was asked, for five minutes', async () => {
  await using dev = await openWithAnn()
  await userWithPassword(dev, 'bob')
  const cookie = await signedIn(dev)
  const bobs = await signedIn(dev, 'bob')
  const key = await add(dev, cookie)
  const bobsKey = await add(dev, bobs)

  const prove = (as: string, passkey: object) => api(dev, as, 'POST /me/proof', { passkey })
  const question = async (as: string) => optionsOf(await api(dev, as, 'POST /me/proof/options'))
  assert.equal((await prove(bobs, key.get(await question(bobs)))).status, 401, 'a key of ann')
  assert.equal((await prove(bobs, bobsKey.get(await question(cookie)))).status, 401)
  assert.equal((await prove(bobs, bobsKey.get(await ask(dev)))).status, 401)
  assert.equal((await enter(dev, key.get(await question(cookie)))).status, 401)
  assert.equal((await enter(dev, key.get(await offer(dev, cookie)))).status, 401)
  const answer = makeSoftwareKey().create(await offer(dev, cookie))
  const foreign = await api(dev, bobs, 'POST /me/passkeys', { label: 'x', answer })
  assert.equal(foreign.status, 400)
  const late = await ask(dev)
  dev.clock.advance(5 * 60_000)
  assert.equal((await enter(dev, key.get(late))).status, 401)
  assert.equal((await prove(bobs, bobsKey.get(await question(bobs)))).status, 204)
})

void test('no passkey lets a disabled account in, and nobody removes that of another', async () => {
  await using dev = await openWithAnn()
  await userWithPassword(dev, 'bob')
  const key = await add(dev, await signedIn(dev))
  const bobs = await signedIn(dev, 'bob')
  assert.equal((await api(dev, bobs, `DELETE /me/passkeys/${key.id}`)).status, 404)
  const renamed = await api(dev, bobs, `PATCH /me/passkeys/${key.id}`, { label: 'mine' })
  assert.equal(renamed.status, 404)
  const permit = dev.hub.policy.requireHub(dev.system)
  await dev.hub.identity.disableUser(dev.system, permit, 'ann')
  assert.equal((await enter(dev, key.get(await ask(dev)))).status, 401)
})

void test('the last way into an account stays', async () => {
  await using dev = await openWithAnn()
  const cookie = await signedIn(dev)
  const first = await add(dev, cookie)
  const second = await add(dev, cookie)
  await dev.house.db.tx(async (q) => {
    await q.deleteFrom('password').execute()
  })
  assert.equal((await api(dev, cookie, `DELETE /me/passkeys/${first.id}`)).status, 204)
  const last = await api(dev, cookie, `DELETE /me/passkeys/${second.id}`)
  assert.equal(codeIn(last), 'conflict')
  const next = 'eleven loud ferries'
  const set = await api(dev, cookie, 'PUT /me/password', { next })
  assert.equal(set.status, 204, set.text)
  const fresh = cookieIn(set)
  assert.equal((await api(dev, fresh, `DELETE /me/passkeys/${second.id}`)).status, 204)
})

void test('the questions of one address are bounded, and those of others are not', async () => {
  await using dev = await openWithAnn()
  for (let i = 0; i < 200; i += 1) await ask(dev)
  const refused = await api(dev, '', 'POST /sign-in/passkey/options')
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '300')
  const elsewhere = { ...dev.system, ip: '192.0.2.1' }
  await dev.hub.signin.askPasskey(elsewhere, 'http://localhost')
  dev.clock.advance(5 * 60_000)
  await ask(dev)
})
