/** What a person chose in the app holds for the pages that the server draws by itself, whatever the system says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

const background = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor)

const choose = async (page: Page, theme: string): Promise<void> => {
  await page.getByRole('button', { name: /account, theme, help$/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitemradio', { name: theme }).focus()
  await page.keyboard.press('Enter')
}

void test('the switch of the app, on the pages of signing in', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, context } = site
  await page.emulateMedia({ colorScheme: 'light' })
  await signInAs(site, 'ann')
  await page.goto(url)
  await choose(page, 'Dark')
  await page.goto(`${url}/device`)
  assert.equal(await background(page), 'rgb(11, 15, 22)')
  await shoot(page, 'device-dark-by-choice')
  await page.goto(url)
  await choose(page, 'As the system')
  await page.goto(`${url}/device`)
  assert.equal(await background(page), 'rgb(246, 247, 249)')

  // Forgotten by the browser, it is told again by the next page of the app.
  await page.goto(url)
  await choose(page, 'Dark')
  await context.clearCookies({ name: 'weighhouse-theme' })
  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.goto(`${url}/device`)
  assert.equal(await background(page), 'rgb(11, 15, 22)')
})
