/**
 * From a hub that has just been started to a suspended agreement, as somebody does it who never saw it: in the browser, against the real
 * program. Only the further administrators that a signatory needs are made on the command line and by the API.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { createUser, passwordOf } from '@weighhouse/testkit/crash/admin.ts'
import { startHub } from '@weighhouse/testkit/crash/hub-process.ts'
import { openBrowser } from '@weighhouse/testkit/story/browser.ts'
import { makeModel } from '../tools/demo/model.ts'
import { untilQuiet } from './kit/quiet.ts'
import { type Browsers, openBrowsers, shoot } from './kit/site.ts'

const size = { width: 1440, height: 900 }

interface Place {
  readonly url: string
  readonly dataDir: string
  readonly browsers: Browsers
}

const newPage = async ({ browsers }: Place): Promise<Page> => {
  const context = await browsers.another()
  const page = await context.newPage()
  await page.setViewportSize(size)
  return page
}

const signIn = async (place: Place, name: string): Promise<Page> => {
  const page = await newPage(place)
  await page.goto(`${place.url}/login`)
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(passwordOf(name))
  await page.keyboard.press('Enter')
  await page.waitForURL(`${place.url}/`)
  return page
}

/** Two more administrators, one of whom names the first as signatory and one who confirms it: nobody signs on the word of one person. */
const readyToSign = async (
  { url, dataDir }: Place,
  org: string,
  people: readonly [string, string, string],
): Promise<void> => {
  const [first, second, third] = people
  for (const name of [second, third]) await createUser(dataDir, name)
  const one = await openBrowser(url, first)
  for (const user of [second, third]) await one.client.setMember({ org, user, role: 'admin' })
  const two = await openBrowser(url, second)
  const named = await two.client.nameSignatory({
    org,
    user: first,
    title: 'Director',
    sides: ['provider', 'consumer'],
    to: new Date(Date.now() + 300 * 86_400_000).toISOString(),
  })
  const confirming = await openBrowser(url, third)
  await confirming.client.confirmSignatory({ org, id: named.id })
}

const setUp = async (place: Place, link: string): Promise<Page> => {
  const page = await newPage(place)
  await page.goto(link)
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill(passwordOf('ada'))
  await shoot(page, 'journey-01-set-up')
  await page.getByRole('button', { name: 'Create the administrator' }).click()
  await page.getByRole('heading', { name: 'Welcome, ada' }).waitFor()
  return page
}

const makeOrg = async (page: Page, { url }: Place, name: string, first?: string) => {
  await page.goto(`${url}/organizations`)
  await page.getByLabel('Name', { exact: true }).fill(name)
  if (first !== undefined) await page.getByLabel('First administrator').fill(first)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name }).waitFor()
}

/** Who it is in law, and a seal. */
const describe = async (page: Page, { url }: Place, org: string, legalName: string) => {
  await page.goto(`${url}/organizations/${org}/settings/party`)
  await page.getByLabel('Legal name').fill(legalName)
  await page.getByLabel('Country of the seat').fill('DE')
  await page.getByRole('button', { name: /^Save/ }).click()
  await page.getByRole('button', { name: /seal/i }).first().click()
  await page
    .getByRole('button', { name: /^Revoke/ })
    .first()
    .waitFor()
}

