/** A gate that opens by an agreement: set by its owner, met by somebody who may not pass, followed to the agreement that opens it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot } from './kit/site.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'

void test('from the gate to a draft that covers the repo', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev, url } = site
  const owner = clientOf(dev, await dev.token('ann', 'write'))
  await owner.changeRepo({ type: 'model', ns: 'lab', name: 'retina', visibility: 'public' })
  const ann = await pageOf(site, 'ann')
  await ann.goto(`${url}/lab/retina/settings/gate`)
  const gate = ann.getByLabel('Who may read its files')
  const save = ann.getByRole('button', { name: 'Save the gate' })
  await gate.selectOption('agreement')
  assert.equal(await save.getAttribute('aria-disabled'), 'true', 'not without a template')
  await ann.getByLabel('Template of the agreement').selectOption('Research collaboration')
  await ann.getByLabel('Members of its owner who may only read ask too').check()
  await save.click()
  await ann.getByText('The gate stands so from now on.').waitFor()
  await shoot(ann, 'gate-agreement')
  // It is shown as it stands.
  await ann.reload()
  await ann.getByLabel('Template of the agreement').waitFor()
  assert.equal(await gate.inputValue(), 'agreement')
  assert.equal(await ann.getByLabel('Template of the agreement').inputValue(), 'research')
  assert.ok(await ann.getByLabel('Members of its owner who may only read ask too').isChecked())

  const cem = await pageOf(site, 'cem')
  await cem.goto(`${url}/lab/retina`)
  await cem.getByRole('button', { name: 'Ask for access' }).click()
  const dialog = cem.getByRole('dialog')
  await dialog.getByText('It opens by an agreement between your organisation and lab').waitFor()
  await dialog.getByRole('button', { name: 'Agree and ask' }).click()
  await dialog.waitFor({ state: 'detached' })
  await cem.getByRole('link', { name: 'Begin an agreement' }).click()
  await cem.getByText('lab/retina opens by an agreement of this kind').waitFor()
  await shoot(cem, 'agreement-for-a-gate')
  await cem.getByRole('link', { name: 'Research collaboration', exact: true }).first().click()
  await cem.getByRole('list', { name: 'Covered' }).getByText('lab/retina').waitFor()
  assert.equal(await cem.getByLabel('Partner').inputValue(), 'lab')
  assert.ok(await cem.getByRole('radio', { name: 'They give, we receive' }).isChecked())

  // The owner is brought to the same, from the other side.
  await ann.goto(`${url}/agreements/new?repo=model/lab/retina&template=research`)
  await ann.getByRole('list', { name: 'Covered' }).getByText('lab/retina').waitFor()
  assert.ok(await ann.getByRole('radio', { name: 'We give, they receive' }).isChecked())

  // A gate that asks for none again keeps no template.
  await ann.goto(`${url}/lab/retina/settings/gate`)
  await gate.selectOption('manual')
  await save.click()
  await ann.getByText('The gate stands so from now on.').waitFor()
  const now = await owner.getGate({ type: 'model', ns: 'lab', name: 'retina' })
  assert.deepEqual(now, { kind: 'manual', coversMembers: true, template: null })
})
