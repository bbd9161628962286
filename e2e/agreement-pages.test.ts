/** Pages of agreements: reachable by everybody, in light and dark, at each width, by keys alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wishOf } from '@weighhouse/testkit/house/agreement-kit.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { templates } from '@weighhouse/server/core/agreements/templates/index.ts'
import { sampleOf } from '@weighhouse/server/core/agreements/templates/samples.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, type Site } from './kit/site.ts'
import { type Visited, visitAll } from './kit/visit.ts'

/** One that the clinic has countered, so that the lab has to answer. */
const countered = async ({ dev }: Site): Promise<string> => {
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const cem = clientOf(dev, await dev.token('cem', 'write'))
  const { id } = await ann.createAgreement({
    org: 'lab',
    title: 'Retina',
    template: 'research',
    parties: [
      { name: 'lab', role: 'provider' },
      { name: 'clinic', role: 'consumer' },
    ],
  })
  const research = templates.find((one) => one.id === 'research')
  assert.ok(research)
  const { from, to } = wishOf(dev)
  const values = {
    ...Object.fromEntries(research.fields.map((field) => [field.id, sampleOf(field)])),
    from,
    to,
  }
  const repos = [{ type: 'model' as const, path: 'lab/retina' }]
  const first = await ann.fillTemplate({ template: 'research', values })
  const drafted = await ann.draftAgreement({ org: 'lab', id, wish: { ...first.wish, repos } })
  await ann.proposeAgreement({ org: 'lab', id, ...drafted })
  const second = await cem.fillTemplate({ template: 'research', values: { ...values, users: 20 } })
  await cem.counterAgreement({ org: 'clinic', id, wish: { ...second.wish, repos } })
  return id
}

const pagesOf = (id: string): Visited => [
  ['agreements', '/agreements'],
  ['agreements-new', '/agreements/new?template=research'],
  ['agreements-gallery', '/agreements/new'],
  ['studio', `/agreements/${id}`],
  ['studio-terms', `/agreements/${id}?panel=terms`],
  ['studio-people', `/agreements/${id}?panel=people`],
  ['studio-use', `/agreements/${id}?panel=use`],
  ['studio-activity', `/agreements/${id}?panel=activity`],
  ['agreement-write', `/agreements/${id}/write`],
  ['agreement-sign', `/agreements/${id}/sign`],
  ['agreement-evidence', `/agreements/${id}/evidence`],
  ['duties', '/agreements/duties'],
  ['party', '/organizations/lab/settings/party'],
]

for (const scheme of ['light', 'dark'] as const) {
  void test(`each page of agreements, ${scheme}`, async () => {
    await using site = await openSite()
    await fillParties(site)
    const id = await countered(site)
    const page = await pageOf(site, 'ann')
    assert.deepEqual(await visitAll({ page, url: site.url }, pagesOf(id), scheme), [])
  })
}

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
