/** Requests for access decided by letters: the next one, let in, refused. */
import { test } from 'node:test'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { openSite, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

void test('j or n to a request, a lets in, r refuses', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  const gated = { type: 'model', ns: 'south-hospital', name: 'sepsis-warning' } as const
  for (const name of ['cid', 'dee']) {
    const asker = clientOf(dev, await dev.user(name))
    await asker.askAccess({ ...gated, fields: {} })
  }
  await signInAs(site, 'ben')
  await page.goto(`${url}/inbox`)
  await page.getByRole('button', { name: 'Let cid in' }).waitFor()
  await page.keyboard.press('n')
  await page.keyboard.press('a')
  await page
    .getByRole('dialog')
    .getByText(/^Let (cid|dee) in\?$/)
    .waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.press('r')
  await page
    .getByRole('dialog')
    .getByText(/^Refuse (cid|dee)\?$/)
    .waitFor()
})
