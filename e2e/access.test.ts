/** A gated model: asked for, decided, used; and the settings of a repo. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { findBarriers } from './kit/axe.ts'
import { everyPage } from './kit/every-page.ts'
import { bothHands, button, link } from './kit/hands.ts'
import { openSite, shoot, signInAs, type Site } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

void test("each page of a repo's settings", async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  assert.deepEqual(await visitAll(site, everyPage.repoSettings), [])
})

const asBen = async (site: Site): Promise<Page> => {
  const page = await (await site.another()).newPage()
  await signInAs({ ...site, page }, 'ben')
  await page.goto(`${site.url}/inbox`)
  return page
}

for (const hands of bothHands) {
  void test(`access is asked for, refused with a reason, then given until a day, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillWorld(site.dev)
    await signInAs(site, 'ann')
    const { page, url } = site
    const bens = await asBen(site)
    await page.goto(`${url}/south-hospital/sepsis-warning/blob/main/config.json`)
    await page.getByRole('region', { name: 'Why this is refused' }).waitFor()
    await hands.press(link(page, 'Card'))
    await page.getByRole('heading', { name: 'You cannot download sepsis-warning.' }).waitFor()
    await hands.press(button(page, 'Ask for access'))
    await page.getByText('All that you agree to').waitFor()
    assert.deepEqual(await findBarriers(page), [])
    await hands.press(button(page.getByRole('dialog'), 'Agree and ask'))
    await page.getByText('Asked. south-hospital decides.').waitFor()
    await shoot(page, 'gate-ask')
    await hands.press(link(page, 'Inbox'))
    await page.getByText('Waits, asked').waitFor()

    await hands.press(button(bens, 'Refuse ann'))
    await hands.type(bens.getByLabel('Reason'), 'Say what it is for')
    await shoot(bens, 'inbox-refuse')
    await bens.keyboard.press('Enter')
    await bens.getByText('ann is refused.').waitFor()
    await bens.getByText('Nobody waits for you').waitFor()
    await page.getByText('Say what it is for').waitFor()

    await hands.jump(bens, 'sepsis-warning', /sepsis-warning/)
    await hands.press(link(bens, 'Settings'))
    await hands.press(link(bens, 'Access requests'))
    await hands.tick(bens.getByRole('radio', { name: 'Refused' }))
    await hands.press(button(bens, 'Let ann in'))
    await hands.day(bens.getByRole('dialog').getByLabel('Until'), Date.UTC(2030, 0, 31))
    await hands.press(button(bens, 'Let them in'))
    await bens.getByText('ann is let in.').waitFor()
    await hands.press(link(bens, 'Who may do what'))
    await hands.press(button(bens, 'Why, for ann'))
    const why = bens.getByRole('dialog')
    await why.getByText(/By the owner’s own rules\. Until .*2030/).waitFor()
    await shoot(bens, 'access-why')
    await hands.press(button(why, 'Done'))
    await hands.press(link(page, 'south-hospital/sepsis-warning'))
    await page.getByText('You may use this model').waitFor()
    await shoot(page, 'gate-let-in')
  })

  void test(`a repo is renamed, hidden and deleted by its settings, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillWorld(site.dev)
    await signInAs(site, 'ann')
    const { page, url, dev } = site
    await page.goto(`${url}/north-lab/load-forecast`)
    await hands.press(link(page, 'Settings'))
    await hands.choose(
      page.getByLabel('Who sees it'),
      'Private: its owner’s people, and whom you share it with',
    )
    await hands.press(button(page, 'Save who sees it'))
    await page.getByText('Saved.').waitFor()
    const hidden = await dev.ask('GET', '/api/models/north-lab/load-forecast')
    assert.equal(hidden.status, 401)
    await hands.type(page.getByLabel('Name', { exact: true }), 'grid-forecast')
    await hands.press(button(page, 'Move it'))
    await page.waitForURL(/grid-forecast$/)
    await page.goto(`${url}/north-lab/load-forecast/tree/main`)
    await page.waitForURL(`${url}/north-lab/grid-forecast/tree/main`)
    await hands.press(link(page, 'Settings'))
    await hands.press(button(page, 'Delete'))
    const word = page.getByLabel('Type north-lab/grid-forecast to go on')
    await hands.type(word, 'north-lab/grid')
    await page.keyboard.press('Enter')
    await shoot(page, 'repo-delete')
    await hands.type(word, 'north-lab/grid-forecast')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/north-lab`)
    await page.getByText('north-lab/grid-forecast is deleted.').waitFor()
    await page.goto(`${url}/north-lab/grid-forecast`)
    await page.getByText('There is nothing here').waitFor()
  })
}
