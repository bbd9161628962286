/** A text that was changed by hand still names its template, and says that it was altered: leave to sign by templates does not cover it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BodyWish } from '@weighhouse/server/core/agreements/index.ts'
import type { TemplateValues } from '@weighhouse/server/core/agreements/templates/index.ts'
import { templates } from '@weighhouse/server/core/agreements/templates/index.ts'
import {
  appoint,
  begin,
  bySession,
  dayMs,
  iso,
  managing,
  openTwoParties,
  sign,
  type TwoParties,
} from './agreement-kit.ts'
import { refused } from './org-kit.ts'

const valuesFor = ({ dev }: TwoParties): TemplateValues => ({
  from: iso(dev.clock.nowMs()),
  to: iso(dev.clock.nowMs() + 200 * dayMs),
  legalContact: 'Legal',
  technicalContact: 'Models',
  incidentContact: 'Desk',
  governingLaw: 'Germany',
  credit: 'Retina by Lab',
})

const repos: BodyWish['repos'] = [{ type: 'model', path: 'lab/retina' }]

/** cia signs for the clinic by these templates alone; cem no longer does. */
const limitTo = async ({ dev }: TwoParties, names: readonly string[]): Promise<void> => {
  const { signing } = dev.hub
  const cem = await bySession(dev, 'cem')
  const forClinic = await managing(dev, cem, 'clinic')
  const { id: org } = forClinic.namespace
  for (const { id } of await signing.signatories(org, { after: '', limit: 10 })) {
    await signing.endSignatory(cem, forClinic, id)
  }
  await appoint(dev, cem, 'clinic', {
    userName: 'cia',
    title: 'Head of research',
    sides: ['consumer'],
    templates: names,
    toMs: dev.clock.nowMs() + 300 * dayMs,
  })
}

/** Both say yes to what the lab has written. */
const agreeOn = async (two: TwoParties, id: Awaited<ReturnType<typeof begin>>, wish: BodyWish) => {
  const { dev, lab, clinic } = two
  const { agreements } = dev.hub
  const forLab = await managing(dev, lab, 'lab')
  const what = await agreements.draft(lab, forLab, id, wish)
  await agreements.propose(lab, forLab, id, what)
  await agreements.agree(clinic, await managing(dev, clinic, 'clinic'), id, what)
  const { body } = await agreements.body(forLab, id, what.version)
  return { what, template: body.template }
}

void test('who may sign by a template signs what it says, and nothing that was made of it', async () => {
  const two = await openTwoParties()
  const { dev, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  await limitTo(two, ['research'])
  const filled = { ...agreements.fill('research', valuesFor(two)), repos }
  const id = await begin(two)
  const whole = await agreeOn(two, id, filled)
  assert.deepEqual(whole.template, { id: 'research', version: 1 })

  // A counter by hand, which claims that nothing was altered.
  const forClinic = await managing(dev, clinic, 'clinic')
  const softer = {
    ...filled,
    terms: { ...filled.terms, prohibitions: [] },
    template: { id: 'research', version: 1 },
  }
  const countered = await agreements.counter(clinic, forClinic, id, softer)
  const forLab = await managing(dev, two.lab, 'lab')
  assert.deepEqual((await agreements.body(forLab, id, countered.version)).body.template, {
    id: 'research',
    version: 1,
    altered: true,
  })
  await agreements.agree(two.lab, forLab, id, countered)
  await assert.rejects(
    sign(two, 'cia', 'clinic', id, countered),
    /More of it was changed than the fields of the template research/,
  )
  // Another value in a field is what the template leaves open; and what says that it is altered is looked at, not believed.
  const longer = agreements.fill('research', {
    ...valuesFor(two),
    to: iso(dev.clock.nowMs() + 100 * dayMs),
  })
  await agreements.reject(two.lab, forLab, id, 'As it was.')
  const again = await agreeOn(two, await begin(two), {
    ...longer,
    repos,
    template: { ...longer.template, altered: true },
  })
  assert.deepEqual(again.template, { id: 'research', version: 1 })
})

void test('signed as it is filled; an amendment by hand waits for somebody who may sign all', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const { agreements } = dev.hub
  await limitTo(two, ['research'])
  const filled = { ...agreements.fill('research', valuesFor(two)), repos }
  const id = await begin(two)
  const { what } = await agreeOn(two, id, filled)
  await sign(two, 'cia', 'clinic', id, what)
  await sign(two, 'ann', 'lab', id, what)
  await agreements.tick(dev.system)
  const stronger = { ...filled, signing: 'countersigned' as const }
  const amended = await agreeOn(two, id, stronger)
  assert.equal(amended.template.altered, true)
  await refused(sign(two, 'cia', 'clinic', id, amended.what), 'permission_denied')
})

void test('own templates count where a party wrote them, in the version that is named', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const { agreements } = dev.hub
  const research = templates.find(({ id }) => id === 'research')
  assert.ok(research)
  const { id: _id, version: _version, ...content } = research
  const forLab = await managing(dev, lab, 'lab')
  await agreements.writeTemplate(lab, forLab, 'ours', content)
  const filled = { ...(await agreements.fillOwn(forLab, 'ours', valuesFor(two))), repos }
  await agreements.withdrawTemplate(lab, forLab, 'ours')
  await limitTo(two, ['lab/ours'])
  const id = await begin(two)
  const { what, template } = await agreeOn(two, id, filled)
  assert.deepEqual(template, { id: 'lab/ours', version: 1 })
  await sign(two, 'cia', 'clinic', id, what)

  // The same words under a name that no party has written them by.
  for (const name of ['lab/ours', 'school/ours', 'anything']) {
    const version = name === 'lab/ours' ? 2 : 1
    const other = await begin(two)
    const draft = { ...filled, template: { id: name, version } }
    const { version: number } = await agreements.draft(lab, forLab, other, draft)
    const { body } = await agreements.body(forLab, other, number)
    assert.deepEqual(body.template, { id: name, version, altered: true })
  }
})
