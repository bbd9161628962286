/** What a party says beside the text, by hand: what it attests of its people, what happened, and what was counted too high. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Constraint, Obligation } from '@weighhouse/formats/terms/terms.ts'
import {
  bySession,
  dayMs,
  managing,
  toActive,
  wishOf,
} from '@weighhouse/testkit/house/agreement-kit.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const incident: Obligation = {
  id: 'incident',
  name: 'reportIncident',
  clause: '3',
  debtor: 'consumer',
  trigger: 'incident',
  within: 'PT72H',
}

/** In force, with these limits of what may be downloaded; dora may use it for a study. */
const begin = async ({ dev }: Site, limits: readonly Constraint[]): Promise<string> => {
  const lab = await bySession(dev, 'ann')
  const clinic = await bySession(dev, 'cem')
  const two = { dev, lab, lab2: await bySession(dev, 'ada'), clinic }
  const terms = wishOf(dev).terms
  const permissions = terms.permissions.map((one) =>
    one.action === 'download' ? { ...one, constraints: limits } : one,
  )
  const { id } = await toActive(two, { terms: { ...terms, permissions, obligations: [incident] } })
  await dev.hub.agreements.grant(clinic, await managing(dev, clinic, 'clinic'), id, {
    project: 'Study',
    purposes: [],
    to: { kind: 'user', name: 'dora' },
  })
  return id
}

const read = async ({ dev }: Site): Promise<number> => {
  const token = await dev.token('dora', 'read')
  return (await dev.ask('GET', '/lab/retina/resolve/main/config.json', { token })).status
}

const at = async (page: Page, { url }: Site, id: string, panel: string): Promise<void> => {
  await page.goto(`${url}/agreements/${id}?panel=${panel}`)
  await page.getByRole('region', { name: 'What comes next' }).waitFor()
}

void test('a training is attested, what rests on it opens, and shuts when it is ended', async () => {
  await using site = await openSite()
  await fillParties(site)
  const id = await begin(site, [
    { operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] },
  ])
  assert.equal(await read(site), 403)
  const page = await pageOf(site, 'cem')
  await at(page, site, id, 'people')
  await page.getByText('The terms ask for training HumanSubjects.').waitFor()
  await page.getByText('Study, dora').waitFor()
  await page.getByRole('button', { name: 'Attest', exact: true }).click()
  const dialog = page.getByRole('dialog')
  const send = dialog.getByRole('button', { name: 'Attest it' })
  assert.equal(await dialog.getByLabel('As the terms call it').inputValue(), 'HumanSubjects')
  assert.equal(await send.getAttribute('aria-disabled'), 'true', 'not without a document')
  await dialog.getByLabel('User name').fill('ann')
  await dialog.getByLabel('Link to the document').fill('https://clinic.example/certificate')
  await send.click()
  await dialog.getByText('ann does not belong to clinic.').waitFor()
  await dialog.getByLabel('User name').fill('dora')
  const until = new Date(site.dev.clock.nowMs() + 90 * dayMs).toISOString().slice(0, 10)
  await dialog.getByLabel('Until').fill(until)
  await shoot(page, 'agreement-attest')
  await send.click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Training HumanSubjects, dora').waitFor()
  await shoot(page, 'agreement-attested')
  assert.equal(await read(site), 200)
  await page.getByRole('button', { name: 'End: Training HumanSubjects, dora' }).click()
  await dialog.getByRole('button', { name: 'End it' }).click()
  await page.getByText('· over').waitFor()
  assert.equal(await read(site), 403)
})

void test('an incident is reported, and what the text ties to it is owed from then on', async () => {
  await using site = await openSite()
  await fillParties(site)
  const id = await begin(site, [])
  const page = await pageOf(site, 'cem')
  await at(page, site, id, 'activity')
  await page.getByRole('button', { name: 'Report something' }).click()
  const dialog = page.getByRole('dialog')
  const send = dialog.getByRole('button', { name: 'Report it' })
  assert.equal(await send.getAttribute('aria-disabled'), 'true', 'not without words')
  await dialog.getByLabel('What happened').fill('A laptop was lost.')
  await dialog.getByLabel('At which party').selectOption('lab')
  assert.equal(await dialog.getByLabel('When it was noticed').count(), 0, 'no time of others')
  await dialog.getByLabel('At which party').selectOption('clinic')
  await shoot(page, 'agreement-report')
  await send.click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('clinic reported that something happened').waitFor()
  await page.getByText('“A laptop was lost.”').waitFor()
  await page.goto(`${site.url}/agreements/duties?as=clinic`)
  await page.getByText('Report an incident').waitFor()
})

void test('what was counted too high is taken off by who gives, and only by them', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev } = site
  const id = await begin(site, [{ operand: 'downloadsTotal', operator: 'lteq', value: 1 }])
  assert.equal(await read(site), 200)
  dev.clock.advance(32 * dayMs)
  await dev.hub.agreements.tick(dev.system)
  assert.equal(await read(site), 403)
  const cem = await pageOf(site, 'cem')
  await at(cem, site, id, 'use')
  await cem.getByText('Study, downloads: 1').waitFor()
  assert.equal(await cem.getByRole('button', { name: /^Correct/ }).count(), 0)
  const ann = await pageOf(site, 'ann')
  await at(ann, site, id, 'use')
  await ann.getByRole('button', { name: 'Correct 2026-01' }).click()
  const dialog = ann.getByRole('dialog')
  const send = dialog.getByRole('button', { name: 'Take it off' })
  await dialog.getByLabel('What was counted too high').selectOption('Study, downloads')
  await dialog.getByLabel('How much less it was').fill('2')
  await dialog.getByLabel('Why').fill('The line broke.')
  await send.click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel('How much less it was').fill('1')
  await shoot(ann, 'agreement-correct')
  await send.click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await read(site), 200)
  await cem.getByRole('button', { name: 'Dispute 2026-01' }).click()
  await cem.getByRole('dialog').getByLabel('Why').fill('It was another month.')
  await cem.getByRole('dialog').getByRole('button', { name: 'Dispute', exact: true }).click()
  await ann.getByText('Disputed: “It was another month.”').waitFor()
})
