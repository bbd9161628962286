/** Pages of agreements: reachable by everybody, in light and dark, at each width, by keys alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyPage } from './kit/every-page.ts'
import { countered, fillParties, pageOf } from './kit/parties.ts'
import { openSite } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'

void test('each page of agreements', async () => {
  await using site = await openSite()
  await fillParties(site)
  const id = await countered(site)
  const page = await pageOf(site, 'ann')
  const rows = everyPage.agreements.map(([name, path]) => [name, path.replace(':id', id)] as const)
  assert.deepEqual(await visitAll({ page, url: site.url }, rows), [])
})

void test('answered by keys alone: the list, the redline, clause by clause, agreed', async () => {
  await using site = await openSite()
  await fillParties(site)
  await countered(site)
  const page = await pageOf(site, 'ann')
  // Keys are heard once the app knows who looks.
  await page.getByRole('link', { name: 'Agreements', exact: true }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByText('Answer the counter-offer of clinic.').waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByText('asks for this change').first().waitFor()
  await page.keyboard.press(']')
  await page.keyboard.press(']')
  const at = await page.evaluate(() => document.activeElement?.id)
  assert.equal(at, 'clause-term')
  await page.getByRole('button', { name: 'Agree, then sign' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Agree', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Sign', exact: true }).waitFor()
})
