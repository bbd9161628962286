/**
 * A slow machine on a slow line, on a fast one: what waits too little, in a page or in a journey, is found before somebody's laptop finds it.
 * Asked for by `npm run e2e -- --slow`.
 */
import type { BrowserContext, Page } from 'playwright-core'

/** Scripts take so many times longer, and each answer so much longer to come. */
const slowness = { times: 4, latencyMs: 120 } as const

const slowDown = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page)
  const unlimited = { downloadThroughput: -1, uploadThroughput: -1 }
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    ...unlimited,
    offline: false,
    latency: slowness.latencyMs,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowness.times })
}

export const slowPages = (context: BrowserContext): void => {
  if (process.env['WEIGHHOUSE_SLOW'] === undefined) return
  // A page that was closed meanwhile needs none.
  context.on('page', (page) => void slowDown(page).catch(() => undefined))
}
