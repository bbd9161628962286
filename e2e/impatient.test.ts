/** People press twice, go back, load again, and are signed out meanwhile: nothing is done twice, and nothing that was typed is lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { livePath } from '@weighhouse/contract/live.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { button, link } from './kit/hands.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { settle } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

const repo = '/north-lab/report-triage'

void test('what is pressed twice is done once', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const page = await pageOf(site, 'ann', '/settings/tokens')
  await button(page, 'New token').click()
  await page.getByLabel('Name', { exact: true }).fill('laptop')
  await button(page, 'Create the token').dblclick()
  await page.getByRole('heading', { name: 'Your new token' }).waitFor()
  await button(page, 'I have kept it').click()
  await page.getByText('laptop').first().waitFor()
  await settle(page)
  assert.equal(await button(page, /^Replace/).count(), 1)

  await page.goto(`${site.url}/organizations/north-lab/settings/members`)
  await button(page, 'Invite').dblclick()
  await button(page, 'I have kept it').click()
  await settle(page)
  const ann = clientOf(site.dev, await site.dev.token('ann', 'write'))
  const { items } = await ann.listInvitations({ org: 'north-lab' })
  assert.equal(items.length, 1)
})

void test('who was signed out meanwhile is told so, signs in and goes on', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page } = site
  await signInAs(site, 'ann')
  // Where the stream of news begins without a session, the page knows by itself.
  const listening = page.waitForResponse((answer) => answer.url().includes(livePath))
  await page.goto(`${site.url}${repo}/edit/main/notes/run.py`)
  await page.getByLabel('Text').fill('print("mine")\n')
  await listening
  await page.context().clearCookies()
  await button(page, 'Commit to main').click()
  await page.getByText('You are signed out by now').waitFor()
  await shoot(page, 'signed-out-meanwhile')
  await signInAs({ page, url: site.url }, 'ann')
  await page.goto(`${site.url}${repo}/edit/main/notes/run.py`)
  await page.getByText('What you typed here before is back.').waitFor()
  await button(page, 'Commit to main').click()
  await page.getByText('Saved run.py on main.').waitFor()
})

void test('a text that was left comes back, until it is sent or given up', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const page = await pageOf(site, 'ann', `${repo}/edit/main/notes/run.py`)
  const text = page.getByLabel('Text')
  const first = await text.inputValue()
  await text.fill('print("mine")\n')
  await link(page, 'History').first().click()
  await page.getByText('First release').first().waitFor()
  await page.goBack()
  await page.getByText('What you typed here before is back.').waitFor()
  assert.equal(await text.inputValue(), 'print("mine")\n')
  await shoot(page, 'text-is-back')
  await button(page, 'Start over').click()
  assert.equal(await text.inputValue(), first)
  await text.fill('print("again")\n')
  await page.reload()
  await page.getByText('What you typed here before is back.').waitFor()
  await link(page, 'Cancel').click()
  await link(page, 'Edit').click()
  await settle(page)
  assert.equal(await text.inputValue(), first)
  await text.fill('print("sent")\n')
  await button(page, 'Commit to main').click()
  await page.getByText('Saved run.py on main.').waitFor()
  await link(page, 'Edit').click()
  await settle(page)
  assert.equal(await text.inputValue(), 'print("sent")\n')
  assert.equal(await page.getByText('What you typed here before is back.').count(), 0)
})

void test('answers for an agreement survive loading the page again', async () => {
  await using site = await openSite()
  await fillParties(site)
  const page = await pageOf(site, 'ann', '/agreements/new?template=research')
  await page.getByLabel('Partner').fill('clinic')
  await page.getByLabel('Title').fill('Retina, once more')
  await page.reload()
  await page.getByText('What you typed here before is back.').waitFor()
  assert.equal(await page.getByLabel('Partner').inputValue(), 'clinic')
  assert.equal(await page.getByLabel('Title').inputValue(), 'Retina, once more')
})

void test('settings of somebody else’s organisation are one refusal, without forms', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const page = await pageOf(site, 'ann', '/organizations/south-hospital/settings/members')
  await page.getByText('You cannot see its settings.').waitFor()
  await settle(page)
  assert.equal(await page.locator('main form, main input').count(), 0)
})
