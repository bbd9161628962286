/** Organisations: made, joined by an invitation, kept in order; what its trail says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { everyPage } from './kit/every-page.ts'
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

void test('an organisation is made, somebody is invited by a link and accepts', async () => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'root', true)
  await userWithPassword(dev, 'bea')
  await signInAs(site, 'root')
  await page.goto(`${url}/organizations`)
  await page.getByLabel('Name', { exact: true }).fill('harbour-clinic')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'harbour-clinic' }).waitFor()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Members' }).click()
  // From here on by keys.
  await page.getByLabel('Mail address').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.type('Wri')
  await page.getByRole('button', { name: 'Invite' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'The invitation' }).waitFor()
  await shoot(page, 'org-invitation')
  const link = (await page.getByRole('region', { name: 'the link' }).innerText()).trim()
  await page.keyboard.press('Escape')
  await page.getByText('A link that was passed on').waitFor()

  const other = await site.another()
  const there = await other.newPage()
  await signInAs({ ...site, page: there }, 'bea')
  await there.goto(link)
  await there.getByRole('button', { name: 'Accept the invitation' }).click()
  await there.getByText('Welcome to harbour-clinic').waitFor()

  await page.reload()
  await page.getByLabel('Role of bea').waitFor()
  assert.equal(await page.getByLabel('Role of bea').inputValue(), 'write')
  await page.getByLabel('Role of bea').selectOption('read')
  await page.getByText('bea is reader now.').waitFor()
  await page.getByRole('button', { name: 'Remove bea' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove bea' }).click()
  await page.getByLabel('Role of bea').waitFor({ state: 'detached' })

  await page.getByRole('link', { name: 'Audit trail' }).click()
  await page.getByLabel('Act', { exact: true }).fill('member_removed')
  await page.keyboard.press('Enter')
  await page.waitForURL(/act=member_removed/)
  await page.getByRole('cell', { name: 'Member removed' }).waitFor()
  await shoot(page, 'org-trail-found')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export as CSV' }).click(),
  ])
  assert.equal(download.suggestedFilename(), 'audit.csv')
})

void test('a team, a group and a program are made, and the program gets a token', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  await signInAs(site, 'ann')
  await page.goto(url + settings)
  await page.getByRole('link', { name: 'Teams' }).click()
  await page.getByLabel('Name of a new team').fill('imaging')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'People of imaging' }).click()
  await page.getByLabel('A member of the organisation').fill('ann')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Take ann out of imaging' }).waitFor()
  await page.getByRole('link', { name: 'Resource groups' }).click()
  await page.getByLabel('Name of a new group').fill('restricted')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'What is in restricted' }).click()
  await page.getByLabel('A repository of the organisation').fill('plover-base')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'north-lab/plover-base' }).waitFor()
  await page.getByLabel('Whom').selectOption('team')
  await page.getByLabel('Name', { exact: true }).fill('imaging')
  await page.getByRole('button', { name: 'Name them' }).click()
  await page.getByRole('button', { name: 'End what imaging was given' }).waitFor()
  await shoot(page, 'org-group-open')
  await page.getByRole('link', { name: 'Service accounts' }).click()
  await page.getByLabel('Name of a new service account').fill('north-lab-ci')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Tokens of north-lab-ci' }).click()
  await page.getByRole('button', { name: 'New token' }).click()
  await page.getByLabel('Name', { exact: true }).fill('pipeline')
  await page.keyboard.press('Enter')
  const secret = (await page.getByRole('region', { name: 'the token' }).innerText()).trim()
  const answer = await dev.ask('GET', '/api/whoami-v2', { token: secret })
  assert.equal(answer.status, 200, answer.text)
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Rules' }).click()
  await page.getByLabel('Tokens live at most, in days').fill('30')
  await page.getByRole('button', { name: 'Save the rules' }).click()
  await page.getByText('The rules hold from now on.').waitFor()
})
