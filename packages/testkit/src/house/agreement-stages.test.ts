/** Lists of agreements by where they stand for the organisation, however many there are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { begin, openTwoParties, toActive, toAgreed } from './agreement-kit.ts'
import { clientOf } from './org-kit.ts'

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
    const inStage = async (client: typeof ann, org: string, stage: 'needs' | 'talk' | 'force') =>
      (await client.listAgreements({ org, stage })).items.map((one) => {
        assert.equal(one.stage, stage)
        return one.id
      })
    assert.deepEqual((await inStage(ann, 'lab', 'needs')).toSorted(), [bare, agreed.id].toSorted())
    assert.deepEqual(await inStage(ann, 'lab', 'force'), [active.id])
    assert.deepEqual(await inStage(cem, 'clinic', 'needs'), [agreed.id], 'no draft of others')
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
      await q.updateTable('agreement_party').set({ stage: null }).execute()
    })
    assert.deepEqual(await inStage(ann, 'lab', 'force'), [])
    await dev.hub.agreements.tick(dev.system)
    assert.deepEqual(await inStage(ann, 'lab', 'force'), [active.id])
  })
}
