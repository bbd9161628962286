/** URL prefixes: none taken twice, none that an account could stand in, every route below one that is listed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mounts, reservedNames } from '@weighhouse/server/doors/mounts.ts'
import { openDevHouse } from '../dev-house.ts'

void test('each prefix is listed once', () => {
  const segments = mounts.map(({ segment }) => segment)
  assert.equal(new Set(segments).size, segments.length)
})

void test('every route begins with a listed prefix or an owner', async () => {
  await using dev = await openDevHouse()
  await dev.server.app.ready()
  const printed = dev.server.app.printRoutes({ commonPrefix: false })
  const first = [...printed.matchAll(/^[│ ] {3}[├└]── ([^/\s(]*)/gm)].map(
    ([, segment = '']) => segment,
  )
  const known = new Set<string>(mounts.map(({ segment }) => segment))
  const own = new Set(['', '*', 'favicon.ico'])
  const strangers = first.filter((one) => !known.has(one) && !own.has(one) && !one.startsWith(':'))
  assert.deepEqual(strangers, [])
  assert.ok(first.length > 5, printed)
})

void test('no account takes a reserved name, in any letter case', async () => {
  await using dev = await openDevHouse()
  const permit = dev.hub.policy.requireHub(dev.system)
  for (const name of reservedNames) {
    if (!/^[a-z0-9-]{2,42}$/.test(name)) continue
    for (const one of [name, name.toUpperCase()]) {
      await assert.rejects(
        dev.hub.identity.createUser(dev.system, permit, { name: one }),
        /reserved|taken|used/i,
      )
    }
  }
})

void test('accounts share one namespace, in any letter case', async () => {
  await using dev = await openDevHouse()
  await dev.user('Ann')
  await assert.rejects(dev.user('ann'), { code: 'exists' })
  await assert.rejects(dev.org('ANN', 'Ann'), { code: 'exists' })
  for (const bad of [
    'a',
    '-ann',
    'ann-',
    'an n',
    'ann/b',
    '../x',
    '1234',
    'ä'.repeat(4),
    'x'.repeat(43),
  ]) {
    await assert.rejects(dev.user(bad), { code: 'invalid' }, bad)
  }
})
