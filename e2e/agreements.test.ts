/** Two organisations come to an agreement, each in a browser of its own: from the gallery to a model that is used, refused, used again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** What has no answer of its own in the template. */
const answer = async (page: Page, dev: Site['dev']): Promise<void> => {
  const now = dev.clock.nowMs()
  await page.getByLabel('Title').fill('Retina segmentation for research')
  await page.getByLabel('Begin').fill(day(now))
  await page.getByLabel('End', { exact: true }).fill(day(now + 300 * 86_400_000))
  await page.getByLabel('Legal contact').fill('Legal, legal@lab.example')
  await page.getByLabel('Technical contact').fill('Models, models@lab.example')
  await page.getByLabel('Incident contact').fill('Desk, desk@lab.example')
  await page.getByLabel('Governing law').fill('Germany')
  await page.getByLabel('Credit line').fill('Retina by Lab')
}

const draft = async (ann: Page, site: Site): Promise<void> => {
  await ann.getByRole('link', { name: 'Agreements', exact: true }).click()
  await ann.getByText('No agreements yet').waitFor()
  await shoot(ann, 'agreements-empty')
  await ann.getByRole('link', { name: 'New agreement' }).first().click()
  await ann.getByRole('heading', { name: 'Of this hub' }).waitFor()
  await shoot(ann, 'agreements-gallery')
  await ann.getByRole('link', { name: 'Research collaboration' }).click()
  await ann.getByRole('button', { name: 'Write the draft' }).click()
  await ann.getByText('Name the organisation with which this is agreed.').first().waitFor()
  await ann.getByLabel('Partner').fill('clinic')
  await ann.getByLabel('Find models and data sets').fill('retina')
  await ann.getByRole('button', { name: 'Add lab/retina' }).click()
  await answer(ann, site.dev)
  await ann.getByLabel('Named users').fill('99999')
  await ann.getByRole('button', { name: 'Write the draft' }).click()
  await ann
    .getByText(/expected a whole number from 1 to 10000/)
    .first()
    .waitFor()
  assert.equal(await ann.getByLabel('Named users').getAttribute('aria-invalid'), 'true')
  await shoot(ann, 'agreements-new')
  await ann.getByLabel('Named users').fill('12')
  await ann.getByRole('button', { name: 'Try it out' }).click()
  await ann.getByRole('table', { name: 'What it would permit' }).waitFor()
  await ann.getByRole('button', { name: 'Write the draft' }).click()
  await ann.getByRole('heading', { name: 'Retina segmentation for research' }).waitFor()
  await ann.getByRole('heading', { name: /clinic may$/ }).waitFor()
  await shoot(ann, 'studio-draft')
}

const openIt = async (page: Page, site: Site, name = 'Retina segmentation for research') => {
  await page.goto(`${site.url}/agreements`)
  await page.getByRole('link', { name }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
  await page.getByRole('region', { name: 'What comes next' }).waitFor()
}

const negotiate = async (ann: Page, cem: Page, site: Site): Promise<void> => {
  await ann.getByRole('button', { name: 'Propose' }).click()
  await ann.getByRole('button', { name: 'Propose it' }).click()
  await ann.getByText('Wait for clinic to answer the offer.').waitFor()

  await cem.goto(`${site.url}/agreements`)
  await cem.getByText('Answer the offer of lab.').waitFor()
  await shoot(cem, 'agreements-list')
  await openIt(cem, site)
  await cem.getByRole('link', { name: 'Counter', exact: true }).click()
  await cem.getByRole('heading', { name: 'Counter the offer' }).waitFor()
  assert.equal(await cem.getByLabel('Named users').inputValue(), '12', 'what was agreed so far')
  assert.equal(
    await cem.getByLabel('Research, not commercial').isDisabled(),
    true,
    'no matter of talk',
  )
  await cem.getByLabel('Named users').fill('20')
  await cem.getByLabel('Notice').fill('60')
  await shoot(cem, 'agreements-counter')
  await cem.getByRole('button', { name: 'Send the counter-offer' }).click()
  await cem.getByText('Wait for lab to answer the counter-offer.').waitFor()

  await ann.reload()
  await ann.getByText('Answer the counter-offer of clinic.').waitFor()
  const access = ann
    .getByRole('region', { name: /Who has access/ })
    .filter({ hasText: 'named user' })
  await access.locator('del', { hasText: '12' }).first().waitFor()
  await access.locator('ins', { hasText: '20' }).first().waitFor()
  await ann.getByText('asks for this change').first().waitFor()
  await shoot(ann, 'studio-redline')
  await ann.getByRole('button', { name: 'Agree, then sign' }).click()
  await ann.getByRole('button', { name: 'Agree', exact: true }).click()
  await ann.getByRole('link', { name: 'Sign', exact: true }).waitFor()
}

/** Reads to the end, confirms, proves who it is. */
const sign = async (page: Page, org: string, after: string): Promise<void> => {
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  const button = page.getByRole('button', { name: `Sign for ${org}` })
  await button.waitFor()
  assert.equal(await button.getAttribute('aria-disabled'), 'true', 'not before it was read')
  if (org === 'lab') await shoot(page, 'sign-ceremony')
  await page.getByText('End of the text').scrollIntoViewIfNeeded()
  await page.getByRole('checkbox', { name: /I have read the whole text/ }).check()
  await button.click()
  await page.getByRole('form', { name: 'Prove who you are' }).waitFor()
  await page.getByLabel('Your password').fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  if (org === 'lab') await shoot(page, 'sign-proof')
  await page.getByLabel('Your password').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: after }).waitFor()
  await shoot(page, `signed-${org}`)
}

