/** Changes as identity providers send them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeRandom, type Random } from '@weighhouse/testkit/random.ts'
import type { Json } from './attributes.ts'
import { parsePatch, patched } from './patch.ts'
import { urns } from './schemas.ts'

const bjensen = {
  userName: 'bjensen',
  active: true,
  name: { familyName: "O'Malley" },
  emails: [
    { type: 'work', value: 'b@example.com', primary: true },
    { type: 'home', value: 'b@example.net' },
  ],
  meta: { lastModified: '2011-05-13T04:42:34Z' },
}

const changed = (resource: Json, operations: readonly object[]): Json =>
  patched(resource, parsePatch({ schemas: [urns.patch], Operations: operations }))

const group = { displayName: 'blue', members: [{ value: 'a' }, { value: 'b' }] }

void test('changes: members come and go in every spelling in use', () => {
  const ids = (operations: readonly object[]): unknown =>
    (changed(group, operations)['members'] as { value: string }[] | undefined)?.map((m) => m.value)
  assert.deepEqual(ids([{ op: 'add', path: 'members', value: [{ value: 'c' }, { value: 'a' }] }]), [
    'a',
    'b',
    'c',
  ])
  assert.deepEqual(ids([{ op: 'Add', path: 'members', value: { value: 'c' } }]), ['a', 'b', 'c'])
  assert.deepEqual(ids([{ op: 'remove', path: 'members[value eq "a"]' }]), ['b'])
  assert.deepEqual(ids([{ op: 'Remove', path: 'members', value: [{ value: 'b' }] }]), ['a'])
  assert.equal(ids([{ op: 'remove', path: 'members' }]), undefined)
  assert.deepEqual(ids([{ op: 'replace', path: 'members', value: [{ value: 'z' }] }]), ['z'])
  assert.deepEqual(ids([{ op: 'replace', value: { members: [{ value: 'z' }] } }]), ['z'])
  assert.deepEqual(group.members, [{ value: 'a' }, { value: 'b' }], 'the original stays')
})

void test('changes: attributes, with and without a path', () => {
  const off = changed(bjensen, [{ op: 'Replace', path: 'active', value: 'False' }])
  assert.equal(off['active'], 'False')
  const named = changed(bjensen, [
    { op: 'replace', value: { 'name.familyName': 'Day', active: false } },
  ])
  assert.deepEqual(named['name'], { familyName: 'Day' })
  assert.equal(named['active'], false)
  const mail = changed(bjensen, [
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'n@x.org' },
  ])
  assert.equal((mail['emails'] as { value: string }[])[0]?.value, 'n@x.org')
  const fax = changed({}, [{ op: 'add', path: 'emails[type eq "work"].value', value: 'n@x.org' }])
  assert.deepEqual(fax['emails'], [{ type: 'work', value: 'n@x.org' }])
})

void test('changes that make no sense are refused, and none reaches the machinery of objects', () => {
  for (const operation of [
    { op: 'destroy', path: 'active' },
    { op: 'remove' },
    { op: 'replace', value: 'x' },
    { op: 'replace', path: 'a b', value: 1 },
    { op: 'add', path: '__proto__', value: { polluted: true } },
    { op: 'add', value: JSON.parse('{"__proto__": {"polluted": true}}') as object },
    { op: 'replace', path: 'emails[type eq "fax"]', value: {} },
  ]) {
    assert.throws(
      () => changed(bjensen, [operation]),
      { code: 'invalid' },
      JSON.stringify(operation),
    )
  }
  assert.equal(({} as { polluted?: boolean }).polluted, undefined)
})

void test('changes: the extension, named in each way in use', () => {
  const urn = urns.enterprise
  const one = changed({}, [{ op: 'add', path: `${urn}:department`, value: 'Tour' }])
  assert.deepEqual(one, { [urn]: { department: 'Tour' } })
  const two = changed(one, [{ op: 'Add', value: { [`${urn}:division`]: 'Theme Park' } }])
  assert.deepEqual(two[urn], { department: 'Tour', division: 'Theme Park' })
  const three = changed(two, [{ op: 'replace', value: { [urn]: { division: 'Studio' } } }])
  assert.deepEqual(three[urn], { department: 'Tour', division: 'Studio' })
  assert.deepEqual(changed(one, [{ op: 'remove', path: `${urn}:department` }]), {})
  assert.deepEqual(changed(three, [{ op: 'remove', path: urn }]), {})
  const core = changed(bjensen, [{ op: 'replace', path: `${urns.user}:userName`, value: 'b' }])
  assert.equal(core['userName'], 'b')
  assert.deepEqual(
    changed({ a: 1 }, [{ op: 'add', path: 'urn:example:x:2.0:User:y', value: 1 }]),
    { a: 1 },
    'what is not kept changes nothing',
  )
})

void test('changes: a new primary address is the only one', () => {
  const value = [{ type: 'home', value: 'b@example.net', primary: true }]
  const { emails } = changed(bjensen, [{ op: 'add', path: 'emails', value }])
  assert.deepEqual(emails, [
    { type: 'work', value: 'b@example.com', primary: false },
    { type: 'home', value: 'b@example.net', primary: true },
  ])
})

void test('changes: many on a long list are refused before any is made', () => {
  const members = Array.from({ length: 10_000 }, (_, number) => ({ value: String(number) }))
  const one = (number: number) => ({ op: 'remove', path: `members[value eq "${number}"]` })
  const some = Array.from({ length: 100 }, (_, number) => one(number))
  assert.equal((changed({ members }, some)['members'] as object[]).length, 9_900)
  assert.throws(() => changed({ members }, [...some, one(100)]), { code: 'invalid' })
  const value = { members: members.map(({ value: id }) => ({ value: `x${id}` })) }
  const adds = Array.from({ length: 100 }, () => ({ op: 'add', value }))
  assert.throws(() => changed({}, adds), { code: 'invalid' })
  const asks = Array.from({ length: 6 }, () => 'value pr').join(' and ')
  assert.throws(() => changed({ members }, [{ op: 'remove', path: `members[${asks}]` }]), {
    code: 'invalid',
  })
})

const names = ['title', 'active', 'emails', 'name', 'userName', 'x'] as const

const randomValue = (random: Random, depth = 0): unknown => {
  switch (random.below(depth > 2 ? 4 : 7)) {
    case 0:
      return random.below(2) === 0
    case 1:
      return ['', 'a', 'False', '__proto__', '1e999'][random.below(5)]
    case 2:
      return Number.MAX_VALUE
    case 3:
      return null
    case 4:
      return Array.from({ length: random.below(3) }, () => randomValue(random, depth + 1))
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [
          random.pick([...names, 'value', 'type', 'primary']),
          randomValue(random, depth + 1),
        ]),
      )
  }
}

const randomOperation = (random: Random): object => {
  const name = random.pick(names)
  const path = random.pick([
    name,
    name.toUpperCase(),
    `${name}.value`,
    `${name}[type eq "a"]`,
    `${name}[type eq "a"].value`,
    `${urns.enterprise}:${name}`,
  ])
  const op = random.pick(['add', 'Replace', 'remove', 'Remove'])
  const value = randomValue(random)
  return { op, ...(random.below(4) === 0 ? {} : { path }), value }
}

const attempt = (work: () => Json): Json | string => {
  try {
    return work()
  } catch (error) {
    // Refusals are answers; anything else is a fault.
    assert.ok(error instanceof Error && 'code' in error && error.code === 'invalid', String(error))
    return error.message
  }
}

void test('changes of anything to anything: answered, the same again, and the original stays', () => {
  for (let seed = 1; seed <= 3_000; seed += 1) {
    const random = makeRandom(seed)
    const resource = Object.fromEntries(names.map((name) => [name, randomValue(random)]))
    const before = structuredClone(resource)
    const operations = Array.from({ length: 1 + random.below(4) }, () => randomOperation(random))
    const first = attempt(() => changed(resource, operations))
    assert.deepEqual(resource, before, `seed ${seed}`)
    assert.deepEqual(
      attempt(() => changed(resource, operations)),
      first,
      `seed ${seed}`,
    )
    if (typeof first === 'string') continue
    // One by one is the same as all at once.
    let step: Json = resource
    for (const operation of operations) step = changed(step, [operation])
    assert.deepEqual(step, first, `seed ${seed}`)
    assert.equal(Object.getPrototypeOf(first), Object.prototype)
  }
  assert.equal(({} as { value?: unknown }).value, undefined)
})

void test('what is set is there, and what is removed is gone', () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const random = makeRandom(seed)
    const resource = Object.fromEntries(names.map((name) => [name, randomValue(random)]))
    const name = random.pick(names)
    const value = random.pick(['x', true, 7])
    const set = changed(resource, [{ op: 'replace', path: name, value }])
    assert.equal(set[name], value)
    assert.equal(name in changed(set, [{ op: 'remove', path: name }]), false)
    const others = names.filter((one) => one !== name)
    for (const other of others) assert.deepEqual(set[other], resource[other])
  }
})
