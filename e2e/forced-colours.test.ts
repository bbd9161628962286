/** Where the system chooses the colours, what colour alone said is said by edges: the tab that is open, the act that is meant, what is enforced. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator } from 'playwright-core'
import { draftRetina, fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot } from './kit/site.ts'

const styleOf = (one: Locator, name: string): Promise<string> =>
  one.evaluate((element, key) => getComputedStyle(element).getPropertyValue(key), name)

void test('tabs, buttons and labels keep their meaning in forced colours', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { ann, id, draft } = await draftRetina(site)
  await ann.proposeAgreement({ org: 'lab', id, ...draft })
  const page = await pageOf(site, 'cem')
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(`${site.url}/agreements/${id}`)
  const primary = page.getByRole('button', { name: 'Agree, then sign' })
  await primary.waitFor()
  const tabs = page.getByRole('navigation', { name: 'About this agreement' })
  const edge = (name: string): Promise<string> =>
    styleOf(tabs.getByRole('link', { name }), 'border-bottom-color')
  assert.notEqual(await edge('Plain words'), await edge('People'))
  assert.equal(await styleOf(primary, 'border-top-style'), 'solid')
  const enforced = page.locator('section span', { hasText: /^Enforced$/ }).first()
  const background = await styleOf(enforced, 'background-color')
  const around = await styleOf(page.locator('body'), 'background-color')
  assert.notEqual(background, around, 'enforced stays filled')
  await shoot(page, 'forced-studio')
})
