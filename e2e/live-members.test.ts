/** A doctor reads a model's page while others suspend, resume and end the agreement that lets her use it: the page says so by itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySession, managing, toActive } from '@weighhouse/testkit/house/agreement-kit.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite } from './kit/site.ts'

void test('what an agreement lets people do changes on the page they look at', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev, url } = site
  const [lab, lab2, clinic] = [
    await bySession(dev, 'ann'),
    await bySession(dev, 'ada'),
    await bySession(dev, 'cem'),
  ]
  const { id, forLab, forClinic } = await toActive({ dev, lab, lab2, clinic })
  const page = await pageOf(site, 'dora')
  await page.goto(`${url}/lab/retina`)
  await page.getByText('You cannot download retina.').waitFor()
  await page.evaluate(() => document.body.setAttribute('data-here', 'yes'))

  const { agreements } = dev.hub
  await agreements.grant(clinic, forClinic, id, {
    project: 'Screening',
    purposes: ['NonCommercialResearch'],
    to: { kind: 'user', name: 'dora' },
  })
  await page.getByText('You may use this model').waitFor()

  await agreements.suspend(lab, forLab, id, 'We look into a report.')
  await page.getByText('You cannot download retina.').waitFor()

  await agreements.resume(lab, await managing(dev, lab, 'lab'), id, 'It was a mistake.')
  await page.getByText('You may use this model').waitFor()

  await agreements.terminate(lab, forLab, id, 'It was passed on.', { cause: true })
  await page.getByText('You may use this model').waitFor({ state: 'detached' })
  assert.equal(await page.locator('body').getAttribute('data-here'), 'yes', 'it was loaded again')
})
