/** What people come to do, without a pointer from beginning to end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'
import { button, link, press, type, typeDay } from './kit/keys.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

const dayMs = 86_400_000

void test('a file is uploaded', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url } = site
  await page.goto(`${url}/north-lab/plover-base`)
  await page.getByRole('heading', { name: 'north-lab/plover-base' }).waitFor()
  await page.keyboard.press('t')
  await press(link(page, 'Upload'))
  await page.waitForURL(/\/upload\/main/)
  const chooser = page.waitForEvent('filechooser')
  await press(button(page, 'Choose files'))
  const name = 'notes.txt'
  await (await chooser).setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('Notes\n') })
  await type(page.getByLabel('What this is, in a line'), 'Notes by hand')
  await press(button(page, 'Upload 1 file'))
  await page.getByText('1 file committed to main').waitFor()
  await press(link(page, 'See the files'))
  await page.getByRole('link', { name }).waitFor()
})

void test('access is asked for', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url } = site
  await page.goto(`${url}/south-hospital/sepsis-warning`)
  await press(button(page, 'Ask for access'))
  await page.getByText('All that you agree to').waitFor()
  await press(button(page, 'Agree and ask'))
  await page.getByRole('heading', { name: 'Your request for sepsis-warning waits.' }).waitFor()
})

void test(
  'an agreement is drafted, proposed, agreed to and signed',
  { timeout: 240_000 },
  async () => {
    await using site = await openSite()
    await fillParties(site)
    const ann = await pageOf(site, 'ann')
    await ann.getByRole('link', { name: 'Agreements', exact: true }).waitFor()
    await ann.keyboard.press('g')
    await ann.keyboard.press('a')
    await press(link(ann, 'New agreement').first())
    await press(link(ann, 'Research collaboration'))
    await type(ann.getByLabel('Partner'), 'clinic')
    await type(ann.getByLabel('Find models and data sets'), 'retina')
    await press(button(ann, 'Add lab/retina'))
    await type(ann.getByLabel('Title'), 'Retina by keys')
    const now = site.dev.clock.nowMs()
    await typeDay(ann.getByLabel('Begin'), now)
    await typeDay(ann.getByLabel('End', { exact: true }), now + 300 * dayMs)
    await type(ann.getByLabel('Credit line'), 'Retina by Lab')
    await type(ann.getByLabel('Governing law'), 'Germany')
    await type(ann.getByLabel('Legal contact'), 'Legal, legal@lab.example')
    await type(ann.getByLabel('Technical contact'), 'Models, models@lab.example')
    await type(ann.getByLabel('Incident contact'), 'Desk, desk@lab.example')
    await press(button(ann, 'Write the draft'))
    await ann.getByRole('heading', { name: 'Retina by keys' }).waitFor()
    await press(button(ann, 'Propose'))
    await press(button(ann, 'Propose it'))
    await ann.getByText('Wait for clinic to answer the offer.').waitFor()

    const cem = await pageOf(site, 'cem')
    await cem.getByRole('link', { name: 'Agreements', exact: true }).waitFor()
    await cem.keyboard.press('g')
    await cem.keyboard.press('a')
    await cem.getByText('Answer the offer of lab.').waitFor()
    await cem.keyboard.press('j')
    await cem.keyboard.press('Enter')
    await press(button(cem, 'Agree, then sign'))
    await press(cem.getByRole('dialog').getByRole('button', { name: 'Agree', exact: true }))
    await press(link(cem, 'Sign'))
    const sign = button(cem, 'Sign for clinic')
    await sign.waitFor()
    assert.equal(await sign.getAttribute('aria-disabled'), 'true', 'not before it was read')
    // Its end comes into sight with what stands beneath it.
    await press(cem.getByRole('checkbox', { name: /I have read the whole text/ }), 'Space')
    site.dev.clock.advance(10 * 60_000)
    await press(sign)
    await type(cem.getByLabel('Your password'), password)
    await cem.keyboard.press('Enter')
    await cem.getByRole('heading', { name: 'Signed for clinic' }).waitFor()
  },
)
