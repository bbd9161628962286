/**
 * A slow machine on a slow line, on a fast one: what waits too little, in a page or in a journey, is found before somebody's laptop finds it.
 * Asked for by `npm run e2e -- --slow`.
 */
import type { BrowserContext, Page } from 'playwright-core'

/** Scripts take so many times longer, and each answer so much longer to come. */
const slowness = { times: 4, latencyMs: 120 } as const

const isSlow = (): boolean => process.env['E2E_SLOW'] !== undefined

/** How long an element is waited for. What fails on slow pages never comes. */
export const waitMs = (): number => (isSlow() ? 60_000 : 15_000)

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
  if (!isSlow()) return
  // A page that was closed meanwhile needs none.
  context.on('page', (page) => void slowDown(page).catch(() => undefined))
}
