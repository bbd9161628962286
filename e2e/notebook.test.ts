/** Code in the cells of a notebook is coloured, and stays the text that it was. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

void test('cells of a notebook in colours', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ann')
  for (const [name, colorScheme] of [
    ['light', 'light'],
    ['dark', 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${url}/north-lab/report-triage/blob/main/notes/look.ipynb`)
    await page.locator('pre .code-string').waitFor()
    await shoot(page, `notebook-colours-${name}`)
  }
  const code = page.locator('pre', { has: page.locator('.code-string') })
  assert.equal(await code.textContent(), 'print("hello")')
})
