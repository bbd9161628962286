/** A lab with a model and a clinic that wants it: `ann` and `cem` administer and may sign, `dora` is a doctor of the clinic. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { templates } from '@weighhouse/server/core/agreements/templates/index.ts'
import { sampleOf } from '@weighhouse/server/core/agreements/templates/samples.ts'
import { heading, makeParty, wishOf } from '@weighhouse/testkit/house/agreement-kit.ts'
import { userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { makeModel } from '../../tools/demo/model.ts'
import { clientOf, signedIn } from '@weighhouse/testkit/house/org-kit.ts'
import { type Site, signInAs } from './site.ts'

export const fillParties = async ({ dev }: Site): Promise<void> => {
  await makeParty(dev, {
    org: 'lab',
    people: ['ann', 'ada'],
    legalName: 'Lab for Imaging e.V.',
    seat: 'DE',
  })
  const [clinic] = await makeParty(dev, {
    org: 'clinic',
    people: ['cem', 'cia'],
    legalName: 'Clinic gGmbH',
    seat: 'AT',
  })
  await userWithPassword(dev, 'dora')
  await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'read')
  await dev.repo('lab/retina', { visibility: 'private' })
  const ctx = await signedIn(dev, 'ann')
  const permit = await dev.hub.policy.require(ctx, 'repo.write', {
    type: 'model',
    path: 'lab/retina',
  })
  await dev.hub.commits.commit(ctx, permit, {
    ref: 'refs/heads/main',
    parent: undefined,
    message: 'First release',
    operations: (async function* () {
      for (const { path, bytes } of makeModel()) yield { kind: 'file' as const, path, bytes }
    })(),
  })
  await dev.house.settle()
}

/** In a browser of her own, signed in. */
export const pageOf = async (site: Site, name: string, path = '/'): Promise<Page> => {
  const context = await site.another()
  const page = await context.newPage()
  await page.setViewportSize({ width: 1440, height: 1000 })
  await signInAs({ page, url: site.url }, name)
  await page.goto(site.url + path)
  return page
}

/** A draft of the lab about `lab/retina` that nobody else sees yet, filled from the research template. */
export const draftRetina = async ({ dev }: Pick<Site, 'dev'>) => {
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const { id } = await ann.createAgreement({
    org: 'lab',
    title: 'Retina',
    template: 'research',
    parties: [
      { name: 'lab', role: 'provider' },
      { name: 'clinic', role: 'consumer' },
    ],
  })
  const research = templates.find((one) => one.id === 'research')
  assert.ok(research)
  const { from, to } = wishOf(dev)
  const values = {
    ...Object.fromEntries(research.fields.map((field) => [field.id, sampleOf(field)])),
    from,
    to,
  }
  const filled = await ann.fillTemplate({ template: 'research', values })
  const wish = { ...filled.wish, repos: [{ type: 'model' as const, path: 'lab/retina' }] }
  return { ann, id, values, wish, draft: await ann.draftAgreement({ org: 'lab', id, wish }) }
}

/** One that the clinic has countered, so that the lab has to answer. */
export const countered = async (site: Site): Promise<string> => {
  const { ann, id, values, wish, draft } = await draftRetina(site)
  await ann.proposeAgreement({ org: 'lab', id, ...draft })
  const cem = clientOf(site.dev, await site.dev.token('cem', 'write'))
  const second = await cem.fillTemplate({ template: 'research', values: { ...values, users: 20 } })
  await cem.counterAgreement({ org: 'clinic', id, wish: { ...second.wish, repos: wish.repos } })
  return id
}
