/** Duties by hand: shown, disputed, shown again, accepted, waived; an agreement ended at once; its copies certified to be gone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Obligation } from '@weighhouse/formats/terms/terms.ts'
import { bySession, toActive, wishOf } from '@weighhouse/testkit/house/agreement-kit.ts'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'
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
const begin = async ({ dev }: Site): Promise<string> => {
  const lab = await bySession(dev, 'ann')
  const two = { dev, lab, lab2: await bySession(dev, 'ada'), clinic: await bySession(dev, 'cem') }
  const obligations = [
    owed('inform', 'inform', { within: 'P20D' }),
    owed('report', 'reportUsage', { within: 'P20D' }),
    owed('certify', 'certifyDestruction', { trigger: 'agreementEnd', within: 'P45D' }),
  ]
  const { id } = await toActive(two, { terms: { ...wishOf(dev).terms, obligations } })
  return id
}

const toDuties = async (page: Page, site: Site): Promise<void> => {
  await page.goto(`${site.url}/agreements/duties`)
  await page.getByRole('heading', { name: /^Duties of/ }).waitFor()
}

const open = async (page: Page, act: string): Promise<ReturnType<Page['getByRole']>> => {
  await page.getByRole('button', { name: new RegExp(`^${act}`) }).click()
  return page.getByRole('dialog')
}

const show = async (cem: Page, site: Site, text: string): Promise<void> => {
  await toDuties(cem, site)
  const dialog = await open(cem, 'Show it is done: Inform')
  await dialog.getByLabel('What was done').fill(text)
  await dialog.getByRole('button', { name: 'Show it' }).click()
  await dialog.waitFor({ state: 'detached' })
}

const answer = async (ann: Page, site: Site): Promise<void> => {
  await toDuties(ann, site)
  const dispute = await open(ann, 'Dispute: Inform')
  await dispute.getByText('We wrote a letter.').waitFor()
  await dispute.getByLabel('Why').fill('No letter came.')
  await dispute.getByRole('button', { name: 'Dispute', exact: true }).click()
  await dispute.waitFor({ state: 'detached' })
  await ann.getByText('“No letter came.”').waitFor()
  const waive = await open(ann, 'Waive: Report use')
  const button = waive.getByRole('button', { name: 'Waive', exact: true })
  assert.equal(await button.getAttribute('aria-disabled'), 'true', 'not without a reason')
  await waive.getByLabel('Why').fill('Nothing was used yet.')
  await button.click()
  await waive.waitFor({ state: 'detached' })
  await ann.getByText('Waived').first().waitFor()
}

const endAtOnce = async (ann: Page, site: Site, id: string): Promise<void> => {
  await ann.goto(`${site.url}/agreements/${id}`)
  await ann.getByRole('button', { name: 'More' }).click()
  await ann.getByRole('menuitem', { name: 'End early' }).click()
  const dialog = ann.getByRole('dialog')
  await dialog.getByText('It stays in force for the days of notice').waitFor()
  await dialog.getByLabel('When').selectOption('At once, for a cause')
  await dialog.getByText('It ends now, without notice.').waitFor()
  await dialog.getByLabel('Why').fill('The model was passed on.')
  await shoot(ann, 'agreement-end-at-once')
  await dialog.getByRole('button', { name: 'End early' }).click()
  await dialog.waitFor({ state: 'detached' })
  await ann.getByText('Ended early').first().waitFor()
}

const certify = async (cem: Page, site: Site): Promise<void> => {
  await toDuties(cem, site)
  const dialog = await open(cem, 'Show it is done: Certify')
  await dialog.getByText('lab/retina').waitFor()
  await dialog.getByLabel('Where the copies were').fill('the cluster\ntwo laptops')
  await dialog.getByLabel('How').selectOption('Overwritten')
  const day = new Date(site.dev.clock.nowMs()).toISOString().slice(0, 10)
  await dialog.getByLabel('When').fill(day)
  await dialog.getByLabel('Who answers for it').fill('Head of Imaging')
  const certifying = dialog.getByRole('button', { name: 'Certify' })
  await certifying.click()
  const title = dialog.getByLabel('Title')
  assert.equal(await title.evaluate((one) => one.matches(':invalid')), true, 'a title is missing')
  await title.fill('Director')
  await shoot(cem, 'duty-certificate')
  await certifying.click()
  const proof = cem.getByRole('form', { name: 'Prove who you are' })
  await proof.getByLabel('Your password').fill(password)
  await proof.getByRole('button', { name: 'Certify' }).click()
  await dialog.first().waitFor({ state: 'detached' })
}

void test('shown, disputed, shown again, accepted, waived; ended at once, and certified', async () => {
  await using site = await openSite()
  await fillParties(site)
  const id = await begin(site)
  const ann = await pageOf(site, 'ann')
  const cem = await pageOf(site, 'cem')
  await show(cem, site, 'We wrote a letter.')
  await answer(ann, site)
  await show(cem, site, 'Here it is again.')
  await toDuties(ann, site)
  const accept = await open(ann, 'Accept: Inform')
  await accept.getByText('Here it is again.').waitFor()
  await accept.getByRole('button', { name: 'Accept', exact: true }).click()
  await accept.waitFor({ state: 'detached' })
  await ann.getByText('Done', { exact: true }).waitFor()

  await endAtOnce(ann, site, id)
  // Later than five minutes after he signed in.
  site.dev.clock.advance(10 * 60_000)
  await site.dev.hub.agreements.tick(site.dev.system)
  await certify(cem, site)
  await toDuties(ann, site)
  const read = await open(ann, 'Accept: Certify')
  for (const words of ['lab/retina', 'the cluster, two laptops', 'Overwritten'])
    await read.getByText(words).waitFor()
  await read.getByText('Head of Imaging, Director').waitFor()
  await shoot(ann, 'duty-certificate-read')
  await read.getByRole('button', { name: 'Accept', exact: true }).click()
  await read.waitFor({ state: 'detached' })
  await ann.getByRole('button', { name: /^Accept/ }).waitFor({ state: 'detached' })
})
