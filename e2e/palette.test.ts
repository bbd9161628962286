/** The palette: signs, hashes, addresses, what a page offers; and keys that go along lists and tabs. By keys alone. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { draftRetina, fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { settle } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

const repo = '/north-lab/report-triage'

/** Types into the palette and waits for an answer of these words. */
const ask = async (page: Page, text: string, answer: string | RegExp): Promise<void> => {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill(text)
  await page.getByRole('option', { name: answer }).first().waitFor()
}

const go = async (page: Page, text: string, answer: string | RegExp, to: RegExp): Promise<void> => {
  await ask(page, text, answer)
  await page.keyboard.press('Enter')
  await page.waitForURL(to)
}

const close = (page: Page): Promise<void> => page.keyboard.press('Escape')

void test('what one types into the palette is understood', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  await signInAs(site, 'ann')
  await page.goto(url + repo)
  await page.getByRole('link', { name: 'Files' }).first().waitFor()
  const ann = clientOf(dev, await dev.token('ann', 'read'))
  const triage = { type: 'model', ns: 'north-lab', name: 'report-triage' } as const
  const { commit } = await ann.getTree({ ...triage, at: 'main' })
  const weights = await dev.ask('GET', `${repo}/resolve/main/model.safetensors`)
  const sha256 = createHash('sha256').update(weights.bytes).digest('hex')

  await ask(page, 'south-hospital/', /^south-hospital\//)
  await shoot(page, 'palette')
  await close(page)
  await go(page, ':main', /^main/, /\/tree\/main$/)
  await go(page, '/look ipynb', /^notes\/look\.ipynb/, /\/blob\/main\/notes\/look\.ipynb$/)
  await go(page, commit.slice(0, 9), commit.slice(0, 12), new RegExp(`/commit/${commit}$`))
  await go(page, sha256, /^model\.safetensors/, /\/blob\/main\/model\.safetensors$/)
  await go(page, 'https://huggingface.co/north-lab/report-triage/tree/main', /^\//, /\/tree\/main$/)
  await go(page, `${url}/inbox`, /^\/inbox/, /\/inbox$/)
  await ask(page, '@ann', /Administrator of north-lab/)
  await close(page)
  await ask(page, '>shortcuts', /^Show shortcuts/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Shortcuts of this page' }).waitFor()
  await close(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill('zzz-nothing')
  await page.getByText('Nothing called “zzz-nothing”.').waitFor()
})

void test('what is closed and opened again by quick fingers is open', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await page.goto(url + repo)
  await page.getByRole('link', { name: 'Files' }).first().waitFor()
  const field = page.getByRole('combobox', { name: 'Search or jump to' })
  await page.keyboard.press('Control+k')
  for (let times = 0; times < 10; times += 1) {
    await field.waitFor()
    await Promise.all([page.keyboard.press('Escape'), page.keyboard.press('Control+k')])
  }
  await settle(page)
  assert.ok(await field.isVisible())
})

void test('an agreement is found by its title, by those who look after a party', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { id, draft, ann } = await draftRetina(site)
  await ann.proposeAgreement({ org: 'lab', id, ...draft })
  const page = await pageOf(site, 'cem')
  await page.getByRole('link', { name: 'Agreements', exact: true }).waitFor()
  await go(page, 'research coll', /^Research collaboration/, new RegExp(`/agreements/${id}`))
  const dora = await pageOf(site, 'dora')
  await dora.getByRole('link', { name: 'Agreements', exact: true }).waitFor()
  await dora.keyboard.press('Control+k')
  await dora.getByRole('combobox', { name: 'Search or jump to' }).fill('research coll')
  await dora.getByText('Nothing called “research coll”.').waitFor()
})

void test('keys: a row opened, tabs walked, a file gone to, back where one was', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ann')
  await page.goto(`${url}/models?sort=downloads`)
  await page
    .getByRole('link', { name: /report-triage/ })
    .first()
    .waitFor()
  await page.keyboard.press('/')
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute('type') ?? null)
  assert.equal(await focused(), 'search')
  await page.keyboard.press('Tab')
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await page.keyboard.press('j')
  await page.keyboard.press('o')
  await page.getByRole('navigation', { name: 'Pages of this repository' }).waitFor()
  const card = page.url()
  await page.keyboard.press(']')
  await page.waitForURL(/\/tree\/main$/)
  await page.getByRole('link', { name: 'README.md' }).waitFor()
  await page.keyboard.press('y')
  await page.waitForURL(/\/tree\/[0-9a-f]{40}$/)
  await page.keyboard.press('[')
  await page.waitForURL(card)
  await page.keyboard.press('t')
  const field = page.getByRole('combobox', { name: 'Search or jump to' })
  await field.waitFor()
  assert.equal(await field.inputValue(), '/')
  await page.keyboard.press('Escape')
  await page.keyboard.press('u')
  await page.waitForURL(/\/models\?sort=downloads$/)
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Shortcuts of this page' })
  await sheet.getByRole('checkbox', { name: 'Single letters act' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  assert.equal(await sheet.count(), 0, 'letters are switched off')
})
