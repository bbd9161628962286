/** Finding a model and reading its page. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSite, shoot } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

void test('from the list to the page, by mouse', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await page.setViewportSize({ width: 1440, height: 1000 })
  await page.goto(`${url}/models`)
  await page.getByRole('heading', { name: 'Models' }).waitFor()
  await page.getByLabel('Text classification').check()
  await page.waitForURL(/other=text-classification/)
  await page.getByText('1 you can see').waitFor()
  await shoot(page, 'explore')
  await page.getByRole('link', { name: 'north-lab/report-triage' }).click()
  await page.getByRole('heading', { name: 'north-lab/report-triage' }).waitFor()
  await page.getByRole('heading', { name: 'Intended use' }).waitFor()
  assert.match(await page.title(), /north-lab\/report-triage/)
  await page.getByText('1 image of other hosts is not loaded').waitFor()
  await shoot(page, 'model')
  await page.goBack()
  await page.getByText('1 you can see').waitFor()
})
