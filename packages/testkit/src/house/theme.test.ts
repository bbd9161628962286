/** Pages that the server draws look as the person chose in the app. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWithAnn } from './signin-kit.ts'

void test('the theme of the app is that of the pages of signing in, and a strange one is none', async () => {
  await using dev = await openWithAnn()
  const htmlWith = async (cookie: string): Promise<string> => {
    const answer = await dev.ask('GET', '/login', { headers: { cookie, accept: 'text/html' } })
    assert.equal(answer.status, 200)
    return /<html[^>]*>/.exec(answer.text)?.[0] ?? ''
  }
  assert.equal(await htmlWith('weighhouse-theme=dark'), '<html lang="en" data-theme="dark">')
  assert.equal(await htmlWith('weighhouse-theme=light'), '<html lang="en" data-theme="light">')
  for (const strange of ['', 'weighhouse-theme=', 'weighhouse-theme="><script>', 'a=dark']) {
    assert.equal(await htmlWith(strange), '<html lang="en">')
  }
})
