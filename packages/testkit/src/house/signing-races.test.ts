/** What ends while somebody signs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { managing, openTwoParties, toAgreed } from './agreement-kit.ts'

for (const engine of engineNames) {
  void test(`${engine}: a seal that is revoked while somebody signs with it seals nothing`, async (t) => {
    const two = await openTwoParties(engine)
    const { dev, lab, lab2 } = two
    await using _ = dev
    const { db } = dev.house
    const { id, what, forLab } = await toAgreed(two)
    const keys = await dev.hub.signing.keys(forLab.namespace.id)
    const seal = keys.find(({ use }) => use === 'seal')
    assert.ok(seal)
    const own = dev.hub.policy.requireOwnAccount(lab)
    const forLab2 = await managing(dev, lab2, 'lab')
    const { seq } = (await dev.hub.agreements.agreement(forLab, id)).folder
    await dev.house.settle()
    // After the bytes were sealed, and before the signature is written.
    const meanwhile = t.mock.method(db, 'tx', async (work: Parameters<typeof db.tx>[0]) => {
      meanwhile.mock.restore()
      await dev.hub.signing.revokeKey(lab2, forLab2, seal.id, { why: 'compromised' })
      return db.tx(work)
    })
    const signed = dev.hub.agreements.sign(lab, own, id, { ...what, orgName: 'lab' })
    await assert.rejects(signed, /was revoked or replaced at this moment/)
    assert.equal(meanwhile.mock.callCount(), 1)
    assert.equal((await dev.hub.agreements.agreement(forLab, id)).folder.seq, seq)
  })
}
