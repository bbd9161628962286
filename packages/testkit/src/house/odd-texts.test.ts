/** Texts that a reader would stumble over: nobody signs them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, managing, openTwoParties, wishOf } from './agreement-kit.ts'

void test('an agreement holds no text that is read otherwise than it is written', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const id = await begin(two)
  const permit = await managing(dev, lab, 'lab')
  const wish = wishOf(dev)
  const [first, ...others] = wish.clauses
  assert.ok(first)
  const turned = 'The clinic may \u202Eton\u202C pass it on.'
  for (const odd of [
    { title: `Retina\u200B` },
    { clauses: [{ ...first, text: turned }, ...others] },
    { governingLaw: 'Germany\u2066' },
  ]) {
    const draft = dev.hub.agreements.draft(lab, permit, id, { ...wish, ...odd })
    await assert.rejects(draft, /every character is seen where it stands/)
  }
  const parties = [
    { name: 'lab', role: 'provider' as const },
    { name: 'clinic', role: 'consumer' as const },
  ]
  const folder = { title: 'Re\u202Etina', templateId: 'research', parties }
  await assert.rejects(dev.hub.agreements.create(lab, permit, folder), /every character is seen/)
  const described = { legalName: 'Lab \u202EVe', seat: 'DE', orgType: 'Academic' } as const
  await assert.rejects(
    dev.hub.signing.describeParty(lab, permit, described),
    /every character is seen/,
  )
})
