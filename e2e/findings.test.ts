/** What the hub points out in a text stands at its clause, and is said before anybody begins to sign. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contradict } from '@weighhouse/testkit/house/agreement-kit.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { draftRetina, fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const agreed = async (site: Site): Promise<string> => {
  const { ann, id, draft } = await draftRetina(site)
  await ann.proposeAgreement({ org: 'lab', id, ...draft })
  const cem = clientOf(site.dev, await site.dev.token('cem', 'write'))
  await cem.agree({ org: 'clinic', id, ...draft })
  return id
}

void test('a warning stands at its clause, on the paper and in the ceremony', async () => {
  await using site = await openSite()
  await fillParties(site)
  const id = await agreed(site)
  const page = await pageOf(site, 'ann')
  await page.goto(`${site.url}/agreements/${id}`)
  const clause = page.locator('section', { hasText: 'whether no-passing-on is kept' })
  await clause.getByRole('list', { name: 'What the hub points out' }).waitFor()
  await page.getByText('The hub points out 2 things to know before signing').waitFor()
  await shoot(page, 'studio-findings')
  // The number leads there.
  const title = await clause.getByRole('heading', { level: 2 }).textContent()
  const number = /^\d+/.exec(title ?? '')?.[0]
  const note = page.getByRole('status').filter({ hasText: 'points out' })
  await note.getByRole('button', { name: `Clause ${number}, ` }).focus()
  await page.keyboard.press('Enter')
  assert.equal(
    await page.evaluate(() => document.activeElement?.id),
    await clause.getAttribute('id'),
  )
  await page.getByRole('link', { name: 'Sign', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /^Sign / }).waitFor()
  await page.getByText('The hub points out 2 things to know before signing').waitFor()
  await shoot(page, 'sign-findings')
})

void test('terms that contradict themselves: no ceremony begins, and the clause is named', async () => {
  await using site = await openSite()
  await fillParties(site)
  const id = await agreed(site)
  await contradict(site.dev, id)
  const page = await pageOf(site, 'ann')
  await page.goto(`${site.url}/agreements/${id}/sign`)
  await page.getByRole('heading', { name: 'cannot be signed' }).waitFor()
  await page.getByText('its terms do not hold together').waitFor()
  await page.getByText('Cannot be signed:').first().waitFor()
  assert.equal(await page.getByRole('checkbox').count(), 0)
  assert.equal(await page.getByRole('button', { name: /^Sign for/ }).count(), 0)
  await shoot(page, 'sign-blocked')
})
