/** Asking and deciding: forms, terms, lists, every transition, organisations. On both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { commit, file, header, sha256 } from './calls.ts'
import { answers, card, type GateWorld, openGateWorld } from './gate-kit.ts'

interface Item {
  readonly requestId: string
  readonly user: { readonly user: string; readonly type: string; readonly email?: string }
  readonly status: string
  readonly timestamp: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly grantedBy?: { readonly user: string }
}

const askPage = '/lab/gated/ask-access'
const own = '/weighhouse/v1/repos/model/lab/gated'
const missing = 'No access request found matching your criteria'

const ask = (world: GateWorld, who: string, body: object = answers) =>
  world.ask('POST', askPage, who, { body })

const listed = async (world: GateWorld, state: string, query = ''): Promise<Item[]> => {
  const answer = await world.api('GET', `/user-access-request/${state}${query}`, 'owner')
  assert.equal(answer.status, 200, answer.text)
  return answer.json() as Item[]
}

const names = (items: readonly Item[]): string[] => items.map(({ user }) => user.user)

const post = (world: GateWorld, call: string, body: object, who = 'owner') =>
  world.api('POST', `/user-access-request/${call}`, who, body)

const reads = async (world: GateWorld, who: string): Promise<boolean> =>
  (await world.ask('GET', '/lab/gated/resolve/main/a.txt', who)).status === 200

for (const engine of engineNames) {
  void test(`${engine}: asked, listed, decided, in every direction`, async () => {
    await using world = await openGateWorld('manual', engine)
    for (const state of ['pending', 'accepted', 'rejected']) {
      assert.deepEqual(await listed(world, state), [])
    }
    const first = (await ask(world, 'ann')).json() as { status: string; requestId: string }
    assert.equal(first.status, 'pending')
    const again = (await ask(world, 'ann', {})).json()
    assert.deepEqual(again, { ok: true, status: 'pending', requestId: first.requestId })
    const [item] = await listed(world, 'pending')
    assert.equal(item?.requestId, first.requestId)
    assert.equal(item?.user.user, 'ann')
    assert.equal(item?.user.type, 'user')
    assert.match(item?.timestamp ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    assert.deepEqual(item?.fields, { ...answers, Country: 'DE', Newsletter: false })
    const ways = ['accepted', 'rejected', 'accepted', 'pending', 'rejected', 'pending', 'accepted']
    for (const status of ways) {
      const done = await post(world, 'handle', { user: 'ann', status })
      assert.equal(done.status, 200, done.text)
      const twice = await post(world, 'handle', { requestId: first.requestId, status })
      assert.equal(twice.status, 404)
      assert.deepEqual(twice.json(), { error: missing })
      assert.deepEqual(names(await listed(world, status)), ['ann'])
      assert.equal(await reads(world, 'ann'), status === 'accepted')
    }
    assert.equal((await post(world, 'handle', { user: 'bob', status: 'accepted' })).status, 404)
    assert.equal((await post(world, 'handle', { user: 'nobody', status: 'accepted' })).status, 404)
    assert.equal((await post(world, 'handle', { user: 'ann', status: 'maybe' })).status, 400)
  })

  void test(`${engine}: pages, words, report`, async () => {
    await using world = await openGateWorld('manual', engine)
    for (let index = 10; index < 35; index += 1) {
      const name = `person${index}`
      world.dev.clock.advance(1_000)
      const body = answers
      const token = await world.dev.user(name)
      assert.equal((await world.dev.ask('POST', askPage, { token, body })).status, 200)
    }
    const seen: string[] = []
    let url: string | undefined = '/api/models/lab/gated/user-access-request/pending?limit=1'
    while (url !== undefined) {
      const page = await world.ask('GET', url, 'owner')
      seen.push(...names(page.json() as Item[]))
      const next: string | undefined = /<([^>]+)>; rel="next"/.exec(page.headers['link'] ?? '')?.[1]
      url = next === undefined ? undefined : next.replace(/^https?:\/\/[^/]+/, '')
    }
    const all = Array.from({ length: 25 }, (_, index) => `person${34 - index}`)
    assert.deepEqual(seen, all)
    const thirteenth = (await listed(world, 'pending'))[12]?.requestId ?? ''
    const newer = await listed(world, 'pending', `?limit=10&before=${thirteenth}`)
    assert.deepEqual(names(newer), all.slice(2, 12))
    assert.deepEqual(names(await listed(world, 'pending', '?q=PERSON2')), all.slice(5, 15))
    assert.deepEqual(await listed(world, 'pending', '?q=%25'), [])
    const bad = await world.api('GET', '/user-access-request/pending?after=x', 'owner')
    assert.equal(bad.status, 400)
    await post(world, 'handle', { user: 'person11', status: 'rejected' })
    const report = await world.ask('GET', '/lab/gated/user-access-report', 'owner')
    assert.match(report.headers['content-disposition'] ?? '', /^attachment; filename="[\w.-]+"$/)
    const rows = report.json() as Item[]
    assert.deepEqual(names(rows).toSorted(), all.toSorted())
    assert.equal(rows.filter(({ status }) => status === 'rejected').length, 1)
  })

  void test(`${engine}: given without being asked for`, async () => {
    await using world = await openGateWorld('manual', engine)
    const given = await post(world, 'grant', { user: 'bob' })
    assert.equal(given.status, 200)
    const [item] = await listed(world, 'accepted')
    assert.equal(item?.grantedBy?.user, 'owner')
    assert.equal(await reads(world, 'bob'), true)
    assert.equal((await post(world, 'grant', { user: 'bob' })).status, 400)
    assert.equal((await post(world, 'grant', { user: 'nobody' })).status, 404)
    assert.equal((await post(world, 'grant', { user: 'ann' }, 'ann')).status, 403)
    await ask(world, 'ann')
    const requests = [{ user: 'ann' }, { user: 'nobody' }, { user: 'bob' }]
    const done = await post(world, 'batch', { status: 'rejected', requests })
    const { ok, requests: handled } = done.json() as { ok: boolean; requests: object[] }
    assert.deepEqual([ok, handled.map((one) => 'error' in one)], [false, [false, true, false]])
    assert.deepEqual(names(await listed(world, 'rejected')).toSorted(), ['ann', 'bob'])
    await world.api('PUT', '/settings', 'owner', { gated: false })
    const open = await post(world, 'grant', { user: 'ann' })
    assert.equal(open.status, 400)
    assert.equal(open.headers['x-error-code'], 'RepoNotGated')
    assert.equal((await ask(world, 'member')).status, 400)
  })
}

void test('the form is checked, and says which field is wrong', async () => {
  await using world = await openGateWorld('auto')
  const wrong: Readonly<Record<string, unknown>> = {
    Company: ' ',
    Country: 'XX',
    Born: '2001-02-30',
    Use: 'Mischief',
    'I agree': 'no',
  }
  for (const [name, value] of Object.entries(wrong)) {
    const answer = await ask(world, 'ann', { ...answers, [name]: value })
    assert.equal(answer.status, 400, name)
    assert.ok(answer.text.includes(`"${name}"`), answer.text)
    const { [name]: _left, ...rest } = answers as Record<string, unknown>
    assert.equal((await ask(world, 'ann', rest)).status, 400, `without ${name}`)
  }
  const body = new URLSearchParams({ ...answers, 'I agree': 'on' }).toString()
  const sent = await world.ask('POST', askPage, 'ann', {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,*/*' },
  })
  assert.equal(sent.status, 303)
  assert.equal(sent.headers['location'], '/lab/gated')
  assert.equal(await reads(world, 'ann'), true)
  assert.equal((await world.ask('POST', askPage, undefined, { body: answers })).status, 401)
  assert.equal((await ask(world, 'reader')).status, 403, 'a read token agrees to nothing')
})

