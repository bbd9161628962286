/** A gate that opens by an agreement: set by its owner, met by somebody who may not pass, followed to the agreement that opens it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot } from './kit/site.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'

/** It opens by an agreement after a template, and is shown as it stands. */
const setGate = async (ann: Page, hands: Hands): Promise<void> => {
  const gate = ann.getByLabel('Who may read its files')
  const template = ann.getByLabel('Template of the agreement')
  const members = ann.getByLabel('Members of its owner who may only read ask too')
  const save = button(ann, 'Save the gate')
  await hands.choose(gate, 'Agreement: their organisation agrees with its owner first')
  assert.equal(await save.getAttribute('aria-disabled'), 'true', 'not without a template')
  await hands.choose(template, 'Research collaboration')
  await hands.tick(members)
  await hands.press(save)
  await ann.getByText('The gate stands so from now on.').waitFor()
  await shoot(ann, 'gate-agreement')
  await ann.reload()
  await template.waitFor()
  assert.equal(await gate.inputValue(), 'agreement')
  assert.equal(await template.inputValue(), 'research')
  assert.ok(await members.isChecked())
}

/** Somebody who may not pass is led to a draft that covers the repo. */
const meetGate = async (cem: Page, hands: Hands): Promise<void> => {
  await hands.press(button(cem, 'Ask for access'))
  const dialog = cem.getByRole('dialog')
  await dialog.getByText('It opens by an agreement between your organisation and lab').waitFor()
  await hands.press(button(dialog, 'Agree and ask'))
  await dialog.waitFor({ state: 'detached' })
  await hands.press(link(cem, 'Begin an agreement'))
  await cem.getByText('lab/retina opens by an agreement of this kind').waitFor()
  await shoot(cem, 'agreement-for-a-gate')
  await hands.press(link(cem, 'Research collaboration').first())
  await cem.getByRole('list', { name: 'Covered' }).getByText('lab/retina').waitFor()
  assert.equal(await cem.getByLabel('Partner').inputValue(), 'lab')
  assert.ok(await cem.getByRole('radio', { name: 'They give, we receive' }).isChecked())
}

for (const hands of bothHands) {
  void test(`from the gate to a draft that covers the repo, ${hands.name}`, async () => {
    await using site = await openSite()
    await fillParties(site)
    const { dev, url } = site
    const owner = clientOf(dev, await dev.token('ann', 'write'))
    await owner.changeRepo({ type: 'model', ns: 'lab', name: 'retina', visibility: 'public' })
    const ann = await pageOf(site, 'ann', '/lab/retina/settings/gate')
    await setGate(ann, hands)
    await meetGate(await pageOf(site, 'cem', '/lab/retina'), hands)

    // A gate that asks for none again keeps no template.
    await hands.choose(
      ann.getByLabel('Who may read its files'),
      'Ask first: you decide about each request',
    )
    await hands.press(button(ann, 'Save the gate'))
    await ann.getByText('The gate stands so from now on.').waitFor()
    const now = await owner.getGate({ type: 'model', ns: 'lab', name: 'retina' })
    assert.deepEqual(now, { kind: 'manual', coversMembers: true, template: null })

    // The owner is brought to the same, from the other side.
    await ann.goto(`${url}/agreements/new?repo=model/lab/retina&template=research`)
    await ann.getByRole('list', { name: 'Covered' }).getByText('lab/retina').waitFor()
    assert.ok(await ann.getByRole('radio', { name: 'We give, they receive' }).isChecked())
  })
}
