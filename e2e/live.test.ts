/** Two browsers: what one does, the other shows without being loaded again. And what somebody writes is not changed under their hands. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { livePath } from '@weighhouse/contract/live.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { draftRetina, fillParties, pageOf } from './kit/parties.ts'
import { untilQuiet } from './kit/quiet.ts'
import { openSite } from './kit/site.ts'

/** Marks the document: a page that is loaded again has lost the mark. */
const watchLoads = async (page: Page, url: string): Promise<() => Promise<void>> => {
  await page.goto(url)
  await untilQuiet(page)
  await page.evaluate(() => document.body.setAttribute('data-here', 'yes'))
  return async () =>
    assert.equal(await page.locator('body').getAttribute('data-here'), 'yes', 'it was loaded again')
}

void test('a commit appears on the page of commits', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { url } = site
  const reader = await pageOf(site, 'ada')
  const isSame = await watchLoads(reader, `${url}/lab/retina/commits/main`)
  const writer = await pageOf(site, 'ann')
  await writer.goto(`${url}/lab/retina/new/main`)
  await writer.getByLabel('Name, with its folders').fill('notes.md')
  await writer.getByLabel('Text').fill('Seen by two.')
  await writer.getByLabel('What changes, in a line').fill('Say who has seen it')
  await writer.getByRole('button', { name: 'Commit to main' }).click()
  await reader.getByText('Say who has seen it').waitFor()
  await isSame()
})

void test('an agreement, the list, the duties and the inbox move when the other side does something', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { url } = site
  const { ann, id, draft } = await draftRetina(site)
  const page = await pageOf(site, 'cem')
  const isSame = await watchLoads(page, `${url}/agreements`)
  await page.getByText('No agreements yet').waitFor()
  await ann.proposeAgreement({ org: 'lab', id, ...draft })
  await page.getByText('Answer the offer of lab.').waitFor()
  await isSame()

  const isSameStudio = await watchLoads(page, `${url}/agreements/${id}`)
  await page.getByText('Answer the offer of lab.').waitFor()
  await ann.withdrawAgreement({ org: 'lab', id, reason: 'A date is wrong.' })
  await page.getByText('Answer the offer of lab.').waitFor({ state: 'detached' })
  await isSameStudio()
})

void test('whoever agrees, agrees to what was read', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev, url } = site
  const { ann, id, draft, wish } = await draftRetina(site)
  await ann.proposeAgreement({ org: 'lab', id, ...draft })
  const page = await pageOf(site, 'cem')
  await page.goto(`${url}/agreements/${id}`)
  await page.getByRole('button', { name: 'Agree, then sign' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('heading', { name: 'Agree to version 1' }).waitFor()
  const cia = clientOf(dev, await dev.token('cia', 'write'))
  await cia.counterAgreement({ org: 'clinic', id, wish: { ...wish, noticeDays: 60 } })
  await page.getByText('Wait for lab to answer the counter-offer.').waitFor()
  await dialog.getByRole('heading', { name: 'Agree to version 1' }).waitFor()
  await dialog.getByRole('button', { name: 'Agree', exact: true }).click()
  await dialog.getByRole('alert').waitFor()
  const { talk } = await cia.getAgreement({ org: 'clinic', id })
  assert.equal(talk, 'countered')
})

void test('what is written stays when somebody else writes, and is sent once that was seen', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { url } = site
  const { ann, id, wish } = await draftRetina(site)
  const page = await pageOf(site, 'ada')
  await page.goto(`${url}/agreements/${id}/write`)
  const text = page.getByLabel('Title')
  await text.fill('My own title')
  await ann.draftAgreement({ org: 'lab', id, wish: { ...wish, noticeDays: 90 } })
  await page.getByText('Something was said about this agreement while you wrote.').waitFor()
  assert.equal(await text.inputValue(), 'My own title')
  const send = page.getByRole('button', { name: 'Write the draft' })
  await send.click()
  await page.getByText('Somebody else did something with this agreement').waitFor()
  await page.getByRole('button', { name: 'Go on with what I wrote' }).click()
  await send.click()
  await page.getByRole('heading', { name: 'My own title' }).waitFor()
})

