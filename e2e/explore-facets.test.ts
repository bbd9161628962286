/** Narrowing a list by how large models are, and finding out what narrowed it too much. By keys alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

void test('parameters by handles, by fields and by the address', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await page.setViewportSize({ width: 1440, height: 1000 })
  await signInAs(site, 'ann')
  await page.goto(`${url}/models`)
  const facet = page.getByRole('group', { name: 'Parameters' })
  await facet.waitFor()
  await facet.getByRole('img', { name: /1\.00 M to 3\.00 M: 1 model/ }).waitFor()
  const low = facet.getByRole('slider', { name: 'At least' })
  await low.focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForURL(/num_parameters=min%3A1k/)
  assert.equal(await low.getAttribute('aria-valuetext'), '1.00 k')
  await facet.getByRole('textbox', { name: 'From' }).fill('5M')
  await page.keyboard.press('Enter')
  await page.waitForURL(/num_parameters=min%3A5M/)
  await page.getByText('No model matches parameters from 5M').waitFor()
  await shoot(page, 'explore-parameters')
  await page.getByRole('button', { name: 'Drop parameters from 5M', exact: true }).first().focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/models$/)
  await facet.getByRole('textbox', { name: 'To' }).fill('many')
  await facet.getByText('Such as 350k or 7B.').waitFor()
  await page.goto(`${url}/models?num_parameters=min:1M,max:3M`)
  await page.getByText('1 you can see').waitFor()
})

void test('where nothing is found, what narrows most is offered to be left out', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await page.goto(`${url}/models?search=triage&other=license:mit`)
  await page.getByText('No model matches all of this').waitFor()
  await page.getByText(/^Without (mit|the words “triage”) there (is|are) \d+\.$/).waitFor()
  await shoot(page, 'explore-too-narrow')
})
