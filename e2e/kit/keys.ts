/** A person without a pointer: Tab until there, and only what shows that it is there. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** A page with more stops than this has to be passed by other keys. */
const stopsMax = 120

/** Is it, or where it is one of a group of radio buttons, is one of them? */
type Where = 'itself' | 'group'

export const focused = (target: Locator): Promise<boolean> =>
  target.evaluate((one) => one === document.activeElement)

interface Standing {
  /** Where it is reached: whether somebody who looks sees that. */
  readonly look?: { readonly isDrawn: boolean; readonly isInSight: boolean }
  /** How many stops it is away, as far as the page can tell: no more than that. */
  readonly away: number
  /** What had focus is gone, and nothing has it. */
  readonly isLost: boolean
}

/** Runs in the page, once for many stops: finding an element by its role and name costs more than going there. */
const standingAt = (target: HTMLElement | SVGElement, where: Where): Standing => {
  const { activeElement, body, documentElement } = document
  const groupOf = (one: Element | null) =>
    one instanceof HTMLInputElement && one.type === 'radio' ? one.name : undefined
  const isBeside = (one: Element | null): boolean =>
    groupOf(one) !== undefined &&
    groupOf(one) === groupOf(target) &&
    one?.closest('form') === target.closest('form')
  const isThere = activeElement === target || (where === 'group' && isBeside(activeElement))
  if (!isThere) {
    const isLost = activeElement === body && documentElement.dataset['reached'] !== undefined
    const stops = [
      // Of windows over each other, the one that holds it is the one that keeps focus.
      ...(target.closest('dialog:modal') ?? document).querySelectorAll<HTMLElement>(
        'a[href], button, input, select, textarea, summary, [tabindex]',
      ),
    ].filter(
      (one) =>
        one.tabIndex >= 0 &&
        !one.matches(':disabled, [inert] *') &&
        one.checkVisibility({ visibilityProperty: true }) &&
        // A group of radio buttons is one stop, or is not counted.
        (groupOf(one) === undefined || one === activeElement || one === target),
    )
    const isBehind = (one: Element): boolean =>
      activeElement !== null &&
      (activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
    const next = Math.max(0, stops.findIndex(isBehind))
    const to = stops.indexOf(target as HTMLElement)
    const away = to >= next ? to - next + 1 : stops.length - next + to + 1
    return { away: to === -1 ? 1 : Math.max(1, away), isLost }
  }
  // A card or a field may be drawn as one thing with what it holds.
  let drawn = activeElement
  for (let up = 0; up < 4 && drawn !== null; up += 1) {
    const { outlineStyle, outlineWidth } = getComputedStyle(drawn)
    if (outlineStyle !== 'none' && outlineWidth !== '0px') break
    drawn = up === 3 ? null : drawn.parentElement
  }
  const { top = -1, bottom = -1 } = activeElement?.getBoundingClientRect() ?? {}
  documentElement.dataset['reached'] = ''
  return {
    look: {
      isDrawn: drawn !== null && activeElement?.matches(':focus-visible') === true,
      isInSight: bottom > 0 && top < innerHeight,
    },
    away: 0,
    isLost: false,
  }
}

/**
 * What had focus on this page may go, but focus goes to what comes next, never to nothing: there, who hears a page begins again at its
 * top. It is waited for, since the page may be busy with it.
 */
const untilSomewhere = async (target: Locator): Promise<void> => {
  try {
    await target.page().waitForFunction(() => document.activeElement !== document.body)
  } catch {
    assert.fail(`focus was lost before ${String(target)}`)
  }
}

/** Holds Tab for so many stops. */
const hold = async ({ keyboard }: Page, stops: number): Promise<void> => {
  await Promise.all(Array.from({ length: stops }, () => keyboard.down('Tab')))
  await keyboard.up('Tab')
}

/** Moves focus by Tab alone. What has focus must be in sight, and be drawn as having it. */
export const reach = async (target: Locator, where: Where = 'itself'): Promise<void> => {
  const page = target.page()
  let standing = await target.evaluate(standingAt, where)
  if (standing.isLost) {
    await untilSomewhere(target)
    standing = await target.evaluate(standingAt, where)
  }
  for (let stops = 0; standing.look === undefined;) {
    stops += standing.away
    assert.ok(stops <= stopsMax, `${String(target)} was not reached by ${stopsMax} stops`)
    await hold(page, standing.away)
    standing = await target.evaluate(standingAt, where)
  }
  assert.deepEqual(standing.look, { isDrawn: true, isInSight: true }, String(target))
}

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** In the order of the browser's own language, which tests run in: month, day, year. */
export const dayKeys = (atMs: number): string => {
  const [year = '', month = '', day = ''] = dayOf(atMs).split('-')
  return `${month}${day}${year}`
}
