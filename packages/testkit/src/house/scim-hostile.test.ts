/** What no directory sends: every answer is a refusal of SCIM’s own, none a fault, and none takes long. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { makeRandom, type Random } from '../random.ts'
import { jsonOf, openWithDirectory } from './scim-kit.ts'

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** Values where others are expected. */
const wrongValues: readonly unknown[] = [
  0,
  -1,
  1e308,
  true,
  null,
  '',
  'x'.repeat(100_000),
  [],
  [[[]]],
  {},
  { value: {} },
  [{ value: 1 }],
  JSON.parse('{"__proto__": {"active": true}}'),
  JSON.parse('{"constructor": {"prototype": {"x": 1}}}'),
]

void test('wrong types everywhere: refused with a reason, or taken without harm', async () => {
  await using opened = await openWithDirectory()
  const { scim } = opened
  const id = await scim.add('ida')
  const group = String((await scim.must(201, 'POST', '/Groups', { displayName: 'G' }))['id'])
  const names = [
    'userName',
    'active',
    'name',
    'emails',
    'roles',
    'externalId',
    'displayName',
    'members',
    'schemas',
    'Operations',
    '__proto__',
  ]
  const look = async (method: string, path: string, body: unknown): Promise<void> => {
    const answer = await scim.call(method, path, body)
    assert.ok(answer.status < 500, `${method} ${path} ${JSON.stringify(body).slice(0, 200)}`)
    if (answer.status < 400) return
    const refusal = jsonOf(answer)
    assert.equal(refusal['status'], String(answer.status))
    assert.equal(typeof refusal['detail'], 'string')
    assert.ok(String(refusal['detail']).length < 2_000)
  }
  for (const name of names) {
    for (const value of wrongValues) {
      const member = JSON.parse(`{"${name}": ${JSON.stringify(value)}}`) as object
      await look('POST', '/Groups', { displayName: 'H', ...member })
      await look('PUT', `/Users/${id}`, { userName: 'ida', ...member })
      await look('PUT', `/Groups/${group}`, { displayName: 'G', ...member })
      for (const op of ['add', 'remove']) {
        const operations = [
          { op, path: name, value },
          op === 'add' ? { op, value: member } : { op, path: `${name}[type eq "a"].type`, value },
        ]
        for (const operation of operations) {
          await look('PATCH', `/Users/${id}`, { Operations: [operation] })
        }
      }
    }
  }
  for (const value of wrongValues) {
    await look('POST', '/Users', value)
    await look('PATCH', `/Users/${id}`, { Operations: value })
    await look('PATCH', `/Users/${id}`, { Operations: [value] })
    await look('POST', '/Users/.search', { filter: value, count: value, attributes: value })
  }
  assert.equal(({} as { active?: unknown }).active, undefined)
  await scim.must(200, 'GET', `/Users/${id}`)
})