const upload = async (page: Page, { url }: Place): Promise<void> => {
  await page.goto(`${url}/new`)
  await page.getByLabel('Owner').selectOption('north-lab')
  await page.getByLabel('Name').fill('report-triage')
  await page.getByLabel('Who sees it').selectOption('public')
  await page.getByRole('button', { name: 'Create the model' }).click()
  await page.getByRole('heading', { name: 'north-lab/report-triage' }).waitFor()
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-model-'))
  try {
    for (const { path, bytes } of makeModel()) await writeFile(join(folder, path), bytes)
    await page.goto(`${url}/north-lab/report-triage/upload/main`)
    await page.getByLabel('Folder').setInputFiles(folder)
    await page.getByLabel('What this is, in a line').fill('First release')
    await page.getByRole('button', { name: /^Upload 4 files/ }).click()
    await page.getByText('4 files committed to main').waitFor({ timeout: 60_000 })
    await shoot(page, 'journey-02-uploaded')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  await page.goto(`${url}/north-lab/report-triage/settings/gate`)
  await page.getByLabel('Who may read its files').selectOption('manual')
  await page.getByRole('button', { name: /^Save/ }).click()
  await page.getByText('The gate stands so from now on.').first().waitFor()
  await page.goto(`${url}/north-lab/report-triage`)
  await page.getByRole('heading', { name: 'Report triage' }).waitFor()
  await shoot(page, 'journey-03-model')
}

/** The partner gets an account by a link, and an organisation of his own. */
const invite = async (page: Page, place: Place): Promise<Page> => {
  await page.goto(`${place.url}/admin/people`)
  await page.getByLabel('User name').fill('ben')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'A link for ben' }).waitFor()
  const link = (await page.getByRole('region', { name: 'the link' }).innerText()).trim()
  await page.keyboard.press('Escape')
  const partner = await newPage(place)
  await partner.goto(link)
  await partner.getByLabel(/^Password/).fill(passwordOf('ben'))
  await partner.getByRole('button', { name: 'Set password' }).click()
  await untilQuiet(partner)
  await makeOrg(page, place, 'south-hospital', 'ben')
  return signIn(place, 'ben')
}

const askAndRefuse = async (ada: Page, ben: Page, { url }: Place): Promise<void> => {
  await ben.goto(`${url}/north-lab/report-triage`)
  await ben.getByRole('button', { name: 'Ask for access' }).click()
  await ben.getByRole('dialog').getByRole('button', { name: 'Agree and ask' }).click()
  await ben.getByText('Asked. north-lab decides.').waitFor()
  await ada.goto(`${url}/inbox`)
  await ada.getByRole('button', { name: 'Refuse ben' }).click()
  await ada.getByLabel('Reason').fill('Let us agree on terms first.')
  await shoot(ada, 'journey-04-request')
  await ada.keyboard.press('Enter')
  await ada.getByText('ben is refused.').waitFor()
}

const day = (inDays: number): string =>
  new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10)

const draft = async (ada: Page, { url }: Place): Promise<void> => {
  await ada.goto(`${url}/agreements/new`)
  await ada.getByRole('link', { name: 'Research collaboration' }).click()
  await ada.getByLabel('Partner').fill('south-hospital')
  await ada.getByLabel('Find models and data sets').fill('triage')
  await ada.getByRole('button', { name: 'Add north-lab/report-triage' }).click()
  await ada.getByLabel('Title').fill('Report triage for research')
  await ada.getByLabel('Begin').fill(day(0))
  await ada.getByLabel('End', { exact: true }).fill(day(300))
  await ada.getByLabel('Legal contact').fill('Legal, legal@north-lab.example')
  await ada.getByLabel('Technical contact').fill('Models, models@north-lab.example')
  await ada.getByLabel('Incident contact').fill('Desk, desk@north-lab.example')
  await ada.getByLabel('Governing law').fill('Germany')
  await ada.getByLabel('Credit line').fill('Report triage by North Lab')
  await ada.getByRole('button', { name: 'Write the draft' }).click()
  await ada.getByRole('heading', { name: 'Report triage for research' }).waitFor()
  await shoot(ada, 'journey-05-draft')
  await ada.getByRole('button', { name: 'Propose' }).click()
  await ada.getByRole('button', { name: 'Propose it' }).click()
  await ada.getByText('Wait for south-hospital to answer the offer.').waitFor()
}

const openIt = async (page: Page, { url }: Place): Promise<void> => {
  await page.goto(`${url}/agreements`)
  await page.getByRole('link', { name: 'Report triage for research' }).click()
  await page.getByRole('region', { name: 'What comes next' }).waitFor()
}

