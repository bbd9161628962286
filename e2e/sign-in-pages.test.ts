/** The pages that the server draws by itself: signing in, joining, a new password, connecting a program. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heading } from '@weighhouse/testkit/house/agreement-kit.ts'
import { signedIn } from '@weighhouse/testkit/house/org-kit.ts'
import { everyPage, type Rows } from './kit/every-page.ts'
import { openSite, type Site, signInAs } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

const withSecret = (rows: Rows, secret: string): Rows =>
  rows.map(([name, path]) => [name, path.replace(':secret', secret)] as const)

const recoveryOf = ({ dev }: Site, name: string): Promise<string> => {
  const permit = dev.hub.policy.requireHub(dev.system)
  return dev.hub.signin.offerRecovery(dev.system, permit, { name, dropsSecondFactor: false })
}

const invitation = async ({ dev }: Site): Promise<string> => {
  const ctx = await signedIn(dev, 'ann')
  const permit = await heading(dev, ctx, 'north-lab')
  return (await dev.hub.organisations.invite(ctx, permit, { role: 'read' })).secret
}

void test('each page of signing in', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await site.dev.hub.identity.offerSetup()
  const asked = withSecret(everyPage.signIn, await recoveryOf(site, 'ben'))
  assert.deepEqual(await visitAll(site, asked), [])
  await signInAs(site, 'ben')
  const inside = withSecret(everyPage.signedIn, await invitation(site))
  assert.deepEqual(await visitAll(site, inside), [])
})
