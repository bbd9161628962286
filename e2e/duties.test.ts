/** Duties by hand: shown, disputed, shown again, accepted, waived; an agreement ended at once; its copies certified to be gone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Obligation } from '@weighhouse/formats/terms/terms.ts'
import { bySession, toActive, wishOf } from '@weighhouse/testkit/house/agreement-kit.ts'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const owed = (id: string, name: Obligation['name'], more: Partial<Obligation>): Obligation => ({
  id,
  name,
  clause: '3',
  debtor: 'consumer',
  trigger: 'activation',
  ...more,
})

/** In force, with two duties that have begun and one that begins with its end. */
const begin = async ({ dev }: Site): Promise<void> => {
  const lab = await bySession(dev, 'ann')
  const two = { dev, lab, lab2: await bySession(dev, 'ada'), clinic: await bySession(dev, 'cem') }
  const obligations = [
    owed('inform', 'inform', { within: 'P20D' }),
    owed('report', 'reportUsage', { within: 'P20D' }),
    owed('certify', 'certifyDestruction', { trigger: 'agreementEnd', within: 'P45D' }),
  ]
  await toActive(two, { terms: { ...wishOf(dev).terms, obligations } })
}

const toDuties = async (page: Page, hands: Hands): Promise<void> => {
  await hands.press(link(page.getByRole('navigation', { name: 'Main' }), 'Agreements'))
  await hands.press(link(page, 'Duties'))
  await page.getByRole('heading', { name: /^Duties of/ }).waitFor()
}

const open = async (page: Page, hands: Hands, act: string): Promise<Locator> => {
  await hands.press(button(page, new RegExp(`^${act}`)))
  return page.getByRole('dialog')
}

const show = async (cem: Page, hands: Hands, text: string): Promise<void> => {
  await toDuties(cem, hands)
  const dialog = await open(cem, hands, 'Show it is done: Inform')
  await hands.type(dialog.getByLabel('What was done'), text)
  await hands.press(button(dialog, 'Show it'))
  await dialog.waitFor({ state: 'detached' })
}

const answer = async (ann: Page, hands: Hands): Promise<void> => {
  await toDuties(ann, hands)
  const dispute = await open(ann, hands, 'Dispute: Inform')
  await dispute.getByText('We wrote a letter.').waitFor()
  await hands.type(dispute.getByLabel('Why'), 'No letter came.')
  await hands.press(button(dispute, 'Dispute'))
  await dispute.waitFor({ state: 'detached' })
  await ann.getByText('“No letter came.”').waitFor()
  const waive = await open(ann, hands, 'Waive: Report use')
  const send = button(waive, 'Waive')
  assert.equal(await send.getAttribute('aria-disabled'), 'true', 'not without a reason')
  await hands.type(waive.getByLabel('Why'), 'Nothing was used yet.')
  await hands.press(send)
  await waive.waitFor({ state: 'detached' })
  await ann.getByText('Waived').first().waitFor()
}

const endAtOnce = async (ann: Page, hands: Hands): Promise<void> => {
  await hands.press(link(ann, 'Retina segmentation for research').first())
  await hands.pick(button(ann, 'More'), ann.getByRole('menuitem', { name: 'End early' }))
  const dialog = ann.getByRole('dialog')
  await dialog.getByText('It stays in force for the days of notice').waitFor()
  await hands.choose(dialog.getByLabel('When'), 'At once, for a cause')
  await dialog.getByText('It ends now, without notice.').waitFor()
  await hands.type(dialog.getByLabel('Why'), 'The model was passed on.')
  await shoot(ann, 'agreement-end-at-once')
  await hands.press(button(dialog, 'End early'))
  await dialog.waitFor({ state: 'detached' })
  await ann.getByText('Ended early').first().waitFor()
}

const certify = async (cem: Page, { dev }: Site, hands: Hands): Promise<void> => {
  await toDuties(cem, hands)
  const dialog = await open(cem, hands, 'Show it is done: Certify')
  await dialog.getByText('lab/retina').waitFor()
  await hands.type(dialog.getByLabel('Where the copies were'), 'the cluster\ntwo laptops')
  await hands.choose(dialog.getByLabel('How'), 'Overwritten')
  await hands.day(dialog.getByLabel('When'), dev.clock.nowMs())
  await hands.type(dialog.getByLabel('Who answers for it'), 'Head of Imaging')
  const certifying = button(dialog, 'Certify')
  await hands.press(certifying)
  const title = dialog.getByLabel('Title')
  assert.equal(await title.evaluate((one) => one.matches(':invalid')), true, 'a title is missing')
  await hands.type(title, 'Director')
  await shoot(cem, 'duty-certificate')
  await hands.press(certifying)
  const proof = cem.getByRole('form', { name: 'Prove who you are' })
  await hands.type(proof.getByLabel('Your password'), password)
  await hands.press(button(proof, 'Certify'))
  await dialog.first().waitFor({ state: 'detached' })
}

for (const hands of bothHands) {
  void test(`shown, disputed, shown again, accepted, waived; ended at once, and certified, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillParties(site)
    await begin(site)
    const ann = await pageOf(site, 'ann')
    const cem = await pageOf(site, 'cem')
    await show(cem, hands, 'We wrote a letter.')
    await answer(ann, hands)
    await show(cem, hands, 'Here it is again.')
    await toDuties(ann, hands)
    const accept = await open(ann, hands, 'Accept: Inform')
    await accept.getByText('Here it is again.').waitFor()
    await hands.press(button(accept, 'Accept'))
    await accept.waitFor({ state: 'detached' })
    await ann.getByText('Done', { exact: true }).waitFor()

    await endAtOnce(ann, hands)
    // Later than five minutes after he signed in.
    site.dev.clock.advance(10 * 60_000)
    await site.dev.hub.agreements.tick(site.dev.system)
    await certify(cem, site, hands)
    await toDuties(ann, hands)
    const read = await open(ann, hands, 'Accept: Certify')
    for (const words of ['lab/retina', 'the cluster, two laptops', 'Overwritten'])
      await read.getByText(words).waitFor()
    await read.getByText('Head of Imaging, Director').waitFor()
    await shoot(ann, 'duty-certificate-read')
    await hands.press(button(read, 'Accept'))
    await read.waitFor({ state: 'detached' })
    await button(ann, /^Accept/).waitFor({ state: 'detached' })
  })
}
