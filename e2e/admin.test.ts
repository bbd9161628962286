/** The hub's own pages, and what its administrators do there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { everyPage } from './kit/every-page.ts'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

void test("each page of the hub's administrators", async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await userWithPassword(site.dev, 'root', true)
  await signInAs(site, 'root')
  assert.deepEqual(await visitAll(site, everyPage.admin), [])
})

const administer = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  await userWithPassword(dev, 'root', true)
  dev.hub.jobs.handle('fragile', () => Promise.reject(new Error('the wire is cut')))
  const job = { kind: 'fragile', workKey: 'fragile', payload: {} }
  await dev.house.db.tx((q, after) => dev.hub.jobs.enqueue({ q, after }, job))
  for (let times = 0; times < limits.jobAttemptsMax; times += 1) {
    await dev.hub.jobs.settle()
    dev.clock.advance(86_400_000)
  }
  await signInAs(site, 'root')
  await page.goto(`${url}/admin`)
  await page.getByText('failed too often').waitFor()
  await hands.press(link(page, 'Look at them'))
  await page.getByText('the wire is cut').waitFor()
  await shoot(page, 'admin-job-failed')
  dev.hub.jobs.handle('fragile', () => Promise.resolve())
  await hands.press(button(page, 'Run again: fragile'))
  await page.getByText('It runs again.').waitFor()

  await hands.press(link(page, 'People'))
  await hands.type(page.getByLabel('User name'), 'cleo')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'A link for cleo' }).waitFor()
  const address = (await page.getByRole('region', { name: 'the link' }).innerText()).trim()
  assert.match(address, /\/recover\//)
  await hands.press(button(page, 'I have kept it'))
  await hands.type(page.getByLabel('Search people'), 'cleo')
  await hands.press(button(page, 'Shut out cleo'))
  await hands.type(page.getByLabel('Type cleo to go on'), 'cleo')
  await page.keyboard.press('Enter')
  await page.getByText('Shut out', { exact: true }).waitFor()

  await hands.press(link(page, 'Holds'))
  await hands.type(page.getByLabel('Repository'), 'north-lab/fjord-asr')
  await hands.type(page.getByLabel('Reason'), 'Order 12 of a court')
  await page.keyboard.press('Enter')
  await hands.press(button(page, 'Lift the hold on north-lab/fjord-asr'))
  await hands.type(page.getByLabel('Reason'), 'Order 14')
  await hands.press(button(page, 'Lift the hold'))
  await page.getByText('Nothing is held').waitFor()
}

void test('nobody else sees them', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  await site.page.goto(`${site.url}/admin/people`)
  await site.page.getByText('You cannot manage this hub.').waitFor()
})

for (const hands of bothHands) {
  void test(`somebody gets an account and a link; a hold is placed and lifted; a job runs again, ${hands.name}`, () =>
    administer(hands))
}
