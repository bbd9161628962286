/** A second factor as a person sets it up: with an app, recovery codes, and a link when everything is lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeApp } from '@weighhouse/testkit/house/factors-kit.ts'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const signIn = async ({ page, url }: Site, word = password): Promise<void> => {
  await page.goto(`${url}/login?next=/settings/security`)
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password').fill(word)
  await page.keyboard.press('Enter')
}

void test('set up an app, sign in with its code, with a recovery code, and by a link that drops it', async () => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'ann')
  await signIn(site)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor()
  await shoot(page, 'totp-set-up')
  const secret = (await page.locator('pre').innerText()).replaceAll(/\s/g, '')
  const app = makeApp(dev, secret)
  await page.getByLabel('The code that the app shows').fill('000000')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await page.getByLabel('The code that the app shows').fill(app.code())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  await shoot(page, 'recovery-codes')
  const codes = (await page.locator('pre').innerText()).trim().split('\n')
  assert.equal(codes.length, 10)
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await page.getByText('Recovery codes left: 10').waitFor()
  await shoot(page, 'security-factor')
  await page.getByRole('button', { name: 'Sign out here' }).click()

  for (const code of [(dev.clock.advance(30_000), app.code()), codes[0] ?? '']) {
    await signIn(site)
    await page.getByLabel('Code').fill('000000')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await shoot(page, 'login-code')
    await page.getByLabel('Code').fill(code)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/settings/security`)
    await page.getByRole('button', { name: 'Sign out here' }).click()
  }

  const permit = dev.hub.policy.requireHub(dev.system)
  const wish = { name: 'ann', dropsSecondFactor: true }
  const link = await dev.hub.signin.offerRecovery(dev.system, permit, wish)
  await page.goto(`${url}/recover/${link}`)
  await shoot(page, 'recover')
  await page.keyboard.type('eleven loud ferries')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(site, 'eleven loud ferries')
  await page.waitForURL(`${url}/settings/security`)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).waitFor()
})

void test('somebody sees where they are signed in, and ends the others', async () => {
  await using site = await openSite()
  const { page, dev, url } = site
  await userWithPassword(dev, 'ann')
  const other = await site.another()
  const there = await other.newPage()
  await signIn({ ...site, page: there })
  await there.waitForURL(`${url}/settings/security`)
  await signIn(site)
  await page.waitForURL(`${url}/settings/security`)
  await shoot(page, 'sessions')
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' })
  await there.reload()
  await there.waitForURL(/\/login/)
})
