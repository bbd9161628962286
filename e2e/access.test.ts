/** A gated model: asked for, decided, used; and the settings of a repo. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyPage } from './kit/every-page.ts'
import { openSite, shoot, signInAs, type Site } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

void test("each page of a repo's settings", async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  assert.deepEqual(await visitAll(site, everyPage.repoSettings), [])
})

const asBen = async (site: Site): Promise<Site> => {
  const context = await site.another()
  const other = { ...site, page: await context.newPage() }
  await signInAs(other, 'ben')
  return other
}

void test('access is asked for, refused with a reason, then given until a day', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url } = site
  const { page: bens } = await asBen(site)
  await page.goto(`${url}/south-hospital/sepsis-warning`)
  // By keys.
  await page.getByRole('button', { name: 'Ask for access' }).focus()
  await page.keyboard.press('Enter')
  const send = page.getByRole('dialog').getByRole('button', { name: 'Agree and ask' })
  await send.waitFor()
  await shoot(page, 'gate-ask')
  await send.focus()
  await page.keyboard.press('Enter')
  await page.getByText('Asked. south-hospital decides.').waitFor()
  await page.goto(`${url}/inbox`)
  await page.getByText('Waits, asked').waitFor()

  await bens.goto(`${url}/inbox`)
  await bens.getByRole('button', { name: 'Refuse ann' }).click()
  await bens.getByLabel('Reason').fill('Say what it is for')
  await shoot(bens, 'inbox-refuse')
  await bens.keyboard.press('Enter')
  await bens.getByText('ann is refused.').waitFor()
  await bens.getByText('Nobody waits for you').waitFor()
  await page.reload()
  await page.getByText('Say what it is for').waitFor()

  await bens.goto(`${url}/south-hospital/sepsis-warning/settings/requests`)
  await bens.getByText('Refused', { exact: true }).click()
  await bens.getByRole('button', { name: 'Let ann in' }).click()
  await bens.getByRole('dialog').getByLabel('Until').fill('2030-01-31')
  await bens.getByRole('button', { name: 'Let them in' }).click()
  await bens.getByText('ann is let in.').waitFor()
  await page.goto(`${url}/south-hospital/sepsis-warning`)
  await page.getByText('You may use this model').waitFor()
  await shoot(page, 'gate-let-in')
})

void test('a repo is renamed, hidden and deleted by its settings', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url, dev } = site
  await page.goto(`${url}/north-lab/load-forecast`)
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Who sees it').selectOption('private')
  await page.getByRole('button', { name: 'Save who sees it' }).click()
  await page.getByText('Saved.').waitFor()
  const status = async (path: string): Promise<number> =>
    (await dev.ask('GET', `/api/models/${path}`)).status
  assert.equal(await status('north-lab/load-forecast'), 401)
  await page.getByLabel('Name', { exact: true }).fill('grid-forecast')
  await page.getByRole('button', { name: 'Move it' }).click()
  await page.waitForURL(/grid-forecast/)
  await page.goto(`${url}/north-lab/grid-forecast/settings`)
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByLabel('Type north-lab/grid-forecast to go on').fill('north-lab/grid')
  await page.keyboard.press('Enter')
  await shoot(page, 'repo-delete')
  await page.getByLabel('Type north-lab/grid-forecast to go on').fill('north-lab/grid-forecast')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/north-lab`)
  await page.goto(`${url}/north-lab/grid-forecast`)
  await page.getByText('There is nothing here').waitFor()
})
