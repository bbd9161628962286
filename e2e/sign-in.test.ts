/** Signing in as a person does it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { bothHands, type Hands } from './kit/hands.ts'
import { openSite, shoot } from './kit/site.ts'

const signIn = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'ann')
  await page.goto(`${url}/login`)
  await hands.type(page.getByLabel('User name'), 'ann')
  await hands.type(page.getByLabel('Password'), 'not my password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await shoot(page, 'login-wrong')
  await hands.type(page.getByLabel('User name'), 'ann')
  await hands.type(page.getByLabel('Password'), password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/`)
  await page.goto(`${url}/api/whoami-v2`)
  assert.match(await page.innerText('body'), /"name":"ann"/)
}

for (const hands of bothHands) {
  void test(`with a password: wrong, right, and out again, ${hands.name}`, () => signIn(hands))
}
