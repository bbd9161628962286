/** When a page has all that it asked for. A stream of news never ends, so what the browser calls an idle network never comes. */
import type { BrowserContext, Page, Request } from 'playwright-core'
import { livePath } from '@weighhouse/contract/live.ts'

const asked = new WeakMap<BrowserContext, Set<Request>>()

/** Counts what pages of this browser wait for. */
export const countRequests = (context: BrowserContext): void => {
  const waiting = new Set<Request>()
  asked.set(context, waiting)
  context.on('request', (request) => {
    if (!new URL(request.url()).pathname.endsWith(`/v1${livePath}`)) waiting.add(request)
  })
  const done = (request: Request): void => void waiting.delete(request)
  context.on('requestfinished', done)
  context.on('requestfailed', done)
}

const stepMs = 50
const quietMs = 400
const mostMs = 30_000

/** Resolves when nothing was asked for a moment. Throws after half a minute. */
export const untilQuiet = async (page: Page): Promise<void> => {
  const waiting = asked.get(page.context())
  if (waiting === undefined) throw new Error('nobody counts the requests of this browser')
  let quiet = 0
  for (let waited = 0; waited < mostMs; waited += stepMs) {
    const isQuiet = ![...waiting].some((request) => request.frame().page() === page)
    quiet = isQuiet ? quiet + stepMs : 0
    if (quiet >= quietMs) return
    await page.waitForTimeout(stepMs)
  }
  throw new Error(
    `${page.url()} still waits for ${[...waiting].map((one) => one.url()).join(', ')}`,
  )
}
