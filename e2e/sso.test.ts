/** Signing in by a provider, as a person does it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manage } from '@weighhouse/testkit/house/org-kit.ts'
import { openRealProvider } from '@weighhouse/testkit/house/real-provider.ts'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import type { Page } from 'playwright-core'
import { openSite, type Site, shoot } from './kit/site.ts'

const addProvider = async ({ dev, url }: Site) => {
  dev.clock.advance(Date.now() - dev.clock.nowMs())
  const provider = await openRealProvider(`${url}/login/sso/corp/callback`)
  await dev.user('root')
  await dev.org('acme', 'root')
  await dev.hub.sso.addProvider(dev.system, dev.hub.policy.requireHub(dev.system), 'corp', {
    issuer: provider.issuer,
    clientId: provider.clientId,
    secret: provider.clientSecret,
    scopes: 'openid profile email groups',
    createsAccounts: true,
    rules: [
      { group: 'developers', org: 'acme', role: 'write' },
      { group: 'everybody', org: 'acme', role: 'read' },
    ],
  })
  return provider
}

/** On the provider's own pages. */
const proveThere = async (page: Page, login: string): Promise<void> => {
  await page.getByPlaceholder('Enter any login').fill(login)
  await page.getByPlaceholder('and password').fill('whatever')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Continue' }).click()
}

const roleIn = async ({ dev }: Site, name: string) => {
  const permit = await manage(dev, dev.system, 'acme')
  const members = await dev.hub.identity.members(permit, { after: '', limit: 10 })
  return members.find((one) => one.name === name)?.role
}

void test('from the page to the provider, its leave, and back with a role', async () => {
  await using site = await openSite()
  await using provider = await addProvider(site)
  const { page, url } = site
  provider.people.set('u-17', { preferred_username: 'carla', groups: ['developers'] })
  await page.goto(`${url}/login`)
  await shoot(page, 'sso-login')
  await page.getByRole('link', { name: 'Sign in with corp' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(`${provider.issuer}/interaction/**`)
  await shoot(page, 'sso-provider')
  await proveThere(page, 'u-17')
  await page.waitForURL(`${url}/`)
  await page.goto(`${url}/api/whoami-v2`)
  assert.match(await page.innerText('body'), /"name":"carla"/)
  assert.equal(await roleIn(site, 'carla'), 'write')

  // Another day, other groups; the provider knows the person still.
  provider.people.set('u-17', { preferred_username: 'carla', groups: ['everybody'] })
  await site.context.clearCookies({ name: 'weighhouse' })
  await page.goto(`${url}/login`)
  await page.getByRole('link', { name: 'Sign in with corp' }).click()
  await page.waitForURL(`${url}/`)
  assert.equal(await roleIn(site, 'carla'), 'read')
})

void test('a person links the account that she has, and comes back by it', async () => {
  await using site = await openSite()
  await using provider = await addProvider(site)
  const { page, url, dev } = site
  await userWithPassword(dev, 'ann')
  provider.people.set('u-1', { preferred_username: 'ann', groups: [] })
  await page.goto(`${url}/login/sso/corp?link=1`)
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Link your account to corp?' }).waitFor()
  await shoot(page, 'sso-link')
  await page.getByRole('button', { name: 'Link' }).click()
  await page.waitForURL(`${provider.issuer}/interaction/**`)
  await proveThere(page, 'u-1')
  await page.getByRole('heading', { name: 'Linked' }).waitFor()
  await shoot(page, 'sso-linked')

  const other = await site.another()
  const fresh = await other.newPage()
  await fresh.goto(`${url}/login`)
  await fresh.getByRole('link', { name: 'Sign in with corp' }).click()
  await proveThere(fresh, 'u-1')
  await fresh.waitForURL(`${url}/`)
  await fresh.goto(`${url}/api/whoami-v2`)
  assert.match(await fresh.innerText('body'), /"name":"ann"/)
})

void test('somebody whom nobody knows here is told what to do', async () => {
  await using site = await openSite()
  await using provider = await addProvider(site)
  const { page, url, dev } = site
  const permit = dev.hub.policy.requireHub(dev.system)
  await dev.hub.sso.setProvider(dev.system, permit, 'corp', { createsAccounts: false })
  provider.people.set('u-2', { preferred_username: 'dora' })
  await page.goto(`${url}/login/sso/corp`)
  await proveThere(page, 'u-2')
  await page.getByText('No account here belongs to who you are at corp').waitFor()
  await shoot(page, 'sso-unknown')
})