void test('a file that somebody else changed is not written over', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev, url } = site
  const page = await pageOf(site, 'ada')
  await page.goto(`${url}/lab/retina/edit/main/README.md`)
  await page.getByLabel('Text').fill('My words.')
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const repo = { type: 'model', ns: 'lab', name: 'retina' }
  const at = await ann.getFile({ ...repo, at: 'main/README.md' })
  await ann.commitFiles({
    ...repo,
    branch: 'main',
    parent: at.commit,
    title: 'Other words',
    operations: [{ kind: 'text', path: 'README.md', text: 'Other words.' }],
  })
  await page.getByText('Somebody else changed this branch while you wrote.').waitFor()
  assert.equal(await page.getByLabel('Text').inputValue(), 'My words.')
  await page.getByRole('button', { name: 'Commit to main' }).click()
  await page.locator('[role=alert]').waitFor()
  assert.equal((await ann.getFile({ ...repo, at: 'main/README.md' })).text, 'Other words.')
})

void test('a request comes into the inbox, and a failed job to the administrators', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev, url } = site
  for (const name of ['root-a', 'root-b']) await userWithPassword(dev, name, true)
  await dev.repo('lab/gated')
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const repo = { type: 'model', ns: 'lab', name: 'gated' }
  await ann.setGate({ ...repo, kind: 'manual', coversMembers: false })
  const inbox = await pageOf(site, 'ann')
  const isSame = await watchLoads(inbox, `${url}/inbox`)
  await inbox.getByText('Nobody waits for you').waitFor()
  const dora = clientOf(dev, await dev.token('dora', 'write'))
  await dora.askAccess({ ...repo, fields: {} })
  await inbox.getByText('dora').waitFor()
  await isSame()

  dev.hub.jobs.handle('fragile', () => Promise.reject(new Error('the wire is cut')))
  const admin = await pageOf(site, 'root-a')
  const isSameAdmin = await watchLoads(admin, `${url}/admin/jobs`)
  const job = { kind: 'fragile', workKey: 'fragile', payload: {} }
  await dev.house.db.tx((q, after) => dev.hub.jobs.enqueue({ q, after }, job))
  for (let times = 0; times < limits.jobAttemptsMax; times += 1) {
    await dev.hub.jobs.settle()
    dev.clock.advance(3600_000)
  }
  const again = admin.getByRole('button', { name: 'Run again: fragile' })
  await again.waitFor()
  const other = await pageOf(site, 'root-b')
  await other.goto(`${url}/admin/jobs`)
  await other.getByRole('button', { name: 'Run again: fragile' }).click()
  await again.waitFor({ state: 'detached' })
  await isSameAdmin()
})

void test('tabs of one browser share a stream, and another takes it over', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev, url } = site
  const first = await pageOf(site, 'ada')
  const context = first.context()
  let streams = 0
  context.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith(livePath)) streams += 1
  })
  const isSameFirst = await watchLoads(first, `${url}/lab/retina/commits/main`)
  const second = await context.newPage()
  const isSame = await watchLoads(second, `${url}/lab/retina/commits/main`)
  assert.equal(streams, 1)
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const repo = { type: 'model', ns: 'lab', name: 'retina' }
  const change = async (title: string): Promise<void> => {
    const { commit } = await ann.getFile({ ...repo, at: 'main/README.md' })
    const operations = [{ kind: 'text' as const, path: 'README.md', text: title }]
    await ann.commitFiles({ ...repo, branch: 'main', parent: commit, title, operations })
  }
  await change('The first change')
  await first.getByText('The first change').waitFor()
  await second.getByText('The first change').waitFor()
  await isSameFirst()
  await first.close()
  await change('The second change')
  await second.getByText('The second change').waitFor()
  assert.equal(streams, 2)
  await isSame()
})
