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
import { bothHands, button, type Hands, link } from './kit/hands.ts'
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

/** One part of the agreement, in a browser of its own. */
const at = async (site: Site, name: string, id: string, panel: string): Promise<Page> => {
  const page = await pageOf(site, name, `/agreements/${id}?panel=${panel}`)
  await page.getByRole('region', { name: 'What comes next' }).waitFor()
  return page
}

const attest = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillParties(site)
  const id = await begin(site, [
    { operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] },
  ])
  assert.equal(await read(site), 403)
  const page = await at(site, 'cem', id, 'people')
  await page.getByText('The terms ask for training HumanSubjects.').waitFor()
  await page.getByText('Study, dora').waitFor()
  await hands.press(button(page, 'Attest'))
  const dialog = page.getByRole('dialog')
  const send = button(dialog, 'Attest it')
  assert.equal(await dialog.getByLabel('As the terms call it').inputValue(), 'HumanSubjects')
  assert.equal(await send.getAttribute('aria-disabled'), 'true', 'not without a document')
  await hands.type(dialog.getByLabel('User name'), 'ann')
  await hands.type(dialog.getByLabel('Link to the document'), 'https://clinic.example/certificate')
  await hands.press(send)
  await dialog.getByText('ann does not belong to clinic.').waitFor()
  await hands.type(dialog.getByLabel('User name'), 'dora')
  await hands.day(dialog.getByLabel('Until'), site.dev.clock.nowMs() + 90 * dayMs)
  await shoot(page, 'agreement-attest')
  await hands.press(send)
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Training HumanSubjects, dora').waitFor()
  await shoot(page, 'agreement-attested')
  assert.equal(await read(site), 200)
  await hands.press(button(page, 'End: Training HumanSubjects, dora'))
  await hands.press(button(dialog, 'End it'))
  await page.getByText('· over').waitFor()
  assert.equal(await read(site), 403)
}

const report = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillParties(site)
  const id = await begin(site, [])
  const page = await at(site, 'cem', id, 'activity')
  await hands.press(button(page, 'Report something'))
  const dialog = page.getByRole('dialog')
  const send = button(dialog, 'Report it')
  assert.equal(await send.getAttribute('aria-disabled'), 'true', 'not without words')
  await hands.type(dialog.getByLabel('What happened'), 'A laptop was lost.')
  await hands.choose(dialog.getByLabel('At which party'), 'lab')
  assert.equal(await dialog.getByLabel('When it was noticed').count(), 0, 'no time of others')
  await hands.choose(dialog.getByLabel('At which party'), 'clinic')
  await shoot(page, 'agreement-report')
  await hands.press(send)
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('clinic reported that something happened').waitFor()
  await page.getByText('“A laptop was lost.”').waitFor()
  await hands.press(link(page.getByRole('navigation', { name: 'Main' }), 'Agreements'))
  await hands.press(link(page, 'Duties'))
  await page.getByText('Report an incident').waitFor()
}

const correct = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillParties(site)
  const { dev } = site
  const id = await begin(site, [{ operand: 'downloadsTotal', operator: 'lteq', value: 1 }])
  assert.equal(await read(site), 200)
  dev.clock.advance(32 * dayMs)
  await dev.hub.agreements.tick(dev.system)
  assert.equal(await read(site), 403)
  const cem = await at(site, 'cem', id, 'use')
  await cem.getByText('Study, downloads: 1').waitFor()
  assert.equal(await button(cem, /^Correct/).count(), 0)
  const ann = await at(site, 'ann', id, 'use')
  await hands.press(button(ann, 'Correct 2026-01'))
  const dialog = ann.getByRole('dialog')
  const send = button(dialog, 'Take it off')
  await hands.choose(dialog.getByLabel('What was counted too high'), 'Study, downloads')
  await hands.type(dialog.getByLabel('How much less it was'), '2')
  await hands.type(dialog.getByLabel('Why'), 'The line broke.')
  await hands.press(send)
  await dialog.getByRole('alert').waitFor()
  await hands.type(dialog.getByLabel('How much less it was'), '1')
  await shoot(ann, 'agreement-correct')
  await hands.press(send)
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await read(site), 200)
  await hands.press(button(cem, 'Dispute 2026-01'))
  await hands.type(cem.getByRole('dialog').getByLabel('Why'), 'It was another month.')
  await hands.press(cem.getByRole('dialog').getByRole('button', { name: 'Dispute', exact: true }))
  await ann.getByText('Disputed: “It was another month.”').waitFor()
}

for (const hands of bothHands) {
  void test(`a training is attested, what rests on it opens, and shuts when it is ended, ${hands.name}`, () =>
    attest(hands))
  void test(`an incident is reported, and what the text ties to it is owed from then on, ${hands.name}`, () =>
    report(hands))
  void test(`what was counted too high is taken off by who gives, and only by them, ${hands.name}`, () =>
    correct(hands))
}
