/** A second factor as a person sets it up: with an app, recovery codes, and a link when everything is lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeApp } from '@weighhouse/testkit/house/factors-kit.ts'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import type { Page } from 'playwright-core'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const signIn = async ({ page, url }: Site, hands: Hands, word = password): Promise<void> => {
  await page.goto(`${url}/login?next=/settings/security`)
  await hands.type(page.getByLabel('User name'), 'ann')
  await hands.type(page.getByLabel('Password'), word)
  await page.keyboard.press('Enter')
}

const signOut = async (page: Page, hands: Hands): Promise<void> => {
  await hands.press(button(page, 'Sign out here'))
  await page.waitForURL((url) => url.pathname === '/')
}

const factor = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'ann')
  await signIn(site, hands)
  await hands.press(button(page, 'Set up an authenticator app'))
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor()
  await shoot(page, 'totp-set-up')
  const secret = (await page.locator('pre').innerText()).replaceAll(/\s/g, '')
  const app = makeApp(dev, secret)
  await hands.type(page.getByLabel('The code that the app shows'), '000000')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await hands.type(page.getByLabel('The code that the app shows'), app.code())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  await shoot(page, 'recovery-codes')
  const codes = (await page.locator('pre').innerText()).trim().split('\n')
  assert.equal(codes.length, 10)
  await hands.press(link(page, 'I have kept them'))
  await page.getByText('Recovery codes left: 10').waitFor()
  await shoot(page, 'security-factor')
  await signOut(page, hands)

  for (const code of [(dev.clock.advance(30_000), app.code()), codes[0] ?? '']) {
    await signIn(site, hands)
    await hands.type(page.getByLabel('Code'), '000000')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await shoot(page, 'login-code')
    await hands.type(page.getByLabel('Code'), code)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/settings/security`)
    await signOut(page, hands)
  }

  const permit = dev.hub.policy.requireHub(dev.system)
  const wish = { name: 'ann', dropsSecondFactor: true }
  const address = await dev.hub.signin.offerRecovery(dev.system, permit, wish)
  await page.goto(`${url}/recover/${address}`)
  await shoot(page, 'recover')
  await hands.type(page.getByLabel(/^Password/), 'eleven loud ferries')
  await hands.press(button(page, 'Set password'))
  await hands.press(link(page, 'Sign in'))
  await page.waitForURL(/\/login$/)
  await signIn(site, hands, 'eleven loud ferries')
  await page.waitForURL(`${url}/settings/security`)
  await button(page, 'Set up an authenticator app').waitFor()
}

const sessions = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  const { page, dev, url } = site
  await userWithPassword(dev, 'ann')
  const other = await site.another()
  const there = await other.newPage()
  await signIn({ ...site, page: there }, hands)
  await there.waitForURL(`${url}/settings/security`)
  await signIn(site, hands)
  await page.waitForURL(`${url}/settings/security`)
  await shoot(page, 'sessions')
  await hands.press(button(page, 'End all others'))
  await button(page, 'End all others').waitFor({ state: 'detached' })
  await there.reload()
  await there.waitForURL(/\/login/)
}

for (const hands of bothHands) {
  void test(`set up an app, sign in with its code, with a recovery code, and by a link that drops it, ${hands.name}`, () =>
    factor(hands))
  void test(`somebody sees where they are signed in, and ends the others, ${hands.name}`, () =>
    sessions(hands))
}
