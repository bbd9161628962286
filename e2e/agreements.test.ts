/** Two organisations come to an agreement, each in a browser of its own: from the gallery to a model that is used, refused, used again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { dayMs } from '@weighhouse/testkit/house/agreement-kit.ts'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

interface Talk {
  readonly site: Site
  readonly hands: Hands
}

/** What has no answer of its own in the template. */
const answer = async (page: Page, { site, hands }: Talk): Promise<void> => {
  const now = site.dev.clock.nowMs()
  await hands.type(page.getByLabel('Title'), 'Retina segmentation for research')
  await hands.day(page.getByLabel('Begin'), now)
  await hands.day(page.getByLabel('End', { exact: true }), now + 300 * dayMs)
  await hands.type(page.getByLabel('Credit line'), 'Retina by Lab')
  await hands.type(page.getByLabel('Governing law'), 'Germany')
  await hands.type(page.getByLabel('Legal contact'), 'Legal, legal@lab.example')
  await hands.type(page.getByLabel('Technical contact'), 'Models, models@lab.example')
  await hands.type(page.getByLabel('Incident contact'), 'Desk, desk@lab.example')
}

const draft = async (ann: Page, talk: Talk): Promise<void> => {
  const { hands } = talk
  await hands.press(link(ann, 'Agreements'))
  await ann.getByText('No agreements yet').waitFor()
  await shoot(ann, 'agreements-empty')
  await hands.press(link(ann, 'New agreement').first())
  await ann.getByRole('heading', { name: 'Of this hub' }).waitFor()
  await shoot(ann, 'agreements-gallery')
  await hands.press(link(ann, 'Research collaboration'))
  await hands.press(button(ann, 'Write the draft'))
  await ann.getByText('Name the organisation with which this is agreed.').first().waitFor()
  await hands.type(ann.getByLabel('Partner'), 'clinic')
  await hands.type(ann.getByLabel('Find models and data sets'), 'retina')
  await hands.press(button(ann, 'Add lab/retina'))
  await answer(ann, talk)
  await hands.type(ann.getByLabel('Named users'), '99999')
  await hands.press(button(ann, 'Write the draft'))
  await ann
    .getByText(/expected a whole number from 1 to 10000/)
    .first()
    .waitFor()
  assert.equal(await ann.getByLabel('Named users').getAttribute('aria-invalid'), 'true')
  await shoot(ann, 'agreements-new')
  await hands.type(ann.getByLabel('Named users'), '12')
  await hands.press(button(ann, 'Try it out'))
  await ann.getByRole('table', { name: 'What it would permit' }).waitFor()
  await hands.press(button(ann, 'Write the draft'))
  await ann.getByRole('heading', { name: 'Retina segmentation for research' }).waitFor()
  await ann.getByRole('heading', { name: /clinic may$/ }).waitFor()
  await shoot(ann, 'studio-draft')
}

const openIt = async (page: Page, { hands }: Talk) => {
  const name = 'Retina segmentation for research'
  await hands.press(link(page.getByRole('navigation', { name: 'Main' }), 'Agreements'))
  await hands.press(link(page, name))
  await page.getByRole('heading', { name, level: 1 }).waitFor()
  await page.getByRole('region', { name: 'What comes next' }).waitFor()
}

const negotiate = async (ann: Page, cem: Page, talk: Talk): Promise<void> => {
  const { hands } = talk
  await hands.press(button(ann, 'Propose'))
  await hands.press(button(ann, 'Propose it'))
  await ann.getByText('Wait for clinic to answer the offer.').waitFor()

  await hands.press(link(cem, 'Agreements'))
  await cem.getByText('Answer the offer of lab.').waitFor()
  await shoot(cem, 'agreements-list')
  await openIt(cem, talk)
  await hands.press(link(cem, 'Counter'))
  await cem.getByRole('heading', { name: 'Counter the offer' }).waitFor()
  assert.equal(await cem.getByLabel('Named users').inputValue(), '12', 'what was agreed so far')
  assert.equal(
    await cem.getByLabel('Research, not commercial').isDisabled(),
    true,
    'no matter of talk',
  )
  await hands.type(cem.getByLabel('Named users'), '20')
  await hands.type(cem.getByLabel('Notice'), '60')
  await shoot(cem, 'agreements-counter')
  await hands.press(button(cem, 'Send the counter-offer'))
  await cem.getByText('Wait for lab to answer the counter-offer.').waitFor()

  await ann.getByText('Answer the counter-offer of clinic.').waitFor()
  const access = ann
    .getByRole('region', { name: /Who has access/ })
    .filter({ hasText: 'named user' })
  await access.locator('del', { hasText: '12' }).first().waitFor()
  await access.locator('ins', { hasText: '20' }).first().waitFor()
  await ann.getByText('asks for this change').first().waitFor()
  await shoot(ann, 'studio-redline')
  await hands.press(button(ann, 'Agree, then sign'))
  await hands.press(button(ann, 'Agree'))
  await link(ann, 'Sign').waitFor()
}