const counter = async (ada: Page, ben: Page, place: Place): Promise<void> => {
  await openIt(ben, place)
  await ben.getByRole('link', { name: 'Counter', exact: true }).click()
  await ben.getByLabel('Named users').fill('20')
  await ben.getByRole('button', { name: 'Send the counter-offer' }).click()
  await ben.getByText('Wait for north-lab to answer the counter-offer.').waitFor()
  await openIt(ada, place)
  await ada.locator('ins', { hasText: '20' }).first().waitFor()
  await shoot(ada, 'journey-06-redline')
  await ada.getByRole('button', { name: 'Agree, then sign' }).click()
  await ada.getByRole('button', { name: 'Agree', exact: true }).click()
  await ada.getByRole('link', { name: 'Sign', exact: true }).waitFor()
}

/** Reads to the end and confirms; proves who it is where the sign-in is not fresh. */
const sign = async (page: Page, place: Place, org: string, name: string): Promise<void> => {
  await openIt(page, place)
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByText('End of the text').scrollIntoViewIfNeeded()
  await page.getByRole('checkbox', { name: /I have read the whole text/ }).check()
  await page.getByRole('button', { name: `Sign for ${org}` }).click()
  const proof = page.getByRole('form', { name: 'Prove who you are' })
  const signed = page.getByRole('heading', { name: /^Signed / })
  await proof.or(signed).first().waitFor()
  if (await proof.isVisible()) {
    await page.getByLabel('Your password').fill(passwordOf(name))
    await page.keyboard.press('Enter')
  }
  await signed.waitFor()
}

const denied = 'You cannot download report-triage.'
const allowed = 'You may use this model'

/** Until the hub's own clock has brought the agreement there: the page hears of it and is not loaded again. */
const untilShown = async (page: Page, url: string, text: string): Promise<void> => {
  await page.goto(url)
  await page.getByText(text).first().waitFor({ timeout: 30_000 })
}

void test('from a fresh hub to a suspended agreement, without reading docs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-journey-'))
  const dataDir = join(folder, 'data')
  const hub = await startHub({ dataDir })
  await using browsers = openBrowsers()
  try {
    const url = hub.url.replace('127.0.0.1', 'localhost')
    const place: Place = { url, dataDir, browsers }
    const link = /http:\S+\/setup\S+/.exec(hub.output())?.[0]
    assert.ok(link, hub.output())
    const ada = await setUp(place, link.replace('127.0.0.1', 'localhost'))
    await makeOrg(ada, place, 'north-lab')
    await upload(ada, place)
    const ben = await invite(ada, place)
    await askAndRefuse(ada, ben, place)
    await describe(ada, place, 'north-lab', 'North Lab e.V.')
    await describe(ben, place, 'south-hospital', 'South Hospital gGmbH')
    await readyToSign(place, 'north-lab', ['ada', 'ann', 'avi'])
    await readyToSign(place, 'south-hospital', ['ben', 'bea', 'bob'])
    await draft(ada, place)
    await counter(ada, ben, place)
    await sign(ada, place, 'north-lab', 'ada')
    await shoot(ada, 'journey-07-signed')
    await sign(ben, place, 'south-hospital', 'ben')

    const model = `${url}/north-lab/report-triage`
    await untilShown(ben, model, 'has not let you use it')
    await shoot(ben, 'journey-08-refused')
    await ben.getByRole('link', { name: 'Report triage for research' }).click()
    await ben.getByRole('link', { name: /^People/ }).click()
    await ben.getByRole('button', { name: 'Give access' }).click()
    await ben.getByLabel('User name').fill('ben')
    await ben.getByLabel('Project').fill('Triage study')
    await ben.getByRole('button', { name: 'Give access' }).click()
    await ben.getByText('Access given to ben').waitFor()
    await untilShown(ben, model, allowed)
    await shoot(ben, 'journey-09-allowed')

    await openIt(ada, place)
    await ada.getByRole('button', { name: 'Suspend', exact: true }).click()
    const dialog = ada.getByRole('dialog')
    await dialog.getByLabel('Why').fill('A report has to be looked into.')
    await dialog.getByRole('button', { name: 'Suspend', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await untilShown(ben, model, denied)
    await ben.getByText('The agreement is suspended').first().waitFor()
    await shoot(ben, 'journey-10-suspended')
  } finally {
    await hub.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
