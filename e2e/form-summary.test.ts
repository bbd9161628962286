/** A form that cannot be sent says all that is missing, above itself, with a way to each question. By keys alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot } from './kit/site.ts'

void test('all that is missing, each leading to its question', async () => {
  await using site = await openSite()
  await fillParties(site)
  const page = await pageOf(site, 'ann')
  await page.goto(`${site.url}/agreements/new?template=research`)
  await page.getByRole('button', { name: 'Write the draft' }).focus()
  await page.keyboard.press('Enter')
  const summary = page.getByRole('alert').filter({ has: page.getByRole('button') })
  await summary.getByText('Name the organisation with which this is agreed.').waitFor()
  await summary.getByText('Add at least one model or data set.').waitFor()
  assert.ok((await summary.getByRole('button').count()) > 2, 'questions of the template too')
  assert.ok(
    await summary.evaluate((one) => one.parentElement === document.activeElement),
    'the summary has the focus',
  )
  await shoot(page, 'form-summary')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'partner')
})
