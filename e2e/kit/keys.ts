/** A person without a pointer: Tab until there, and only what shows that it is there. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** A page with more stops than this has to be passed by other keys. */
const stopsMax = 120

/** Moves focus by Tab alone. What has focus must be in sight, and be drawn as having it. */
const reach = async (target: Locator): Promise<void> => {
  const page = target.page()
  await target.waitFor()
  const isThere = (): Promise<boolean> =>
    target.evaluate((one) => one === document.activeElement && one.matches(':focus-visible'))
  for (let stops = 0; stops < stopsMax; stops += 1) {
    if (await isThere()) {
      const look = await target.evaluate((one) => {
        const { top, bottom } = one.getBoundingClientRect()
        // A card or a field may be drawn as one thing with what it holds.
        let drawn: Element | null = one
        for (let up = 0; up < 4 && drawn !== null; up += 1) {
          const { outlineStyle, outlineWidth } = getComputedStyle(drawn)
          if (outlineStyle !== 'none' && outlineWidth !== '0px') break
          drawn = up === 3 ? null : drawn.parentElement
        }
        return { isDrawn: drawn !== null, isInSight: bottom > 0 && top < innerHeight }
      })
      assert.deepEqual(look, { isDrawn: true, isInSight: true }, String(target))
      return
    }
    await page.keyboard.press('Tab')
  }
  assert.fail(`${String(target)} was not reached by ${stopsMax} stops`)
}

export const press = async (target: Locator, key = 'Enter'): Promise<void> => {
  await reach(target)
  await target.page().keyboard.press(key)
}

/** Writes over what is there. */
export const type = async (target: Locator, text: string): Promise<void> => {
  await reach(target)
  const { keyboard } = target.page()
  await keyboard.press('ControlOrMeta+a')
  await keyboard.type(text)
}

/** In the order of the browser's own language, which tests run in: month, day, year. */
export const typeDay = async (target: Locator, atMs: number): Promise<void> => {
  await reach(target)
  const [year = '', month = '', day = ''] = new Date(atMs).toISOString().slice(0, 10).split('-')
  await target.page().keyboard.type(`${month}${day}${year}`)
}

export const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

export const link = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('link', { name, exact: typeof name === 'string' })
