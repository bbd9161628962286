/** A person without a pointer: Tab until there, and only what shows that it is there. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'

/** A page with more stops than this has to be passed by other keys. */
const stopsMax = 120

/** Is it, or where it is one of a group of radio buttons, is one of them? */
type Where = 'itself' | 'group'

export const focused = (target: Locator, where: Where = 'itself'): Promise<boolean> =>
  target.evaluate((one, place) => {
    const { activeElement } = document
    const isGroup =
      place === 'group' &&
      one instanceof HTMLInputElement &&
      activeElement instanceof HTMLInputElement &&
      activeElement.type === 'radio' &&
      activeElement.name === one.name &&
      activeElement.form === one.form
    return activeElement === one || isGroup
  }, where)

/** Whether somebody who looks sees where they are. A card or a field may be drawn as one thing with what it holds. */
const lookOf = (target: Locator) =>
  target.evaluate(() => {
    const { activeElement } = document
    let drawn = activeElement
    for (let up = 0; up < 4 && drawn !== null; up += 1) {
      const { outlineStyle, outlineWidth } = getComputedStyle(drawn)
      if (outlineStyle !== 'none' && outlineWidth !== '0px') break
      drawn = up === 3 ? null : drawn.parentElement
    }
    const { top = -1, bottom = -1 } = activeElement?.getBoundingClientRect() ?? {}
    return {
      isDrawn: drawn !== null && activeElement?.matches(':focus-visible') === true,
      isInSight: bottom > 0 && top < innerHeight,
    }
  })

/**
 * What had focus on this page may go, but focus goes to what comes next, never to nothing: there, who hears a page begins again at its
 * top. It is waited for, since the page may be busy with it.
 */
const untilSomewhere = async (target: Locator): Promise<void> => {
  try {
    await target.page().waitForFunction(() => {
      const { activeElement, body, documentElement } = document
      return activeElement !== body || documentElement.dataset['reached'] === undefined
    })
  } catch {
    assert.fail(`focus was lost before ${String(target)}`)
  }
}

/** Moves focus by Tab alone. What has focus must be in sight, and be drawn as having it. */
export const reach = async (target: Locator, where: Where = 'itself'): Promise<void> => {
  const page = target.page()
  await target.waitFor({ state: 'attached' })
  await untilSomewhere(target)
  for (let stops = 0; stops < stopsMax; stops += 1) {
    if (await focused(target, where)) {
      assert.deepEqual(await lookOf(target), { isDrawn: true, isInSight: true }, String(target))
      await page.evaluate(() => (document.documentElement.dataset['reached'] = ''))
      return
    }
    await page.keyboard.press('Tab')
  }
  assert.fail(`${String(target)} was not reached by ${stopsMax} stops`)
}

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** In the order of the browser's own language, which tests run in: month, day, year. */
export const dayKeys = (atMs: number): string => {
  const [year = '', month = '', day = ''] = dayOf(atMs).split('-')
  return `${month}${day}${year}`
}
