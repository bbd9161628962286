/** Signing in as a person does it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { openSite, shoot } from './kit/site.ts'

void test('with a password: wrong, right, and out again', async () => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'ann')
  await page.goto(`${url}/login`)
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password').fill('not my password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await shoot(page, 'login-wrong')
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/`)
  await page.goto(`${url}/api/whoami-v2`)
  assert.match(await page.innerText('body'), /"name":"ann"/)
})
