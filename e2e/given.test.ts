/** Somebody who keeps to an agreement and does not negotiate it: refused, told whom to ask, let in, asked to accept, using it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySession, managing, toActive, wishOf } from '@weighhouse/testkit/house/agreement-kit.ts'
import { everyPage } from './kit/every-page.ts'
import { bothHands, link } from './kit/hands.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'

/** In force, with a restriction that each person accepts. */
const begin = async ({ dev }: Site) => {
  const clinic = await bySession(dev, 'cem')
  const two = {
    dev,
    lab: await bySession(dev, 'ann'),
    lab2: await bySession(dev, 'ada'),
    clinic,
  }
  const rail = {
    id: 'rail',
    clause: '2',
    action: 'use',
    constraints: [{ operand: 'purpose', operator: 'isAnyOf', value: ['RailMedicalAdvice'] }],
  } as const
  const { id } = await toActive(two, { terms: { ...wishOf(dev).terms, prohibitions: [rail] } })
  const letIn = async () =>
    dev.hub.agreements.grant(clinic, await managing(dev, clinic, 'clinic'), id, {
      project: 'Retina study',
      purposes: [],
      to: { kind: 'user', name: 'dora' },
    })
  return { id, letIn }
}

for (const hands of bothHands) {
  void test(`from a refusal to the acceptance that ends it, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillParties(site)
    const { id, letIn } = await begin(site)
    const dora = await pageOf(site, 'dora')
    const model = `${site.url}/lab/retina`
    await dora.goto(model)
    await dora.getByText('has not let you use it').first().waitFor()
    await dora.getByText('What is inside is not shown to you').waitFor()
    await dora.getByText('an administrator of clinic').waitFor()
    assert.equal(await dora.getByText('0 files').count(), 0)
    await shoot(dora, 'given-1-refused')
    await dora.getByRole('link', { name: 'Retina segmentation for research' }).click()
    await dora
      .getByText(/Ask cem, cia or \S+ to give you access/)
      .first()
      .waitFor()
    assert.equal(await dora.getByRole('article', { name: 'The text' }).count(), 0)
    await shoot(dora, 'given-2-not-named')

    await letIn()
    await dora.goto(model)
    await dora.getByText('Accept the restrictions').first().waitFor()
    await shoot(dora, 'given-3-to-accept')
    await hands.press(link(dora, 'Read and accept'))
    await dora.getByRole('article', { name: 'The text' }).waitFor()
    await dora.getByText('Retina study').waitFor()
    const accept = dora.getByRole('button', { name: 'Accept the restrictions' })
    assert.equal(await accept.getAttribute('aria-disabled'), 'true', 'not before it was read')
    await shoot(dora, 'given-4-terms')
    await hands.tick(dora.getByRole('checkbox', { name: /I have read the text/ }))
    await hands.press(accept)
    await dora.getByText(/Accepted .*, version 1/).waitFor()

    await hands.press(link(dora, 'Agreements'))
    await dora.getByRole('heading', { name: 'Agreements you use' }).waitFor()
    await dora.getByText('Retina study').waitFor()
    await hands.press(link(dora, 'Retina segmentation for research'))
    await hands.press(link(dora, 'lab/retina'))
    await dora.getByText('You may use this model').waitFor()
    await dora.getByText(/an agreement of clinic/).waitFor()
    await shoot(dora, 'given-5-allowed')
    await dora.goto(`${site.url}/models`)
    await dora.getByText('Covered').waitFor()
    // What others negotiate is not hers to see: the same address shows her what she uses.
    await dora.goto(`${site.url}/agreements/${id}?as=clinic`)
    await dora.getByText(/Accepted .*, version 1/).waitFor()
  })
}

void test('each page of who uses what was agreed', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { id, letIn } = await begin(site)
  await letIn()
  const page = await pageOf(site, 'dora')
  const rows = everyPage.given.map(([name, path]) => [name, path.replace(':id', id)] as const)
  assert.deepEqual(await visitAll({ page, url: site.url }, rows), [])
})