void test('whoever was rejected stays rejected, and cannot take that back', async () => {
  await using world = await openGateWorld('auto')
  assert.equal((await post(world, 'cancel', {}, 'ann')).status, 404)
  await ask(world, 'ann')
  await post(world, 'handle', { user: 'ann', status: 'rejected', rejectionReason: 'no' })
  const again = await ask(world, 'ann')
  assert.equal(again.status, 403)
  assert.equal(again.headers['x-error-code'], 'GatedRepo')
  assert.equal((await post(world, 'cancel', {}, 'ann')).status, 404)
  assert.deepEqual(names(await listed(world, 'rejected')), ['ann'])
  await ask(world, 'bob')
  assert.equal(await reads(world, 'bob'), true)
  assert.deepEqual((await post(world, 'cancel', {}, 'bob')).json(), { ok: true })
  assert.equal(await reads(world, 'bob'), false)
})

void test('only terms that are the terms now can be agreed to; what was agreed to is kept', async () => {
  await using world = await openGateWorld('manual')
  const read = async () =>
    (await world.api('GET', '/access-terms')).json() as {
      heading: string
      text: string
      sha256: string
      fields: { name: string; type: string; required: boolean }[]
    }
  const before = await read()
  assert.equal(before.heading, 'Please read')
  assert.equal(before.text, 'Please read\n\nYou agree to be kind.\n\nBe kind.')
  assert.equal(before.sha256, sha256(before.text))
  assert.deepEqual(
    before.fields.map(({ type }) => type),
    ['text', 'country', 'date_picker', 'select', 'checkbox', 'checkbox'],
  )
  const changed = card.replace('to be kind', 'to pay')
  const token = world.tokens['owner'] ?? ''
  await commit(world.dev, 'lab/gated', [header(), file('README.md', changed)], { token })
  const late = await ask(world, 'ann', { ...answers, terms_sha256: before.sha256 })
  assert.equal(late.status, 409)
  const now = await read()
  const intime = await ask(world, 'ann', { ...answers, terms_sha256: now.sha256 })
  assert.equal(intime.status, 200, intime.text)
  const { requestId } = intime.json() as { requestId: string }
  await commit(world.dev, 'lab/gated', [header(), file('README.md', card)], { token })
  const kept = await world.ask('GET', `${own}/access-requests/${requestId}/terms`, 'owner')
  assert.deepEqual(kept.json(), { text: now.text })
})

