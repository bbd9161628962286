/** The hub goes away under an open page, and comes back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

void test('what was loaded stays, and the page says since when', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, context } = site
  await signInAs(site, 'ann')
  await page.goto(`${url}/models`)
  const row = page.getByRole('link', { name: 'north-lab/report-triage' })
  await row.waitFor()
  await context.setOffline(true)
  const band = page.getByText(/^No connection since \d\d:\d\d\. You see what was loaded then/)
  await band.waitFor()
  await row.waitFor()
  await shoot(page, 'offline')
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Try again' }).focus()
  await page.keyboard.press('Enter')
  await band.waitFor({ state: 'detached' })
  assert.ok(await row.isVisible())
})
