/** A hub on a socket of this machine, and a browser that looks at it. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type DevHouse, type DevHouseOptions, openDevHouse } from '@weighhouse/testkit/dev-house.ts'
import { countRequests } from './quiet.ts'
import { slowPages, waitMs } from './slow.ts'
import { password } from '@weighhouse/testkit/house/signin-kit.ts'

export interface Site extends AsyncDisposable {
  readonly dev: DevHouse
  /** `http://localhost:…`: a secure context, as passkeys need one. */
  readonly url: string
  /** Of one browser: its cookies are shared by its pages. */
  readonly context: BrowserContext
  readonly page: Page
  /** Another browser, with nothing in it. */
  another(): Promise<BrowserContext>
}

/** Debian's; a browser in another place is named by the environment. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Headless, and without the calls home that a closed network refuses by the dozen. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const shots = fileURLToPath(new URL('../shots/', import.meta.url))

/** A picture of the page, to be looked at; not compared. Made where `E2E_SHOTS` is set, by `npm run e2e -- --shots`. */
export const shoot = async (page: Page, name: string): Promise<void> => {
  if (process.env['E2E_SHOTS'] === undefined) return
  await mkdir(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
}

export interface Browsers extends AsyncDisposable {
  /** One with nothing in it. */
  another(): Promise<BrowserContext>
}

let browser: Promise<Browser> | undefined

/** One program for all tests of a file; what is in a browser is apart all the same. */
const launch = (): Promise<Browser> => {
  assert.ok(existsSync(executablePath), `${executablePath} is missing: install Debian's chromium`)
  return chromium.launch({ executablePath, headless: true, args: flags })
}

/** Tests do so by themselves; a program that is none calls it, or never ends. */
export const closeBrowser = async (): Promise<void> => {
  const open = browser
  browser = undefined
  await (await open)?.close()
}

if (process.env['NODE_TEST_CONTEXT'] !== undefined) after(closeBrowser)

export const openBrowsers = (): Browsers => {
  const contexts: BrowserContext[] = []
  return {
    async another() {
      browser ??= launch()
      const viewport = { width: 1024, height: 768 }
      // What moves, moves at once: nobody waits for it.
      const context = await (await browser).newContext({ viewport, reducedMotion: 'reduce' })
      context.setDefaultTimeout(waitMs())
      countRequests(context)
      slowPages(context)
      contexts.push(context)
      return context
    },
    async [Symbol.asyncDispose]() {
      for (const one of contexts) await one.close()
    },
  }
}

export const openSite = async (options: DevHouseOptions = {}): Promise<Site> => {
  const browsers = openBrowsers()
  const dev = await openDevHouse(options)
  const { port } = await dev.server.listen()
  const context = await browsers.another()
  const page = await context.newPage()
  return {
    dev,
    url: `http://localhost:${port}`,
    context,
    page,
    another: () => browsers.another(),
    async [Symbol.asyncDispose]() {
      await browsers[Symbol.asyncDispose]()
      await dev[Symbol.asyncDispose]()
    },
  }
}

/** Sends what the page of signing in sends, which has journeys of its own. No page is opened. */
export const signInAs = async (
  { page, url }: Pick<Site, 'page' | 'url'>,
  name: string,
): Promise<void> => {
  const answer = await page.context().request.post(`${url}/login`, {
    form: { name, password },
    headers: { origin: url },
    maxRedirects: 0,
  })
  assert.equal(answer.status(), 303, await answer.text())
}
