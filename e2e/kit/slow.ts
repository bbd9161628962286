/**
 * Pages on a slow line: what waits too little, in a page or in a journey, is found before somebody on a train finds it. Asked for by
 * `npm run e2e -- --slow`.
 */
import type { BrowserContext, Page } from 'playwright-core'

/** Each answer comes so much later. */
const latencyMs = 300

const isSlow = (): boolean => process.env['E2E_SLOW'] !== undefined

/** How long an element is waited for. What fails on a slow line never comes. */
export const waitMs = (): number => (isSlow() ? 60_000 : 15_000)

const slowDown = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: -1,
    uploadThroughput: -1,
  })
}

export const slowPages = (context: BrowserContext): void => {
  if (!isSlow()) return
  // A page that was closed meanwhile needs none.
  context.on('page', (page) => void slowDown(page).catch(() => undefined))
}
