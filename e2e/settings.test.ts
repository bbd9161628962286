/** One's own settings: each page, a token that works, a second factor, a passkey, the end of other sessions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeApp } from '@weighhouse/testkit/house/factors-kit.ts'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'
import { everyPage } from './kit/every-page.ts'
import { addAuthenticator } from './kit/passkeys.ts'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { visitAll } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

void test("each page of one's settings", async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  assert.deepEqual(await visitAll(site, everyPage.settings), [])
})

void test('a token is made by keys alone, works, and ends by mouse', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url, dev } = site
  await page.goto(`${url}/settings/tokens`)
  await page.getByRole('button', { name: 'New token' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('laptop')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Fine')
  await page.getByLabel('Read repositories').waitFor()
  await shoot(page, 'settings-token-new')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Your new token').waitFor()
  await shoot(page, 'settings-token-once')
  const secret = (await page.getByRole('region', { name: 'the token' }).innerText()).trim()
  const who = async (): Promise<number> =>
    (await dev.ask('GET', '/api/whoami-v2', { token: secret })).status
  assert.equal(await who(), 200)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'End laptop' }).click()
  await page.getByRole('button', { name: 'End the token' }).click()
  await page.getByText('Revoked').waitFor()
  assert.equal(await who(), 401)
})

void test('a second factor is set up, and asked for before it is turned off', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url, dev } = site
  await page.goto(`${url}/settings/sign-in`)
  // The sign-in is too old to change how one signs in.
  dev.clock.advance(10 * 60_000)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
  await page.getByLabel('Your password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor()
  await shoot(page, 'settings-factor-set-up')
  const shown = await page.getByRole('region', { name: 'the secret' }).innerText()
  const app = makeApp(dev, shown.replaceAll(/\s/g, ''))
  await page.getByLabel('The code that the app shows').fill(app.code())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByText('10 recovery codes').waitFor()
  await page.getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('button', { name: 'Turn it off' }).click()
  await page.getByText('Off. With an authenticator app').waitFor()
})

void test('a passkey is added and removed; other sessions end', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  const other = await site.another()
  const there = await other.newPage()
  await signInAs({ ...site, page: there }, 'ann')
  await signInAs(site, 'ann')
  await addAuthenticator(page)
  await page.goto(`${url}/settings/sign-in`)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('button', { name: 'Remove This device' }).click()
  await shoot(page, 'settings-passkey-remove')
  await page.getByRole('button', { name: 'Remove the passkey' }).click()
  await page.getByText('No passkeys yet').waitFor()
  await page.goto(`${url}/settings/sessions`)
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' })
  await there.goto(`${url}/settings/tokens`)
  await there.getByText('Sign in to see this page').waitFor()
})
