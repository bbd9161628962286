/** When a page has all that it asked for. A stream of news never ends, so what the browser calls an idle network never comes. */
import type { BrowserContext, Page, Request } from 'playwright-core'
import { livePath } from '@weighhouse/contract/live.ts'
import { waitMs } from './slow.ts'

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

const mostMs = 2 * waitMs()

/** What comes of an answer is asked for before the page is idle: a script, then its data. */
const roundsMin = 3

/** Resolves when the page has nothing to do, by its own word. */
const untilIdle = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise((idle) => {
        setTimeout(() => requestIdleCallback(() => idle(), { timeout: 1_000 }))
      }),
  )

/** Resolves when nothing is asked and nothing more comes of what was answered. Throws when that takes too long. */
export const untilQuiet = async (page: Page): Promise<void> => {
  const waiting = asked.get(page.context())
  if (waiting === undefined) throw new Error('nobody counts the requests of this browser')
  const endMs = performance.now() + mostMs
  for (let rounds = 0; performance.now() < endMs;) {
    await untilIdle(page)
    const isQuiet = ![...waiting].some((request) => request.frame().page() === page)
    rounds = isQuiet ? rounds + 1 : 0
    if (rounds === roundsMin) return
  }
  throw new Error(
    `${page.url()} still waits for ${[...waiting].map((one) => one.url()).join(', ')}`,
  )
}
