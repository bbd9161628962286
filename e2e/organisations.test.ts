/** Organisations: made, joined by an invitation, kept in order; what its trail says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { everyPage } from './kit/every-page.ts'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

const settings = '/organizations/north-lab/settings'

void test('each page of organisations', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  assert.deepEqual(await visitAll(site, everyPage.organisations), [])
})

const invite = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'root', true)
  await userWithPassword(dev, 'bea')
  await signInAs(site, 'root')
  await page.goto(`${url}/organizations`)
  await hands.type(page.getByLabel('Name', { exact: true }), 'harbour-clinic')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'harbour-clinic' }).waitFor()
  await hands.press(link(page, 'Settings'))
  await hands.press(link(page, 'Members'))
  await hands.choose(page.getByLabel('As', { exact: true }), 'Writer: every repository')
  await hands.press(button(page, 'Invite'))
  await page.getByRole('heading', { name: 'The invitation' }).waitFor()
  await shoot(page, 'org-invitation')
  const address = (await page.getByRole('region', { name: 'the link' }).innerText()).trim()
  await hands.press(button(page, 'I have kept it'))
  await page.getByText('A link that was passed on').waitFor()

  const other = await site.another()
  const there = await other.newPage()
  await signInAs({ ...site, page: there }, 'bea')
  await there.goto(address)
  await there.getByRole('heading', { name: 'Join harbour-clinic' }).waitFor()
  await hands.press(button(there, 'Accept the invitation'))
  await there.getByText('Welcome to harbour-clinic').waitFor()
  // Used up: nothing to press.
  await there.goto(address)
  await there.getByRole('heading', { name: 'You cannot join' }).waitFor()

  await page.reload()
  await page.getByLabel('Role of bea').waitFor()
  assert.equal(await page.getByLabel('Role of bea').inputValue(), 'write')
  await hands.choose(page.getByLabel('Role of bea'), 'Reader')
  await page.getByText('bea is reader now.').waitFor()
  await hands.press(button(page, 'Remove bea'))
  await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Remove bea' }))
  await page.getByLabel('Role of bea').waitFor({ state: 'detached' })

  await hands.press(link(page, 'Audit trail'))
  await hands.type(page.getByLabel('Act', { exact: true }), 'member_removed')
  await page.keyboard.press('Enter')
  await page.waitForURL(/act=member_removed/)
  await page.getByRole('cell', { name: 'Member removed' }).waitFor()
  await shoot(page, 'org-trail-found')
  const download = page.waitForEvent('download')
  await hands.press(link(page, 'Export as CSV'))
  assert.equal((await download).suggestedFilename(), 'audit.csv')
}

const arrange = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  await signInAs(site, 'ann')
  await page.goto(url + settings)
  await hands.press(link(page, 'Teams'))
  await hands.type(page.getByLabel('Name of a new team'), 'imaging')
  await page.keyboard.press('Enter')
  await hands.press(button(page, 'People of imaging'))
  await hands.type(page.getByLabel('A member of the organisation'), 'ann')
  await page.keyboard.press('Enter')
  await button(page, 'Take ann out of imaging').waitFor()
  await hands.press(link(page, 'Resource groups'))
  await hands.type(page.getByLabel('Name of a new group'), 'restricted')
  await page.keyboard.press('Enter')
  await hands.press(button(page, 'What is in restricted'))
  await hands.type(page.getByLabel('A repository of the organisation'), 'plover-base')
  await page.keyboard.press('Enter')
  await link(page, 'north-lab/plover-base').waitFor()
  await hands.choose(page.getByLabel('Whom'), 'A team')
  await hands.type(page.getByLabel('Name', { exact: true }), 'imaging')
  await hands.press(button(page, 'Name them'))
  await button(page, 'End what imaging was given').waitFor()
  await shoot(page, 'org-group-open')
  await hands.press(link(page, 'Service accounts'))
  await hands.type(page.getByLabel('Name of a new service account'), 'north-lab-ci')
  await page.keyboard.press('Enter')
  await hands.press(button(page, 'Tokens of north-lab-ci'))
  await hands.press(button(page, 'New token'))
  await hands.type(page.getByLabel('Name', { exact: true }), 'pipeline')
  await page.keyboard.press('Enter')
  const secret = (await page.getByRole('region', { name: 'the token' }).innerText()).trim()
  const answer = await dev.ask('GET', '/api/whoami-v2', { token: secret })
  assert.equal(answer.status, 200, answer.text)
  await hands.press(button(page, 'I have kept it'))
  await hands.press(link(page, 'Rules'))
  await hands.type(page.getByLabel('Tokens live at most, in days'), '30')
  await hands.press(button(page, 'Save the rules'))
  await page.getByText('The rules hold from now on.').waitFor()
}

for (const hands of bothHands) {
  void test(`an organisation is made, somebody is invited by a link and accepts, ${hands.name}`, () =>
    invite(hands))
  void test(`a team, a group and a program are made, and the program gets a token, ${hands.name}`, () =>
    arrange(hands))
}