const say = async (page: Page, act: string, why: string): Promise<void> => {
  await page.getByRole('button', { name: act, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why').fill(why)
  await dialog.getByRole('button', { name: act, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

const give = async (cem: Page): Promise<void> => {
  await cem.getByRole('link', { name: 'Open the agreement' }).click()
  await cem.getByRole('button', { name: 'Give access' }).click()
  await cem.getByLabel('User name').fill('dora')
  await cem.getByLabel('Project').fill('Screening study')
  await cem.getByRole('button', { name: 'Give access' }).click()
  await cem.getByText('Access given to dora').waitFor()
  await cem.getByText('Screening study, dora').waitFor()
  await shoot(cem, 'studio-people')
}

void test('drafted, proposed, countered, agreed, signed by both; refused, given, suspended, resumed', async () => {
  await using site = await openSite()
  await fillParties(site)
  const ann = await pageOf(site, 'ann')
  const cem = await pageOf(site, 'cem')
  const dora = await pageOf(site, 'dora')
  await draft(ann, site)
  await negotiate(ann, cem, site)
  // Later than five minutes after they signed in.
  site.dev.clock.advance(10 * 60_000)
  await sign(ann, 'lab', 'Signed for lab')
  await openIt(cem, site)
  await sign(cem, 'clinic', 'Signed by all')
  await site.dev.hub.agreements.tick(site.dev.system)

  await dora.goto(`${site.url}/lab/retina`)
  await dora.getByText('You cannot download retina.').waitFor()
  await shoot(dora, 'model-refused-before-grant')
  await give(cem)
  await dora.reload()
  await dora.getByRole('heading', { name: 'You may use this model' }).waitFor()
  await shoot(dora, 'model-granted')

  await openIt(ann, site)
  await say(ann, 'Suspend', 'A reader found patient names in the outputs.')
  await ann.getByText('Nobody has access until it is resumed.').waitFor()
  await shoot(ann, 'studio-suspended')
  await dora.reload()
  await dora.getByText('You cannot download retina.').waitFor()
  await shoot(dora, 'model-refused-suspended')
  await say(ann, 'Resume', 'It was a test file.')
  await ann.getByText(/Nothing until it ends on/).waitFor()
  await dora.reload()
  await dora.getByRole('heading', { name: 'You may use this model' }).waitFor()

  await ann.getByRole('link', { name: /^Activity/ }).click()
  await ann.getByText('“It was a test file.”').waitFor()
  await shoot(ann, 'studio-activity')
  await ann.getByRole('link', { name: 'Check the evidence' }).click()
  await ann.getByText(/All \d+ checks hold/).waitFor()
  await shoot(ann, 'evidence')
})
