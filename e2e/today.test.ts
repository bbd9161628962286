/** What waits for somebody is on the first page, and goes when it is done. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { bothHands, button, link } from './kit/hands.ts'
import { countered, fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'

for (const hands of bothHands) {
  void test(`an offer to answer, a request to decide, an agreement to sign, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillParties(site)
    const { dev, url } = site
    await countered(site)
    const lab = clientOf(dev, await dev.token('ann', 'write'))
    const retina = { type: 'model', ns: 'lab', name: 'retina' } as const
    await lab.changeRepo({ ...retina, visibility: 'public', gate: 'manual' })
    const dora = clientOf(dev, await dev.token('dora', 'write'))
    await dora.askAccess(retina)

    const ann = await pageOf(site, 'ann')
    const waits = ann.getByRole('list', { name: 'Waits for you' })
    await waits.getByText('clinic waits for an answer').waitFor()
    await waits.getByText('dora asks for lab/retina').waitFor()
    const bar = ann.getByRole('navigation', { name: 'Main' })
    assert.equal(await bar.getByText('1 waiting for you').count(), 2, 'agreements, and the inbox')
    await shoot(ann, 'today')
    await hands.press(link(waits, /^Answer: Research/))
    await hands.press(button(ann, 'Agree, then sign'))
    await hands.press(button(ann.getByRole('dialog'), 'Agree'))
    await ann.getByRole('link', { name: 'Sign', exact: true }).waitFor()
    await hands.press(link(ann, 'Weighhouse'))
    await waits.getByText('with clinic waits to be signed').waitFor()
    await hands.press(link(waits, /^Decide about dora/))
    await hands.press(button(ann, 'Let dora in'))
    await hands.press(button(ann, 'Let them in'))
    await ann.getByText('Nobody waits for you').waitFor()
    assert.equal(await bar.getByText('1 waiting for you').count(), 1)
    if (hands.name === 'by mouse') {
      assert.deepEqual(await visitAll({ page: ann, url }, [['home-waiting', '/']]), [])
    }
    const eve = await pageOf(site, 'dora')
    await eve.getByText('Nothing waits for you').waitFor()
  })
}
