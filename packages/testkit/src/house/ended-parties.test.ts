/** An organisation that ends: not while it is bound or owes something; then with everything that was only talked about. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HubError } from '@weighhouse/server/core/kernel/errors.ts'
import { engineNames } from '../engines.ts'
import {
  begin,
  bySession,
  heading,
  iso,
  managing,
  openTwoParties,
  sign,
  toActive,
  toAgreed,
  wishOf,
} from './agreement-kit.ts'
import { refused } from './org-kit.ts'

const open = async (engine: 'sqlite' | 'postgres' = 'sqlite') => {
  const two = await openTwoParties(engine)
  const { dev, clinic } = two
  const end = async () =>
    dev.hub.organisations.deleteOrg(clinic, await heading(dev, clinic, 'clinic'))
  const bound = (said: RegExp) =>
    assert.rejects(end(), (error: HubError) => {
      assert.equal(`${error.code} ${String(error.details['reason'])}`, 'conflict agreements_bind')
      assert.match(error.message, said)
      return true
    })
  return { two, dev, end, bound }
}

for (const engine of engineNames) {
  void test(`${engine}: bound, then in debt, then free to end; what was talked about falls`, async () => {
    const { two, dev, end, bound } = await open(engine)
    await using _ = dev
    const { agreements } = dev.hub
    const { id, forLab, forClinic } = await toActive(two)
    const talk = await begin(two)
    const what = await agreements.draft(two.lab, forLab, talk, wishOf(dev))
    await agreements.propose(two.lab, forLab, talk, what)
    await bound(/^clinic is bound by "Retina segmentation for research"\. End each/)
    await agreements.terminate(two.lab, forLab, id, 'Breach.', { cause: true })
    await bound(/it is over, and clinic owes something yet/)
    await agreements.tick(dev.system)
    await bound(/it is over, and clinic owes something yet/)
    const [duty] = await agreements.duties(forLab, id, { after: '', limit: 10 })
    assert.ok(duty)
    const name = { agreement: id, duty: duty.id }
    await agreements.fulfil(two.clinic, forClinic, name, { text: 'All copies are gone.' })
    await bound(/owes something yet/)
    await agreements.acceptEvidence(two.lab, forLab, name)
    await end()
    await dev.house.settle()
    const left = await agreements.agreement(forLab, talk)
    assert.equal(left.state, 'rejected')
    const page = { after: 0, limit: 100 }
    const last = (await agreements.statements(forLab, talk, page)).at(-1)
    const { payload } = JSON.parse(last?.envelope ?? '{}') as { payload: string }
    assert.match(Buffer.from(payload, 'base64').toString(), /clinic has ended/)
    await refused(agreements.draft(two.lab, forLab, talk, wishOf(dev)), 'conflict')
    await refused(begin(two), 'account_not_found')
    await refused(
      bySession(dev, 'cem').then((cem) => managing(dev, cem, 'clinic')),
      'permission_denied',
    )
  })

  void test(`${engine}: one that ends while the last one signs is bound, or the signature is refused`, async () => {
    const { two, dev, end } = await open(engine)
    await using _ = dev
    const { id, what, forLab } = await toAgreed(two)
    await sign(two, 'cem', 'clinic', id, what)
    const ann = await bySession(dev, 'ann')
    const own = dev.hub.policy.requireOwnAccount(ann)
    const wish = { ...what, orgName: 'lab' }
    const [signed, ended] = await Promise.allSettled([
      dev.hub.agreements.sign(ann, own, id, wish),
      end(),
    ])
    assert.notEqual(signed.status, ended.status, 'one of both')
    const { state } = await dev.hub.agreements.agreement(forLab, id)
    assert.equal(state === 'scheduled', signed.status === 'fulfilled')
  })
}

void test('what is signed by one side alone binds nobody, and cannot be signed once the other has ended', async () => {
  const { two, dev, end } = await open()
  await using _ = dev
  const { id, what } = await toAgreed(two, { to: iso(dev.clock.nowMs() + 1e9) })
  await sign(two, 'cem', 'clinic', id, what)
  await end()
  await assert.rejects(sign(two, 'ann', 'lab', id, what), /clinic has ended/)
})

void test('a draft is not put on the table with a party that has ended since it was written', async () => {
  const { two, dev, end } = await open()
  await using _ = dev
  const { agreements } = dev.hub
  const forLab = await managing(dev, two.lab, 'lab')
  const id = await begin(two)
  const what = await agreements.draft(two.lab, forLab, id, wishOf(dev))
  await end()
  await dev.house.settle()
  await assert.rejects(agreements.propose(two.lab, forLab, id, what), /clinic has ended/)
  assert.equal((await agreements.agreement(forLab, id)).state, 'draft')
  await agreements.withdraw(two.lab, forLab, id, 'The clinic is gone.')
})
