/** Passkeys as a person uses them, with an authenticator that the browser plays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { addAuthenticator } from './kit/passkeys.ts'
import { openSite, shoot } from './kit/site.ts'

void test('add one, sign out, sign in by it alone, prove by it, remove it', async () => {
  await using site = await openSite()
  const { page, url, dev } = site
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await userWithPassword(dev, 'ann')
  await addAuthenticator(page)
  await page.goto(`${url}/login?next=/settings/security`)
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/settings/security`)
  await shoot(page, 'security-empty')

  await page.getByLabel('Name of a new passkey').fill('Blue laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('Blue laptop').waitFor()
  await shoot(page, 'security-passkey')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('alert').waitFor()
  assert.match(await page.getByRole('alert').innerText(), /has a passkey of this account/)

  await page.getByRole('button', { name: 'Sign out here' }).click()
  await page.goto(`${url}/settings/security`)
  await page.waitForURL(/\/login\?next=/)
  await shoot(page, 'login-passkey')
  // By the keyboard alone: the button is reached and pressed.
  await page.getByRole('button', { name: 'Use a passkey' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/settings/security`)
  assert.match(await page.innerText('main'), /by passkey/)

  dev.clock.advance(11 * 60_000)
  await page.getByRole('button', { name: 'Remove Blue laptop' }).click()
  await page.waitForURL(`${url}/settings/security/proof`)
  await shoot(page, 'proof')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL(`${url}/settings/security`)
  await page.getByLabel('New name of Blue laptop').fill('Green laptop')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByText('Green laptop').waitFor()
  await page.getByRole('button', { name: 'Remove Green laptop' }).click()
  await page.getByText('Green laptop').waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Sign out here' }).click()
  await page.goto(`${url}/login`)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('alert').waitFor()
  // What the browser itself says of a refused request; of the page's policy it has nothing to say.
  assert.deepEqual(
    problems.filter((text) => !text.includes('401')),
    [],
  )
})