/** Reads to the end, confirms, proves who it is. */
const sign = async (page: Page, { hands }: Talk, org: string, after: string): Promise<void> => {
  await hands.press(link(page, 'Sign'))
  const act = button(page, `Sign for ${org}`)
  await act.waitFor()
  assert.equal(await act.getAttribute('aria-disabled'), 'true', 'not before it was read')
  if (org === 'lab') await shoot(page, 'sign-ceremony')
  await page.getByText('End of the text').scrollIntoViewIfNeeded()
  await hands.tick(page.getByRole('checkbox', { name: /I have read the whole text/ }))
  await hands.press(act)
  await page.getByRole('form', { name: 'Prove who you are' }).waitFor()
  await hands.type(page.getByLabel('Your password'), 'wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  if (org === 'lab') await shoot(page, 'sign-proof')
  await hands.type(page.getByLabel('Your password'), password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: after }).waitFor()
  await shoot(page, `signed-${org}`)
}

const say = async (page: Page, { hands }: Talk, act: string, why: string): Promise<void> => {
  await hands.press(button(page, act))
  const dialog = page.getByRole('dialog')
  await hands.type(dialog.getByLabel('Why'), why)
  await hands.press(button(dialog, act))
  await dialog.waitFor({ state: 'detached' })
}

const give = async (cem: Page, { hands }: Talk): Promise<void> => {
  await hands.press(link(cem, 'Open the agreement'))
  await hands.press(button(cem, 'Give access'))
  await hands.type(cem.getByLabel('User name'), 'dora')
  await hands.type(cem.getByLabel('Project'), 'Screening study')
  await hands.press(button(cem, 'Give access'))
  await cem.getByText('Access given to dora').waitFor()
  await cem.getByText('Screening study, dora').waitFor()
  await shoot(cem, 'studio-people')
}

/** The model is used, refused, used again; what was said is kept and can be checked. */
const use = async (ann: Page, cem: Page, dora: Page, talk: Talk): Promise<void> => {
  const { hands } = talk
  await hands.jump(dora, 'retina', /retina/)
  await dora.getByText('You cannot download retina.').waitFor()
  await shoot(dora, 'model-refused-before-grant')
  await give(cem, talk)
  await dora.reload()
  await dora.getByRole('heading', { name: 'You may use this model' }).waitFor()
  await shoot(dora, 'model-granted')

  await openIt(ann, talk)
  await say(ann, talk, 'Suspend', 'A reader found patient names in the outputs.')
  await ann.getByText('Nobody has access until it is resumed.').waitFor()
  await shoot(ann, 'studio-suspended')
  await dora.reload()
  await dora.getByText('You cannot download retina.').waitFor()
  await shoot(dora, 'model-refused-suspended')
  await say(ann, talk, 'Resume', 'It was a test file.')
  await ann.getByText(/Nothing until it ends on/).waitFor()
  await dora.reload()
  await dora.getByRole('heading', { name: 'You may use this model' }).waitFor()

  await hands.press(link(ann, /^Activity/))
  await ann.getByText('“It was a test file.”').waitFor()
  await shoot(ann, 'studio-activity')
  await hands.press(link(ann, 'Check the evidence'))
  await ann.getByText(/All \d+ checks hold/).waitFor()
  await shoot(ann, 'evidence')
}

for (const hands of bothHands) {
  void test(`drafted, proposed, countered, agreed, signed by both; refused, given, suspended, resumed, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillParties(site)
    const talk = { site, hands }
    const ann = await pageOf(site, 'ann')
    const cem = await pageOf(site, 'cem')
    const dora = await pageOf(site, 'dora')
    await draft(ann, talk)
    await negotiate(ann, cem, talk)
    // Later than five minutes after they signed in.
    site.dev.clock.advance(10 * 60_000)
    await sign(ann, talk, 'lab', 'Signed for lab')
    await openIt(cem, talk)
    await sign(cem, talk, 'clinic', 'Signed by all')
    await site.dev.hub.agreements.tick(site.dev.system)
    await use(ann, cem, dora, talk)
  })
}
