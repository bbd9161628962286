/** What a client may get wrong in any call: answered by its reason on each engine, never by a fault of the hub. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'

const json = { 'content-type': 'application/json' }

/** One of each door. */
const zeroAddresses: readonly string[] = [
  '/lab/retina/resolve/ma%00in/config.json',
  '/api/models/l%00b/retina',
  '/api/models?search=%00',
  '/weighhouse/v1/orgs/l%00b/agreements',
  '/weighhouse/v1/orgs/lab/agreements?cursor=%00',
  '/weighhouse/v1/repos/model/l%00b/retina',
  '/scim/v2/orgs/l%00b/Users',
  '/login/sso/l%00b',
]

for (const engine of engineNames) {
  void test(`${engine}: texts that no store and no signature takes are refused with their place`, async () => {
    await using dev = await openDevHouse({ engine })
    const token = await dev.user('ann')
    await dev.org('lab', 'ann')
    await dev.org('clinic', 'ann')
    const ask = (path: string, body?: unknown) =>
      dev.ask(body === undefined ? 'GET' : 'POST', path, {
        token,
        ...(body === undefined ? {} : { headers: json, body: JSON.stringify(body) }),
      })
    const parties = [
      { name: 'lab', role: 'provider' },
      { name: 'clinic', role: 'consumer' },
    ]
    for (const title of ['a\u0000b', '\ud800', 'x\udc00']) {
      const body = { title, template: 'research', parties }
      const answer = await ask('/weighhouse/v1/orgs/lab/agreements', body)
      assert.equal(answer.status, 400, answer.text)
      assert.match(answer.text, /body\/title/)
    }
    // What only looks like one is a text as any other.
    for (const title of ['a 😀', '\\u0000', 'plain']) {
      const body = { title, template: 'research', parties }
      assert.equal((await ask('/weighhouse/v1/orgs/lab/agreements', body)).status, 201, title)
    }
    for (const path of zeroAddresses) {
      const { status, text } = await ask(path)
      assert.equal(status, path.includes('?') ? 400 : 404, `${path}: ${text}`)
    }
    const form = await dev.ask('POST', '/login', {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
      },
      body: 'name=a%00b&password=c',
    })
    assert.equal(form.status, 400, form.text)
  })
}

void test('what is no agreement is refused with its place: repos, dates, types of bodies', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.org('lab', 'ann')
  await dev.org('clinic', 'ann')
  const post = (path: string, body: string, type = 'application/json') =>
    dev.ask('POST', `/weighhouse/v1${path}`, { token, body, headers: { 'content-type': type } })
  const parties = [
    { name: 'lab', role: 'provider' },
    { name: 'clinic', role: 'consumer' },
  ]
  const plan = { title: 'Retina', template: 'research', parties }
  const made = await post('/orgs/lab/agreements', JSON.stringify(plan))
  // A cast because the call answers it so.
  const { id } = made.json() as { id: string }
  for (const wish of [{}, { repos: -1 }, { repos: [null] }, { repos: [[[]]] }, { repos: [{}] }]) {
    for (const act of ['draft', 'counter', 'what-if']) {
      const at = `/orgs/lab/agreements/${id}/${act}`
      const { status, text } = await post(at, JSON.stringify({ wish }))
      assert.equal(status, 400, `${act} ${JSON.stringify(wish)}: ${text}`)
      assert.match(text, /wish/)
    }
  }
  const named = { user: 'ann', title: 'Director', sides: ['provider'] }
  for (const to of [
    '2026-02-30T00:00:00Z',
    '2026-02-29T24:00:00Z',
    '2026-06-01T00:00',
    'Tue, 5 May 2026',
    '+275760-09-13T00:00:00Z',
  ]) {
    const { status, text } = await post('/orgs/lab/signatories', JSON.stringify({ ...named, to }))
    assert.equal(status, 400, `${to}: ${text}`)
    assert.match(text, /A date that exists is expected/)
  }
  const other = await post('/orgs/lab/agreements', '<x/>', 'application/xml')
  assert.equal(other.status, 400, other.text)
  assert.match(other.text, /application\/xml.*is not read here.*content-type: application\/json/)
})
