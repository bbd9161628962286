/** What has to be done before something is permitted, and what is accepted in the name of a program. */
import { test } from 'node:test'
import { bySession, toActive, wishOf } from '@weighhouse/testkit/house/agreement-kit.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { bothHands, button } from './kit/hands.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const begin = async ({ dev }: Site): Promise<string> => {
  const lab = await bySession(dev, 'ann')
  const two = { dev, lab, lab2: await bySession(dev, 'ada'), clinic: await bySession(dev, 'cem') }
  const { terms } = wishOf(dev)
  const permissions = terms.permissions.map((one) =>
    one.action === 'download'
      ? { ...one, preconditions: [{ name: 'compensate' as const, detail: 'EUR 100' }] }
      : one,
  )
  const rail = {
    id: 'rail',
    clause: '2',
    action: 'use',
    constraints: [{ operand: 'purpose', operator: 'isAnyOf', value: ['RailUnlawful'] }],
  } as const
  return (await toActive(two, { terms: { ...terms, permissions, prohibitions: [rail] } })).id
}

for (const hands of bothHands) {
  void test(`a payment is noted by who gives; a program’s restrictions are accepted by who receives, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillParties(site)
    const { dev, url } = site
    const id = await begin(site)
    const cem = await pageOf(site, 'cem')
    const clinic = clientOf(dev, await dev.token('cem', 'write'))
    await clinic.createServiceAccount({ org: 'clinic', name: 'clinic-robot' })
    await cem.goto(`${url}/agreements/${id}?as=clinic&panel=people`)
    await cem.getByText('A payment: EUR 100').waitFor()
    await hands.press(button(cem, 'Accept for a program'))
    await hands.type(cem.getByLabel('Service account'), 'clinic-robot')
    await hands.press(button(cem, 'Accept for it'))
    await cem.getByText('Accepted for clinic-robot.').waitFor()

    const ann = await pageOf(site, 'ann')
    await ann.goto(`${url}/agreements/${id}?as=lab&panel=people`)
    await hands.press(button(ann, 'It was done: A payment'))
    await shoot(ann, 'first-done')
    await hands.press(button(ann.getByRole('dialog'), 'Say that it was done'))
    await ann.getByText(/done, as was said on/).waitFor()
    await cem.getByText(/done, as was said on/).waitFor()
  })
}
