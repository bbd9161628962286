/** What administrators of the hub see and do by the API, and that nobody else does; and the inbox of requests. On both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { commit, file, header } from './calls.ts'
import { answers, openGateWorld } from './gate-kit.ts'
import { clientOf, refusedWith } from './org-kit.ts'

for (const engine of engineNames) {
  void test(`${engine}: people are made, get a link, and are shut out`, async () => {
    await using dev = await openDevHouse({ engine })
    const root = clientOf(dev, await dev.user('root-admin', { admin: true }))
    const made = await root.createUser({ name: 'Bea', email: 'bea@clinic.example' })
    assert.equal(made.name, 'Bea')
    assert.equal(made.isAdmin, false)
    const { url } = await root.offerRecovery({ name: 'bea' })
    const page = await dev.ask('GET', new URL(url).pathname)
    assert.match(page.text, /For <strong>Bea<\/strong>/)
    await root.disableUser({ name: 'bea' })
    const { items } = await root.listUsers({})
    assert.equal(items.find(({ name }) => name === 'Bea')?.isDisabled, true)
    await refusedWith(root.disableUser({ name: 'nobody' }), 404, 'account_not_found')
  })

  void test(`${engine}: storage, holds, health, and a queue with a job that failed`, async () => {
    await using dev = await openDevHouse({ engine })
    const ann = await dev.user('ann')
    const root = clientOf(dev, await dev.user('root-admin', { admin: true }))
    await dev.org('lab', 'ann')
    await dev.repo('lab/m')
    await commit(dev, 'lab/m', [header(), file('config.json', '{}')], { token: ann })
    const weight = await root.weighHub()
    assert.deepEqual(
      weight.repos.map(({ path }) => path),
      ['lab/m'],
    )
    assert.equal(weight.unneededBytes, 0)

    assert.deepEqual((await root.listHolds({})).items, [])
    const at = { type: 'model', ns: 'lab', name: 'm' }
    await root.setHold({ ...at, kind: 'legal_hold', reason: 'Order 12' })
    assert.deepEqual((await root.listHolds({})).items, [
      { type: 'model', path: 'lab/m', kind: 'legal_hold' },
    ])

    let isWell = false
    dev.hub.jobs.handle('fragile', () =>
      isWell ? Promise.resolve() : Promise.reject(new Error('the wire is cut')),
    )
    const job = { kind: 'fragile', workKey: 'fragile', payload: { secret: 'of a hidden repo' } }
    await dev.house.db.tx((q, after) => dev.hub.jobs.enqueue({ q, after }, job))
    for (let times = 0; times < limits.jobAttemptsMax; times += 1) {
      await dev.hub.jobs.settle()
      dev.clock.advance(86_400_000)
    }
    const parked = (await root.listJobs()).items.find(({ kind }) => kind === 'fragile')
    assert.equal(parked?.state, 'parked')
    assert.match(parked.lastError ?? '', /the wire is cut/)
    assert.ok(!JSON.stringify(parked).includes('hidden'), 'payloads stay here')
    isWell = true
    await root.retryJob({ id: parked.id })
    await refusedWith(root.retryJob({ id: parked.id }), 404, 'entry_not_found')
    await dev.hub.jobs.settle()
    await dev.house.settle()
    const trail = (await root.listTrail({ act: 'job_retried' })).items
    assert.deepEqual(
      trail.map(({ actor, details }) => [actor.name, details]),
      [['root-admin', { jobId: parked.id, kind: 'fragile' }]],
      'who let it run again is written down, once',
    )
    const after = (await root.listJobs()).items
    assert.ok(!after.some(({ kind }) => kind === 'fragile'))

    const health = await root.getHealth()
    assert.equal(health.isReady, true)
    assert.equal(health.database, engine === 'sqlite' ? 'sqlite' : 'postgres')
  })

  void test(`${engine}: requests are seen by those who decide and by who asked`, async () => {
    await using world = await openGateWorld('manual', engine)
    const { dev, tokens } = world
    const as = (who: string) => clientOf(dev, tokens[who])
    const at = { type: 'model', ns: 'lab', name: 'gated' }
    const asked = await as('ann').askAccess({ ...at, fields: answers })
    const [mine] = (await as('ann').listMyAccess({})).items
    assert.equal(mine?.id, asked.id)
    assert.deepEqual(mine.repo, { type: 'model', path: 'lab/gated' })
    const [waiting] = (await as('owner').listAccessToDecide({})).items
    assert.equal(waiting?.id, asked.id)
    assert.deepEqual((await as('ann').listAccessToDecide({})).items, [], 'who asks decides nothing')
    assert.deepEqual((await as('member').listAccessToDecide({})).items, [], 'nor who only reads')
    assert.equal((await as('writer').listAccessToDecide({})).items.length, 1)
    await as('owner').decideAccess({ ...at, id: asked.id, state: 'rejected', reason: 'Not now' })
    assert.deepEqual((await as('owner').listAccessToDecide({})).items, [])
    assert.equal((await as('ann').listMyAccess({})).items[0]?.reason, 'Not now')
    await as('owner').changeRepo({ ...at, visibility: 'private' })
    assert.deepEqual((await as('ann').listMyAccess({})).items, [], 'hidden stays hidden')
  })
}

void test('nobody else is let in', async () => {
  await using dev = await openDevHouse()
  const ann = clientOf(dev, await dev.user('ann'))
  const calls = [
    () => ann.createUser({ name: 'eve' }),
    () => ann.disableUser({ name: 'ann' }),
    () => ann.offerRecovery({ name: 'ann' }),
    () => ann.weighHub(),
    () => ann.listJobs(),
    () => ann.retryJob({ id: 'x' }),
    () => ann.listHolds({}),
    () => ann.getHealth(),
  ]
  for (const call of calls) await refusedWith(call(), 403, 'permission_denied')
})