void test('an organisation is let in with everybody in it', async () => {
  await using world = await openGateWorld('manual')
  const { dev } = world
  await dev.org('acme', 'ann')
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'acme')
  await dev.hub.identity.addMember(dev.system, permit, 'bob', 'read')
  await dev.hub.identity.createService(dev.system, permit, 'robot')
  const robot = { token: await dev.token('robot', 'read') }
  const body = { organization: 'acme', fields: answers }
  const url = `${own}/access-requests`
  assert.equal((await world.ask('POST', url, 'bob', { body })).status, 403)
  const asked = await world.ask('POST', url, 'ann', { body })
  assert.equal(asked.status, 201, asked.text)
  const [item] = await listed(world, 'pending')
  assert.deepEqual([item?.user.user, item?.user.type], ['acme', 'org'])
  assert.equal(await reads(world, 'bob'), false)
  const expiresAt = new Date(dev.clock.nowMs() + 60_000).toISOString()
  const decided = await world.ask('PATCH', `${url}/${item?.requestId}`, 'owner', {
    body: { state: 'accepted', expiresAt },
  })
  assert.equal((decided.json() as { expiresAt: string }).expiresAt, expiresAt)
  assert.equal(await reads(world, 'bob'), true)
  const secret = '/lab/gated/resolve/main/a.txt'
  assert.equal((await dev.ask('GET', secret, robot)).status, 200, 'a service account')
  dev.clock.advance(60_000)
  assert.equal((await dev.ask('GET', secret, robot)).status, 403)
  assert.equal(await reads(world, 'bob'), false)
  assert.deepEqual(await listed(world, 'accepted'), [])
})

void test('managing is for those who may write, and every change is an event', async () => {
  await using world = await openGateWorld('auto')
  for (const who of [undefined, 'ann', 'member', 'reader']) {
    for (const call of ['/user-access-request/pending', '/user-access-request/accepted']) {
      assert.equal((await world.api('GET', call, who)).status, who === undefined ? 401 : 403)
    }
    const report = await world.ask('GET', '/lab/gated/user-access-report', who)
    assert.equal(report.status, who === undefined ? 401 : 403)
  }
  await ask(world, 'ann')
  await post(world, 'handle', { user: 'ann', status: 'rejected' }, 'writer')
  const rows = await world.dev.house.db.read
    .selectFrom('event')
    .select('name')
    .where('name', 'in', ['gate_changed', 'access_requested', 'access_decided'])
    .orderBy('seq')
    .execute()
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['gate_changed', 'access_requested', 'access_decided'],
  )
})
