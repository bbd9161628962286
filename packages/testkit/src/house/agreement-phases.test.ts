/** Lists of agreements by where they stand for the organisation, however many there are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import {
  begin,
  dayMs,
  managing,
  openTwoParties,
  toActive,
  toAgreed,
  wishOf,
} from './agreement-kit.ts'
import { clientOf } from './org-kit.ts'
import { beforeNextWrite } from './meanwhile.ts'

for (const engine of engineNames) {
  void test(`${engine}: each agreement is listed and counted where it stands`, async () => {
    const two = await openTwoParties(engine)
    const { dev } = two
    await using _ = dev
    const bare = await begin(two)
    const agreed = await toAgreed(two)
    const active = await toActive(two)
    const ann = clientOf(dev, await dev.token('ann', 'read'))
    const cem = clientOf(dev, await dev.token('cem', 'read'))
    const inPhase = async (client: typeof ann, org: string, phase: 'needs' | 'talk' | 'force') =>
      (await client.listAgreements({ org, phase })).items.map((one) => {
        assert.equal(one.phase, phase)
        return one.id
      })
    assert.deepEqual((await inPhase(ann, 'lab', 'needs')).toSorted(), [bare, agreed.id].toSorted())
    assert.deepEqual(await inPhase(ann, 'lab', 'force'), [active.id])
    assert.deepEqual(await inPhase(cem, 'clinic', 'needs'), [agreed.id], 'no draft of others')
    assert.deepEqual(await ann.countAgreements({ org: 'lab' }), {
      needs: 2,
      talk: 0,
      force: 1,
      ended: 0,
    })
    assert.deepEqual(await cem.countAgreements({ org: 'clinic' }), {
      needs: 1,
      talk: 0,
      force: 1,
      ended: 0,
    })
    await assert.rejects(cem.countAgreements({ org: 'lab' }), /permissions|Not found|not found/)

    // As a program left them that did not keep it.
    await dev.house.db.tx(async (q) => {
      await q.updateTable('agreement_party').set({ phase: null }).execute()
    })
    assert.deepEqual(await inPhase(ann, 'lab', 'force'), [])
    await dev.hub.agreements.tick(dev.system)
    assert.deepEqual(await inPhase(ann, 'lab', 'force'), [active.id])
  })
}

for (const engine of engineNames) {
  void test(`${engine}: what is said while it is worked out where an agreement stands is not undone`, async (t) => {
    const two = await openTwoParties(engine)
    const { dev, lab } = two
    await using _ = dev
    const { db } = dev.house
    const id = await begin(two)
    const forLab = await managing(dev, lab, 'lab')
    const what = await dev.hub.agreements.draft(lab, forLab, id, wishOf(dev))
    await db.tx(async (q) => {
      await q.updateTable('agreement_party').set({ phase: null }).execute()
    })
    await dev.house.settle()
    // Between the look at the agreement and what is written of it.
    const meanwhile = beforeNextWrite(t, dev, () =>
      dev.hub.agreements.propose(lab, forLab, id, what),
    )
    await dev.hub.agreements.tick(dev.system)
    meanwhile.happened()
    const counts = await dev.hub.agreements.agreementCounts(forLab)
    assert.deepEqual(counts, { needs: 0, talk: 1, force: 0, ended: 0 })
  })
}

void test('more than a page of them are worked out at one look', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const forLab = await managing(dev, lab, 'lab')
  const count = 201
  for (let i = 0; i < count; i += 1) await begin(two)
  await dev.house.db.tx(async (q) => {
    await q.updateTable('agreement_party').set({ phase: null }).execute()
  })
  await dev.hub.agreements.tick(dev.system)
  const { needs } = await dev.hub.agreements.agreementCounts(forLab)
  assert.equal(needs, count)
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  assert.equal((await ann.listWaiting()).agreements.length, 50, 'what waits is shown up to a limit')
})

for (const engine of engineNames) {
  void test(`${engine}: what waits for somebody, in whatever organisation`, async () => {
    const two = await openTwoParties(engine)
    const { dev } = two
    await using _ = dev
    const bare = await begin(two)
    dev.clock.advance(dayMs)
    const agreed = await toAgreed(two)
    const owed = {
      id: 'inform',
      name: 'inform',
      clause: '3',
      debtor: 'consumer',
      trigger: 'activation',
      within: 'P20D',
    } as const
    const late = { ...owed, id: 'late', within: 'P90D' }
    const terms = { ...wishOf(dev).terms, obligations: [owed, late] }
    const active = await toActive(two, { terms })
    const ann = clientOf(dev, await dev.token('ann', 'write'))
    const cem = clientOf(dev, await dev.token('cem', 'write'))
    const dora = clientOf(dev, await dev.user('dora'))

    const forAnn = await ann.listWaiting()
    assert.deepEqual(
      forAnn.agreements.map(({ id, org, others, may }) => [
        id,
        org,
        others,
        may.includes('signed'),
      ]),
      [
        [agreed.id, 'lab', ['clinic'], true],
        [bare, 'lab', ['clinic'], false],
      ],
    )
    assert.deepEqual(forAnn.duties, [])
    const forCem = await cem.listWaiting()
    assert.deepEqual(
      forCem.agreements.map(({ id }) => id),
      [agreed.id],
    )
    assert.deepEqual(
      forCem.duties.map(({ agreement, org, name, isToAnswer, isOverdue }) => [
        agreement,
        org,
        name,
        isToAnswer,
        isOverdue,
      ]),
      [[active.id, 'clinic', 'inform', false, false]],
      'what is due within a month',
    )
    assert.deepEqual(await dora.listWaiting(), { agreements: [], duties: [] })

    const [duty] = (await cem.listDuties({ org: 'clinic' })).items
    assert.ok(duty)
    const named = { org: 'clinic', id: active.id, duty: duty.id }
    await cem.fulfilDuty({ ...named, text: 'We wrote a letter.' })
    assert.deepEqual((await cem.listWaiting()).duties, [], 'it is the other side’s to answer')
    const answering = (await ann.listWaiting()).duties
    assert.deepEqual(
      answering.map(({ org, name, isToAnswer }) => [org, name, isToAnswer]),
      [['lab', 'inform', true]],
    )
    dev.clock.advance(200 * dayMs)
    await dev.hub.agreements.tick(dev.system)
    const overdue = (await cem.listWaiting()).duties
    assert.deepEqual(
      overdue.map(({ isOverdue }) => isOverdue),
      [true],
    )
  })
}