for (const engine of engineNames)
  void test(`${engine}: bounds: bodies, operations, nesting, members, filters, names`, async () => {
    await using opened = await openWithDirectory(engine)
    const { scim, dev } = opened
    const id = await scim.add('ida')
    const at = `/Users/${id}`
    const operation = { op: 'add', path: 'emails', value: [{ value: 'a@b.c' }] }
    const many = { Operations: Array.from({ length: 10_000 }, () => operation) }
    assert.equal((await scim.must(400, 'PATCH', at, many))['scimType'], 'invalidSyntax')
    await scim.must(200, 'PATCH', at, { Operations: many.Operations.slice(0, 1_000) })
    const large = { userName: 'jan', title: 'x'.repeat(8 * 1024 * 1024) }
    assert.equal((await scim.call('POST', '/Users', large)).status, 413)
    await scim.must(400, 'POST', '/Users', `{"userName": ${nested(100_000)}}`)
    await scim.must(400, 'POST', '/Users', `{"userName": "x", "emails": ${nested(20)}}`)
    await scim.must(400, 'POST', '/Users', '{"userName": ')
    await scim.must(400, 'POST', '/Users', 'null')
    const emails = Array.from({ length: 101 }, (_, number) => ({ value: `${number}@b.c` }))
    await scim.must(400, 'POST', '/Users', { userName: 'jan', emails })
    const long = Array.from({ length: 30 }, (_, number) => ({
      value: `${number}${'x'.repeat(1_000)}`,
      display: 'y'.repeat(1_000),
    }))
    await scim.must(413, 'POST', '/Users', { userName: 'jan', emails: long })
    await scim.must(400, 'POST', '/Users', { userName: 'x'.repeat(257) })
    await scim.must(400, 'POST', '/Groups', {
      displayName: 'x',
      members: Array.from({ length: 10_001 }, (_, number) => ({ value: String(number) })),
    })
    await scim.must(413, 'POST', '/Groups', {
      displayName: 'x',
      members: Array.from({ length: 2_001 }, (_, number) => ({
        value: number.toString(16).padStart(24, '0'),
      })),
    })
    await scim.must(400, 'POST', '/Groups', {
      displayName: 'x',
      members: [{ value: 'x', type: 'Group' }],
    })
    const filters = [
      `${'('.repeat(30)}id pr${')'.repeat(30)}`,
      `${'not ('.repeat(30)}id pr${')'.repeat(30)}`,
      Array.from({ length: 100 }, () => 'id pr').join(' or '),
      `id eq "${'x'.repeat(4_096)}"`,
      'id eq "\\u12"',
      'a['.repeat(500),
    ]
    for (const filter of filters) {
      const path = `/Users?filter=${encodeURIComponent(filter)}`
      assert.equal((await scim.must(400, 'GET', path))['scimType'], 'invalidFilter', filter)
    }
    await scim.must(400, 'GET', '/Users?startIndex=1e999')
    await scim.must(400, 'GET', '/Users?count=ten')
    await scim.must(400, 'GET', `/Users?attributes=${Array(300).fill('id').join(',')}`)
    await scim.must(404, 'GET', `/Users/${'x'.repeat(2_000)}`)
    await scim.must(404, 'GET', '/Users/__proto__')
    // A zero, which Postgres keeps in no text, and half of a character.
    for (const text of ['a\\u0000b', 'a\\ud800']) {
      await scim.must(400, 'POST', '/Users', `{"userName": "${text}"}`)
      await scim.must(400, 'POST', '/Groups', `{"displayName": "${text}"}`)
      await scim.must(400, 'GET', `/Users?filter=${encodeURIComponent(`userName eq "${text}"`)}`)
    }
    for (const path of ['/Users/%00', '/Groups/%00']) await scim.must(404, 'GET', path)
    const members = [{ value: 'x\0' }]
    await scim.must(400, 'POST', '/Groups', { displayName: 'x', members })
    assert.equal((await dev.ask('GET', '/healthz')).status, 200)
  })

const randomText = (random: Random): string =>
  Array.from({ length: random.below(12) }, () =>
    random.pick([
      '(',
      ')',
      '[',
      ']',
      ' eq ',
      ' and ',
      ' not ',
      '"a"',
      'id',
      '.',
      '"',
      '\\',
      'pr',
      '1',
      'é',
    ]),
  ).join('')

void test('random filters and paths are answered', async () => {
  await using opened = await openWithDirectory()
  const { scim } = opened
  const at = `/Users/${await scim.add('ida')}`
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = makeRandom(seed)
    const filter = randomText(random)
    const listed = await scim.call('GET', `/Users?filter=${encodeURIComponent(filter)}`)
    assert.ok([200, 400].includes(listed.status), `seed ${seed}: ${filter} ${listed.text}`)
    const operation = { op: 'replace', path: randomText(random), value: randomText(random) }
    const changed = await scim.call('PATCH', at, { Operations: [operation] })
    assert.ok(
      [200, 400].includes(changed.status),
      `seed ${seed}: ${operation.path} ${changed.text}`,
    )
  }
})
