/** An app of another site sends a person to the hub, with the stock JavaScript client in its page. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { newApp } from '@weighhouse/testkit/house/app-kit.ts'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { bothHands, button, type Hands } from './kit/hands.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const packages = new URL('../node_modules/', import.meta.url)

/** Names as the client's modules write them, and where the page's server has them. */
const modules = ['@huggingface/xetchunk-wasm', '@huggingface/blake3-jit', 'gearhash-jit'].map(
  (name) => [name, `/${import.meta.resolve(name).slice(packages.href.length)}`],
)

const appPage = (hubUrl: string, clientId: string): string => `<!doctype html><title>Scales</title>
<script type="importmap">${JSON.stringify({ imports: Object.fromEntries(modules) })}</script>
<button id="go">Sign in with the hub</button><p id="said" role="status"></p>
<script type="module">
import { oauthHandleRedirect, oauthLoginUrl } from '/@huggingface/hub/dist/browser/index.mjs'
const hubUrl = ${JSON.stringify(hubUrl)}
const said = document.getElementById('said')
const page = new URLSearchParams(location.search)
if (page.has('code') || page.has('error')) {
  oauthHandleRedirect({ hubUrl })
    .then(({ userInfo, scope }) => (said.textContent = 'Hello ' + userInfo.name + ': ' + scope))
    .catch((error) => (said.textContent = String(error)))
}
document.getElementById('go').onclick = async () => {
  const scopes = 'openid profile read-repos'
  const redirectUrl = location.origin + '/app'
  location.href = await oauthLoginUrl({ hubUrl, scopes, redirectUrl, clientId: ${JSON.stringify(clientId)} })
}
</script>`

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
}

/** The app's own server, at another address than the hub's. */
const openApp = async (page: string): Promise<AsyncDisposable & { url: string }> => {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app')
    if (pathname === '/app') {
      response.setHeader('content-type', 'text/html').end(page)
      return
    }
    readFile(new URL(`.${pathname}`, packages)).then(
      (bytes) =>
        response
          .setHeader('content-type', types[extname(pathname)] ?? 'application/octet-stream')
          .end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A cast because a TCP listener's address is an object.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/app`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const start = async (page: Page, hands: Hands, url: string): Promise<void> => {
  await page.goto(url)
  await hands.press(button(page, 'Sign in with the hub'))
}

/** What the app says when the person has come back. */
const saidIn = async (page: Page, url: string): Promise<string> => {
  await page.waitForURL(`${url}?*`)
  const said = page.getByRole('status').filter({ hasText: /./ })
  await said.waitFor()
  return said.innerText()
}

const signIn = async (page: Page, hands: Hands): Promise<void> => {
  await hands.type(page.getByLabel('User name'), 'ann')
  await hands.type(page.getByLabel('Password'), password)
  await page.keyboard.press('Enter')
}

const registerApp = async ({ dev }: Site): Promise<string> => {
  const redirectUris = ['http://127.0.0.1/app']
  const { app } = await newApp(dev, { redirectUris, website: 'https://scales.example' })
  return app.id
}

const consent = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'ann')
  await using app = await openApp(appPage(url, await registerApp(site)))

  await start(page, hands, app.url)
  await signIn(page, hands)
  await page.getByRole('heading', { name: 'Let Scales act as you?' }).waitFor()
  await shoot(page, 'oauth-consent')
  await hands.press(button(page, 'Not now'))
  assert.match(await saidIn(page, app.url), /access_denied/)

  await start(page, hands, app.url)
  await hands.press(button(page, 'Allow'))
  const hello = 'Hello ann: openid profile read-repos'
  assert.equal(await saidIn(page, app.url), hello)
  await shoot(page, 'oauth-back-at-the-app')

  await start(page, hands, app.url)
  assert.equal(await saidIn(page, app.url), hello, 'straight through')

  const other = await site.another()
  const fresh = await other.newPage()
  await start(fresh, hands, app.url)
  await signIn(fresh, hands)
  assert.equal(await saidIn(fresh, app.url), hello, 'from the sign-in page to another site')
}

const selfRegistered = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  const { page, url, dev } = site
  await userWithPassword(dev, 'ann')
  const made = await dev.ask('POST', '/oauth/register', {
    body: {
      client_name: `A robot with a long name and ${'x'.repeat(60)}`,
      redirect_uris: ['http://127.0.0.1/app'],
      token_endpoint_auth_method: 'none',
    },
  })
  const { client_id: clientId } = made.json() as { client_id: string }
  await using app = await openApp(appPage(url, clientId))
  await page.setViewportSize({ width: 360, height: 740 })
  await start(page, hands, app.url)
  await signIn(page, hands)
  await page.getByText('has registered itself').waitFor()
  // With its styles.
  await page.waitForLoadState()
  await shoot(page, 'oauth-self-registered')
  const wide = await page.evaluate('document.documentElement.scrollWidth')
  assert.ok(Number(wide) <= 360, `nothing stands out to the right: ${String(wide)}`)
  await page.goto(`${url}/oauth/authorize?client_id=${clientId}&redirect_uri=https://evil.example/`)
  await page.getByText('not registered for it').waitFor()
  await shoot(page, 'oauth-wrong-address')
}

for (const hands of bothHands) {
  void test(`asked, not now, allowed, and then no more, whoever has to sign in first, ${hands.name}`, () =>
    consent(hands))
  void test(`an app that registered itself is shown as such, on a small screen too, ${hands.name}`, () =>
    selfRegistered(hands))
}
