import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as hub from '@huggingface/hub'
import { alice, as, gather, hubUrl } from './support.mjs'

const redirectUrl = 'http://localhost:3000'

const register = async () => {
  const response = await fetch(`${hubUrl}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'A script',
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: 'none',
    }),
  })
  assert.equal(response.status, 201)
  return (await response.json()).client_id
}

/** A browser as far as the hub sees one: it keeps a cookie and says which page a form comes from. */
const openBrowser = () => {
  let cookie = ''
  const send = async (url, { fields, origin = new URL(hubUrl).origin, method = 'GET' } = {}) => {
    const response = await fetch(url, {
      method: fields === undefined ? method : 'POST',
      headers: { cookie, ...(fields === undefined ? {} : { origin }) },
      ...(fields === undefined ? {} : { body: new URLSearchParams(fields) }),
      redirect: 'manual',
    })
    const set = response.headers.get('set-cookie')
    if (set !== null) cookie = set.split(';')[0]
    return response
  }
  return {
    send,
    signIn: (password) => send(`${hubUrl}/login`, { fields: { name: 'alice', password } }),
    press: (url, decision) => {
      const { origin, pathname, searchParams } = new URL(url)
      return send(origin + pathname, { fields: { ...Object.fromEntries(searchParams), decision } })
    },
  }
}

test('an app signs a person in and reads what they allow', async () => {
  const clientId = await register()
  // Named, since each file of tests counts its repos by itself.
  const repo = { type: 'model', name: 'alice/js-oauth' }
  await hub.createRepo({
    repo,
    private: true,
    files: [{ path: 'a.txt', content: new TextEncoder().encode('a').buffer }],
    ...as(alice),
  })

  const browser = openBrowser()
  const walk = async (scopes, go) => {
    const localStorage = { nonce: undefined, codeVerifier: undefined }
    const state = 'back to "here" & there'
    const url = await hub.oauthLoginUrl({
      clientId,
      hubUrl,
      scopes,
      redirectUrl,
      localStorage,
      state,
    })
    const response = await go(url)
    assert.equal(response.status, 303)
    const redirectedUrl = response.headers.get('location')
    const result = await hub.oauthHandleRedirect({ hubUrl, redirectedUrl, ...localStorage })
    assert.equal(result.state, state)
    return result
  }

  const scopes = 'openid profile read-repos inference-api'
  const url = await hub.oauthLoginUrl({ clientId, hubUrl, scopes, redirectUrl, localStorage: {} })
  const away = await browser.send(url)
  assert.match(away.headers.get('location'), /^\/login\?next=/)
  assert.equal((await browser.signIn(process.env.CONFORMANCE_ALICE_PASSWORD)).status, 303)
  assert.equal((await browser.send(url)).status, 200, 'a page asks')
  await assert.rejects(
    walk(scopes, (address) => browser.press(address, 'deny')),
    /^Error: access_denied: /,
  )

  const result = await walk(scopes, (address) => browser.press(address, 'allow'))
  assert.equal(result.scope, 'openid profile read-repos', 'what the hub does not know is left out')
  assert.ok(result.accessTokenExpiresAt > new Date())
  assert.equal(result.userInfo.preferred_username, 'alice')
  assert.equal(result.userInfo.isPro, false)
  assert.match(result.userInfo.picture, /^https?:\/\//)
  const files = await gather(hub.listFiles({ repo, ...as(result.accessToken) }))
  assert.ok(files.some((one) => one.path === 'a.txt'))
  await assert.rejects(
    hub.uploadFiles({
      repo,
      files: [{ path: 'b.txt', content: new Blob(['b']) }],
      ...as(result.accessToken),
    }),
    (error) => error.statusCode === 403,
  )
  assert.equal((await hub.whoAmI(as(result.accessToken))).name, 'alice')

  const again = await walk('openid profile', (address) => browser.send(address, { method: 'POST' }))
  assert.equal(again.scope, 'openid profile', 'allowed before, so nobody is asked')
  await assert.rejects(
    gather(hub.listFiles({ repo, ...as(again.accessToken) })),
    (error) => error.statusCode === 404,
  )
})
