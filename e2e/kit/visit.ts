/** Goes to pages as somebody with eyes, with a reader, with a phone: barriers, breadths, complaints of the browser. */
import type { Page } from 'playwright-core'
import { findBarriers } from './axe.ts'
import type { Rows } from './every-page.ts'
import { keepPicture } from './picture.ts'
import { untilQuiet } from './quiet.ts'
import { shoot, type Site } from './site.ts'

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
  await untilQuiet(page)
}

const widths = [1440, 1024, 390] as const

/** All that is wrong with these pages. In light they are seen at each width, and looked at closely at the widest and the narrowest. */
export const visitAll = async (
  { page, url }: Pick<Site, 'page' | 'url'>,
  pages: Rows,
  scheme: 'light' | 'dark',
): Promise<string[]> => {
  const problems = watch(page)
  const found: string[] = []
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  for (const [name, path] of pages) {
    await page.setViewportSize({ width: 1440, height: 1000 })
    await page.goto(url + path)
    await settle(page)
    for (const width of scheme === 'light' ? widths : [1440]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 1000 })
      await page.waitForTimeout(50)
      const where = `${name} at ${width} px, ${scheme}`
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (overflow > 0) found.push(`${where} is ${overflow} px too wide`)
      if (width !== 1024) {
        found.push(...(await findBarriers(page)).map((one) => `${where}: ${one}`))
      }
      await shoot(page, `${name}-${width}-${scheme}`)
      if (scheme === 'light') await keepPicture(page, `${name}-${width}`)
    }
    found.push(...problems.splice(0).map((one) => `${name}: ${one}`))
  }
  return found
}
