/** What somebody reads of an agreement who keeps to it and does not negotiate it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { heading, managing, openTwoParties, sign, toAgreed, wishOf } from './agreement-kit.ts'
import { grantTo, openScene } from './agreement-scene.ts'
import { clientOf } from './org-kit.ts'
import { beforeNextWrite } from './meanwhile.ts'

const restricted = {
  prohibitions: [
    {
      id: 'rail',
      clause: '2',
      action: 'use',
      constraints: [{ operand: 'purpose', operator: 'isAnyOf', value: ['RailMedicalAdvice'] }],
    },
  ],
} as const

for (const engine of engineNames) {
  void test(`${engine}: whom nobody has named learns of it and whom to ask; who is named reads the text`, async () => {
    const scene = await openScene(engine)
    const { dev, clinic, id, doctor } = scene
    await using _ = dev
    const dora = clientOf(dev, doctor)
    const named = { org: 'clinic', id }
    const before = await dora.getGivenAgreement(named)
    assert.deepEqual(
      [before.title, before.state, before.text, before.grants, before.administrators],
      ['Retina segmentation for research', 'active', null, [], ['cem', 'cia', 'clinic-third']],
    )
    assert.deepEqual(
      before.parties.map(({ name, role }) => [name, role]),
      [
        ['lab', 'provider'],
        ['clinic', 'consumer'],
      ],
    )
    const until = dev.clock.nowMs() + 30 * 86_400_000
    const grant = await grantTo(scene, { toMs: until })
    const after = await dora.getGivenAgreement(named)
    assert.deepEqual(after.grants, [
      {
        project: 'retina study',
        purposes: ['NonCommercialResearch'],
        environment: null,
        isForOneToken: false,
        to: new Date(until).toISOString(),
      },
    ])
    assert.match(after.text?.text ?? '', /"clauses":/)
    const { items, next } = await dora.listGivenAgreements({})
    assert.deepEqual([items.map((one) => [one.id, one.org]), next], [[[id, 'clinic']], null])
    assert.equal(items[0]?.grants.length, 1)

    await dev.hub.agreements.endGrant(clinic, await managing(dev, clinic, 'clinic'), id, grant.id)
    assert.equal(
      (await dora.getGivenAgreement(named)).text,
      null,
      'no longer named, no longer read',
    )
    await dev.hub.identity.removeMember(clinic, await heading(dev, clinic, 'clinic'), 'dora')
    await assert.rejects(dora.getGivenAgreement(named), /none of yours/)
    assert.deepEqual((await dora.listGivenAgreements({})).items, [])
  })
}

void test('to strangers, and to people of a party that only gives, there is nothing', async () => {
  const scene = await openScene()
  const { dev, id } = scene
  await using _ = dev
  await grantTo(scene, { to: { kind: 'org' } })
  const eve = clientOf(dev, await dev.user('eve'))
  await assert.rejects(eve.getGivenAgreement({ org: 'clinic', id }), /none of yours/)
  await assert.rejects(eve.getGivenAgreement({ org: 'lab', id }), /none of yours/)
  assert.deepEqual((await eve.listGivenAgreements({})).items, [])
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  await assert.rejects(ann.getGivenAgreement({ org: 'lab', id }), /none of yours/)
  await assert.rejects(ann.getGivenAgreement({ org: 'clinic', id }), /none of yours/)
})

void test('it is there once all have signed; who administers a party reads it without being named', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const { id, what } = await toAgreed(two)
  const cem = clientOf(dev, await dev.token('cem', 'write'))
  const named = { org: 'clinic', id }
  await assert.rejects(cem.getGivenAgreement(named), /none of yours/)
  await sign(two, 'ann', 'lab', id, what)
  await sign(two, 'cem', 'clinic', id, what)
  const { text, grants } = await cem.getGivenAgreement(named)
  assert.deepEqual([text?.sha256, grants], [what.sha256, []])
})

void test('restrictions are accepted as they were read, and again when they change', async () => {
  const scene = await openScene('sqlite', restricted)
  const { dev, id, doctor, read } = scene
  await using _ = dev
  await grantTo(scene, { purposes: [] })
  assert.match((await read()).message, /Accept the restrictions/)
  const dora = clientOf(dev, doctor)
  const named = { org: 'clinic', id }
  const { text, acceptedAt } = await dora.getGivenAgreement(named)
  assert.ok(text)
  assert.deepEqual([text.restrictions, acceptedAt], [['rail'], null])
  await assert.rejects(
    dora.acceptAgreement({ ...named, sha256: '0'.repeat(64) }),
    /Another text is in force than the one you have read: version 1/,
  )
  assert.match((await read()).message, /Accept the restrictions/)
  await dora.acceptAgreement({ ...named, sha256: text.sha256 })
  assert.notEqual((await dora.getGivenAgreement(named)).acceptedAt, null)
  assert.doesNotMatch((await read()).message, /Accept the restrictions/)
})

void test('what is accepted once is accepted, and said once', async () => {
  const scene = await openScene('sqlite', restricted)
  const { dev, id, doctor, clinic } = scene
  await using _ = dev
  const forClinic = await managing(dev, clinic, 'clinic')
  const seq = async () => (await dev.hub.agreements.agreement(forClinic, id)).folder.seq
  const dora = clientOf(dev, doctor)
  const before = await seq()
  await Promise.all([1, 2, 3].map(() => dora.acceptAgreement({ org: 'clinic', id })))
  await dora.acceptAgreement({ org: 'clinic', id })
  assert.equal(await seq(), before + 1)
})

for (const engine of engineNames) {
  void test(`${engine}: a text that is replaced while it is accepted is not accepted`, async (t) => {
    const scene = await openScene(engine, restricted)
    const { dev, id, doctor, lab, clinic } = scene
    await using _ = dev
    const { agreements } = dev.hub
    await grantTo(scene)
    const dora = clientOf(dev, doctor)
    const named = { org: 'clinic', id }
    const { text } = await dora.getGivenAgreement(named)
    assert.ok(text)
    const forLab = await managing(dev, lab, 'lab')
    const terms = { ...wishOf(dev).terms, ...restricted }
    const what = await agreements.draft(lab, forLab, id, wishOf(dev, { terms, noticeDays: 60 }))
    await agreements.propose(lab, forLab, id, what)
    await agreements.agree(clinic, await managing(dev, clinic, 'clinic'), id, what)
    await sign(scene, 'ann', 'lab', id, what)
    await dev.house.settle()
    // After the texts were compared, and before the acceptance is written.
    const meanwhile = beforeNextWrite(t, dev, () => sign(scene, 'cem', 'clinic', id, what))
    const accepting = dora.acceptAgreement({ ...named, sha256: text.sha256 })
    await assert.rejects(
      accepting,
      /Another text is in force than the one you have read: version 2/,
    )
    meanwhile.happened()
    assert.equal((await dora.getGivenAgreement(named)).acceptedAt, null)
  })
}

void test('the list goes on where it was cut', async () => {
  const scene = await openScene()
  const { dev, doctor, id: older } = scene
  await using _ = dev
  const { id, what } = await toAgreed(scene)
  await sign(scene, 'ann', 'lab', id, what)
  await sign(scene, 'cem', 'clinic', id, what)
  const dora = clientOf(dev, doctor)
  const one = await dora.listGivenAgreements({ limit: 1 })
  assert.ok(one.next)
  const two = await dora.listGivenAgreements({ limit: 1, cursor: one.next })
  assert.deepEqual(
    [...one.items, ...two.items].map((each) => each.id),
    [id, older].toSorted().toReversed(),
  )
  assert.equal(two.next, null)
  await assert.rejects(dora.listGivenAgreements({ cursor: 'nonsense' }), /was not given out/)
})
