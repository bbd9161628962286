/** One's own settings: each page, a token that works, a second factor, a passkey, the end of other sessions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeApp } from '@weighhouse/testkit/house/factors-kit.ts'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'
import { everyPage } from './kit/every-page.ts'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
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

const token = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url, dev } = site
  await page.goto(`${url}/settings/tokens`)
  await hands.press(button(page, 'New token'))
  await hands.type(page.getByLabel('Name', { exact: true }), 'laptop')
  await hands.choose(page.getByLabel('What it may do'), 'Fine-grained: what you choose here')
  await page.getByLabel('Read repositories').waitFor()
  await shoot(page, 'settings-token-new')
  await hands.press(button(page, 'Create the token'))
  await page.getByText('Your new token').waitFor()
  await shoot(page, 'settings-token-once')
  const secret = (await page.getByRole('region', { name: 'the token' }).innerText()).trim()
  const who = async (): Promise<number> =>
    (await dev.ask('GET', '/api/whoami-v2', { token: secret })).status
  assert.equal(await who(), 200)
  await hands.press(button(page, 'I have kept it'))
  await hands.press(button(page, 'End laptop'))
  await hands.press(button(page, 'End the token'))
  await page.getByText('Revoked').waitFor()
  assert.equal(await who(), 401)
}

const factor = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  const { page, url, dev } = site
  await page.goto(`${url}/settings/sign-in`)
  // The sign-in is too old to change how one signs in.
  dev.clock.advance(10 * 60_000)
  await hands.press(button(page, 'Set up an authenticator app'))
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
  await hands.type(page.getByLabel('Your password', { exact: true }), password)
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor()
  await shoot(page, 'settings-factor-set-up')
  const shown = await page.getByRole('region', { name: 'the secret' }).innerText()
  const app = makeApp(dev, shown.replaceAll(/\s/g, ''))
  await hands.type(page.getByLabel('The code that the app shows'), app.code())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  await hands.press(button(page, 'I have kept it'))
  await page.getByText('10 recovery codes').waitFor()
  await hands.press(button(page, 'Turn off'))
  await hands.press(button(page, 'Turn it off'))
  await page.getByText('Off. With an authenticator app').waitFor()
}

const passkey = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  const other = await site.another()
  const there = await other.newPage()
  await signInAs({ ...site, page: there }, 'ann')
  await signInAs(site, 'ann')
  await addAuthenticator(page)
  await page.goto(`${url}/settings/sign-in`)
  await hands.press(button(page, 'Add a passkey'))
  await hands.press(button(page, 'Remove This device'))
  await shoot(page, 'settings-passkey-remove')
  await hands.press(button(page, 'Remove the passkey'))
  await page.getByText('No passkeys yet').waitFor()
  await hands.press(link(page, 'Sessions'))
  await hands.press(button(page, 'End all others'))
  await button(page, 'End all others').waitFor({ state: 'detached' })
  await there.goto(`${url}/settings/tokens`)
  await there.getByText('Sign in to see this page').waitFor()
}

for (const hands of bothHands) {
  void test(`a token is made, works, and is ended, ${hands.name}`, () => token(hands))
  void test(`a second factor is set up, and asked for before it is turned off, ${hands.name}`, () =>
    factor(hands))
  void test(`a passkey is added and removed; other sessions end, ${hands.name}`, () =>
    passkey(hands))
}
