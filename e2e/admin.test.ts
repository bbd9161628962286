/** The hub's own pages, and what its administrators do there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { everyPage } from './kit/every-page.ts'
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

void test('somebody gets an account and a link; a hold is placed and lifted; a job runs again', async () => {
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
  await page.getByRole('link', { name: 'Look at them' }).click()
  await page.getByText('the wire is cut').waitFor()
  await shoot(page, 'admin-job-failed')
  dev.hub.jobs.handle('fragile', () => Promise.resolve())
  await page.getByRole('button', { name: 'Run again: fragile' }).click()
  await page.getByText('It runs again.').waitFor()

  await page.getByRole('link', { name: 'People' }).click()
  await page.getByLabel('User name').fill('cleo')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'A link for cleo' }).waitFor()
  const link = (await page.getByRole('region', { name: 'the link' }).innerText()).trim()
  assert.match(link, /\/recover\//)
  await page.keyboard.press('Escape')
  await page.getByLabel('Search people').fill('cleo')
  await page.getByRole('button', { name: 'Shut out cleo' }).click()
  await page.getByLabel('Type cleo to go on').fill('cleo')
  await page.keyboard.press('Enter')
  await page.getByText('Shut out', { exact: true }).waitFor()

  await page.getByRole('link', { name: 'Holds' }).click()
  await page.getByLabel('Repository').fill('north-lab/fjord-asr')
  await page.getByLabel('Reason').fill('Order 12 of a court')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Lift the hold on north-lab/fjord-asr' }).click()
  await page.getByLabel('Reason').fill('Order 14')
  await page.getByRole('button', { name: 'Lift the hold', exact: true }).click()
  await page.getByText('Nothing is held').waitFor()
})

void test('nobody else sees them', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  await site.page.goto(`${site.url}/admin/people`)
  await site.page.getByText('You cannot manage this hub.').waitFor()
})
