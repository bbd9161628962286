/** Goes to pages as somebody with eyes, with a reader, with a phone: barriers, breadths, complaints of the browser. */
import type { Page } from 'playwright-core'
import { findBarriers } from './axe.ts'
import type { Rows } from './every-page.ts'
import { keepPicture } from './picture.ts'
import { untilQuiet } from './quiet.ts'
import type { Site } from './site.ts'

/** What the browser complains of: broken scripts, blocked loads, failed requests but those that are meant. */
const watch = (page: Page): string[] => {
  const problems: string[] = []
  page.on('console', (message) => {
    const isMeant = /status of 40[134]/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isMeant) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  return problems
}

export const settle = async (page: Page): Promise<void> => {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-label=Loading]') === null)
  await untilQuiet(page)
}

const widths = [1440, 1024, 390] as const

/** What is wrong with a page as it stands; none of the widest and the narrowest keeps anybody out. */
const lookAt = async (page: Page, name: string, width: (typeof widths)[number]) => {
  await page.setViewportSize({ width, height: width === 390 ? 844 : 1000 })
  // What a page does about its breadth, it does in the next frame.
  await page.evaluate(() => new Promise(requestAnimationFrame))
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  const found = overflow > 0 ? [`${name} is ${overflow} px too wide`] : []
  if (width === 1024) return found
  return [...found, ...(await findBarriers(page)).map((one) => `${name}: ${one}`)]
}

/** All that is wrong with these pages: in light at each width, in dark at the widest. */
export const visitAll = async (
  { page, url }: Pick<Site, 'page' | 'url'>,
  pages: Rows,
): Promise<string[]> => {
  const problems = watch(page)
  const found: string[] = []
  for (const [name, path] of pages) {
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1440, height: 1000 })
    await page.goto(url + path)
    await settle(page)
    for (const width of widths) {
      found.push(...(await lookAt(page, `${name} at ${width} px`, width)))
      await keepPicture(page, `${name}-${width}`)
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    found.push(...(await findBarriers(page, 'colours')).map((one) => `${name}, dark: ${one}`))
    found.push(...problems.splice(0).map((one) => `${name}: ${one}`))
  }
  return found
}
