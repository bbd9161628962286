/** What waits for somebody is on the first page, and goes when it is done. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { countered, fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'

void test('an offer to answer, a request to decide, an agreement to sign', async () => {
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
  await waits.getByRole('link', { name: /^Answer: Research/ }).click()
  await ann.getByRole('button', { name: 'Agree, then sign' }).click()
  await ann.getByRole('dialog').getByRole('button', { name: 'Agree', exact: true }).click()
  await ann.getByRole('link', { name: 'Sign', exact: true }).waitFor()
  await ann.getByRole('link', { name: 'Weighhouse', exact: true }).click()
  await waits.getByText('with clinic waits to be signed').waitFor()
  await waits.getByRole('link', { name: /^Decide about dora/ }).click()
  await ann.getByRole('button', { name: 'Let dora in' }).click()
  await ann.getByRole('button', { name: 'Let them in' }).click()
  await ann.getByText('Nobody waits for you').waitFor()
  assert.equal(await bar.getByText('1 waiting for you').count(), 1)
  assert.deepEqual(await visitAll({ page: ann, url }, [['home-waiting', '/']]), [])
  const eve = await pageOf(site, 'dora')
  await eve.getByText('Nothing waits for you').waitFor()
})
