/**
 * From a hub that has just been started to a suspended agreement, as somebody does it who never saw it: in the browser, against the real
 * program, by mouse and by keys alone. Only the further administrators that a signatory needs are made on the command line and by the API.
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
import { bothHands, button, type Hands, link, mouse } from './kit/hands.ts'
import { type Browsers, openBrowsers, shoot } from './kit/site.ts'

const size = { width: 1440, height: 900 }
const dayMs = 86_400_000

interface Place {
  readonly url: string
  readonly dataDir: string
  readonly browsers: Browsers
  readonly hands: Hands
}

/** Pictures are taken once. */
const keep = async (page: Page, { hands }: Place, name: string): Promise<void> => {
  if (hands === mouse) await shoot(page, `journey-${name}`)
}

const newPage = async ({ browsers }: Place): Promise<Page> => {
  const context = await browsers.another()
  const page = await context.newPage()
  await page.setViewportSize(size)
  return page
}

const signIn = async (place: Place, name: string): Promise<Page> => {
  const { hands, url } = place
  const page = await newPage(place)
  await page.goto(`${url}/login`)
  await hands.type(page.getByLabel('User name'), name)
  await hands.type(page.getByLabel('Password'), passwordOf(name))
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/`)
  await page.getByRole('heading', { name: `Hello, ${name}` }).waitFor()
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
    to: new Date(Date.now() + 300 * dayMs).toISOString(),
  })
  const confirming = await openBrowser(url, third)
  await confirming.client.confirmSignatory({ org, id: named.id })
}

const setUp = async (place: Place, address: string): Promise<Page> => {
  const { hands } = place
  const page = await newPage(place)
  await page.goto(address)
  await hands.type(page.getByLabel('User name'), 'ada')
  await hands.type(page.getByLabel('Password'), passwordOf('ada'))
  await keep(page, place, '01-set-up')
  await hands.press(button(page, 'Create the administrator'))
  await page.getByRole('heading', { name: 'Welcome, ada' }).waitFor()
  return page
}

const makeOrg = async (page: Page, { hands }: Place, name: string, first?: string) => {
  await hands.jump(page, 'Organisations')
  await hands.type(page.getByLabel('Name', { exact: true }), name)
  if (first !== undefined) await hands.type(page.getByLabel('First administrator'), first)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name }).waitFor()
}

/** Who it is in law, and a seal. */
const describe = async (page: Page, { hands }: Place, org: string, legalName: string) => {
  await hands.jump(page, org, new RegExp(`${org}$`))
  // The page before has settings too.
  await page.waitForURL(new RegExp(`/${org}$`))
  await hands.press(link(page, 'Settings'))
  await hands.press(link(page, 'As a party'))
  await hands.type(page.getByLabel('Legal name'), legalName)
  await hands.type(page.getByLabel('Country of the seat'), 'DE')
  await hands.press(button(page, 'Save'))
  await hands.press(button(page, /seal/i).first())
  await button(page, /^Revoke/).waitFor()
}

const upload = async (page: Page, place: Place): Promise<void> => {
  const { hands } = place
  await hands.jump(page, 'New model')
  await hands.choose(page.getByLabel('Owner'), 'north-lab')
  await hands.type(page.getByLabel('Name'), 'report-triage')
  await hands.choose(page.getByLabel('Who sees it'), 'Public: everyone, without signing in')
  await hands.press(button(page, 'Create the model'))
  await page.getByRole('heading', { name: 'north-lab/report-triage' }).waitFor()
  await hands.press(link(page, /^Files/))
  await hands.press(link(page, 'Upload').first())
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-model-'))
  try {
    for (const { path, bytes } of makeModel()) await writeFile(join(folder, path), bytes)
    await hands.attach(button(page, 'Choose a folder'), folder)
    await hands.type(page.getByLabel('What this is, in a line'), 'First release')
    await hands.press(button(page, 'Upload 4 files'))
    await page.getByText('4 files committed to main').waitFor({ timeout: 60_000 })
    await keep(page, place, '02-uploaded')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  await hands.press(link(page, 'Settings'))
  await hands.press(link(page, 'Gate'))
  await hands.choose(
    page.getByLabel('Who may read its files'),
    'Ask first: you decide about each request',
  )
  await hands.press(button(page, 'Save the gate'))
  await page.getByText('The gate stands so from now on.').first().waitFor()
  await hands.press(link(page, 'Card'))
  await page.getByRole('heading', { name: 'Report triage' }).waitFor()
  await keep(page, place, '03-model')
}

/** The partner gets an account by a link, and an organisation of his own. */
const invite = async (page: Page, place: Place): Promise<Page> => {
  const { hands } = place
  await hands.press(link(page, 'Admin'))
  await hands.press(link(page, 'People'))
  await hands.type(page.getByLabel('User name'), 'ben')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'A link for ben' }).waitFor()
  const address = (await page.getByRole('region', { name: 'the link' }).innerText()).trim()
  await hands.press(button(page, 'I have kept it'))
  const partner = await newPage(place)
  await partner.goto(address)
  await hands.type(partner.getByLabel(/^Password/), passwordOf('ben'))
  await hands.press(button(partner, 'Set password'))
  await partner.getByRole('heading', { name: 'The password is set' }).waitFor()
  await makeOrg(page, place, 'south-hospital', 'ben')
  return signIn(place, 'ben')
}

const askAndRefuse = async (ada: Page, ben: Page, place: Place): Promise<void> => {
  const { hands } = place
  await hands.jump(ben, 'report-triage', /report-triage/)
  await hands.press(button(ben, 'Ask for access'))
  await hands.press(button(ben.getByRole('dialog'), 'Agree and ask'))
  await ben.getByText('Asked. north-lab decides.').waitFor()
  await hands.press(link(ada, 'Inbox'))
  await hands.press(button(ada, 'Refuse ben'))
  await hands.type(ada.getByLabel('Reason'), 'Let us agree on terms first.')
  await keep(ada, place, '04-request')
  await ada.keyboard.press('Enter')
  await ada.getByText('ben is refused.').waitFor()
}

const draft = async (ada: Page, place: Place): Promise<void> => {
  const { hands } = place
  await hands.press(link(ada, 'Agreements'))
  await hands.press(link(ada, 'New agreement').first())
  await hands.press(link(ada, 'Research collaboration'))
  await hands.type(ada.getByLabel('Partner'), 'south-hospital')
  await hands.type(ada.getByLabel('Find models and data sets'), 'triage')
  await hands.press(button(ada, 'Add north-lab/report-triage'))
  await hands.type(ada.getByLabel('Title'), 'Report triage for research')
  await hands.day(ada.getByLabel('Begin'), Date.now())
  await hands.day(ada.getByLabel('End', { exact: true }), Date.now() + 300 * dayMs)
  await hands.type(ada.getByLabel('Credit line'), 'Report triage by North Lab')
  await hands.type(ada.getByLabel('Governing law'), 'Germany')
  await hands.type(ada.getByLabel('Legal contact'), 'Legal, legal@north-lab.example')
  await hands.type(ada.getByLabel('Technical contact'), 'Models, models@north-lab.example')
  await hands.type(ada.getByLabel('Incident contact'), 'Desk, desk@north-lab.example')
  await hands.press(button(ada, 'Write the draft'))
  await ada.getByRole('heading', { name: 'Report triage for research' }).waitFor()
  await keep(ada, place, '05-draft')
  await hands.press(button(ada, 'Propose'))
  await hands.press(button(ada, 'Propose it'))
  await ada.getByText('Wait for south-hospital to answer the offer.').waitFor()
}

const openIt = async (page: Page, { hands }: Place): Promise<void> => {
  await hands.press(link(page.getByRole('navigation', { name: 'Main' }), 'Agreements'))
  await hands.press(link(page, 'Report triage for research'))
  await page.getByRole('region', { name: 'What comes next' }).waitFor()
}

const counter = async (ada: Page, ben: Page, place: Place): Promise<void> => {
  const { hands } = place
  await openIt(ben, place)
  await hands.press(link(ben, 'Counter'))
  await hands.type(ben.getByLabel('Named users'), '20')
  await hands.press(button(ben, 'Send the counter-offer'))
  await ben.getByText('Wait for north-lab to answer the counter-offer.').waitFor()
  await openIt(ada, place)
  await ada.locator('ins', { hasText: '20' }).first().waitFor()
  await keep(ada, place, '06-redline')
  await hands.press(button(ada, 'Agree, then sign'))
  await hands.press(button(ada, 'Agree'))
  await link(ada, 'Sign').waitFor()
}

/** Reads to the end and confirms; proves who it is where the sign-in is not fresh. */
const sign = async (page: Page, place: Place, org: string, name: string): Promise<void> => {
  const { hands } = place
  await openIt(page, place)
  await hands.press(link(page, 'Sign'))
  // Its end comes into sight with what stands beneath it.
  await page.getByText('End of the text').scrollIntoViewIfNeeded()
  await hands.tick(page.getByRole('checkbox', { name: /I have read the whole text/ }))
  await hands.press(button(page, `Sign for ${org}`))
  const proof = page.getByRole('form', { name: 'Prove who you are' })
  const signed = page.getByRole('heading', { name: /^Signed / })
  await proof.or(signed).first().waitFor()
  if (await proof.isVisible()) {
    await hands.type(page.getByLabel('Your password'), passwordOf(name))
    await page.keyboard.press('Enter')
  }
  await signed.waitFor()
}

/** From the refusal to the agreement, and to those whom the organisation lets use it. */
const giveAccess = async (ben: Page, place: Place): Promise<void> => {
  const { hands } = place
  await hands.press(link(ben, 'Report triage for research'))
  await hands.press(link(ben, 'Open the agreement'))
  await hands.press(button(ben, 'Give access'))
  await hands.type(ben.getByLabel('User name'), 'ben')
  await hands.type(ben.getByLabel('Project'), 'Triage study')
  await hands.press(button(ben, 'Give access'))
  await ben.getByText('Access given to ben').waitFor()
}

const suspend = async (ada: Page, place: Place): Promise<void> => {
  const { hands } = place
  await openIt(ada, place)
  await hands.press(button(ada, 'Suspend'))
  const dialog = ada.getByRole('dialog')
  await hands.type(dialog.getByLabel('Why'), 'A report has to be looked into.')
  await hands.press(button(dialog, 'Suspend'))
  await dialog.waitFor({ state: 'detached' })
}

const denied = 'You cannot download report-triage.'
const allowed = 'You may use this model'

/** Until the hub's own clock has brought the agreement there: the page hears of it and is not loaded again. */
const untilShown = (page: Page, text: string): Promise<void> =>
  page.getByText(text).first().waitFor({ timeout: 30_000 })

const walk = async (place: Place, output: string): Promise<void> => {
  const { hands } = place
  const address = /http:\S+\/setup\S+/.exec(output)?.[0]
  assert.ok(address, output)
  const ada = await setUp(place, address.replace('127.0.0.1', 'localhost'))
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
  await keep(ada, place, '07-signed')
  await sign(ben, place, 'south-hospital', 'ben')

  await hands.jump(ben, 'report-triage', /report-triage/)
  await untilShown(ben, 'has not let you use it')
  await keep(ben, place, '08-refused')
  await giveAccess(ben, place)
  await hands.jump(ben, 'report-triage', /report-triage/)
  await untilShown(ben, allowed)
  await keep(ben, place, '09-allowed')

  await suspend(ada, place)
  await untilShown(ben, denied)
  await ben.getByText('The agreement is suspended').first().waitFor()
  await keep(ben, place, '10-suspended')
}

for (const hands of bothHands) {
  void test(`from a fresh hub to a suspended agreement, without reading docs, ${hands.name}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weighhouse-journey-'))
    const dataDir = join(folder, 'data')
    const hub = await startHub({ dataDir })
    await using browsers = openBrowsers()
    try {
      const url = hub.url.replace('127.0.0.1', 'localhost')
      await walk({ url, dataDir, browsers, hands }, hub.output())
    } finally {
      await hub.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })
}
