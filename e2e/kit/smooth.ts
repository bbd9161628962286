/** How a page feels, in numbers: when it stands, how long it does not answer, how much of it there is. */
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { settle } from './visit.ts'

export interface Feel {
  /** Of the largest part, from the request on. */
  readonly paintMs: number
  /** The longest that the page did not answer, while it came. */
  readonly blockedMs: number
  /** The same while it was scrolled from its top to its end. */
  readonly scrollBlockedMs: number
  /** Of 20 frames of that, 19 were shorter. */
  readonly frameMs: number
  /** Beside movement that somebody asked for. */
  readonly shift: number
  readonly elements: number
}

interface Seen {
  paintMs: number
  longMs: number
  shift: number
}

/** Runs in the page before anything else. */
const watch = (): void => {
  const seen: Seen = { paintMs: 0, longMs: 0, shift: 0 }
  // A cast because the page has no such name before.
  ;(globalThis as unknown as { seen: Seen }).seen = seen
  const observe = (type: string, each: (entry: PerformanceEntry) => void): void => {
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({
      type,
      buffered: true,
    })
  }
  observe('largest-contentful-paint', ({ startTime }) => (seen.paintMs = startTime))
  observe('longtask', ({ duration }) => (seen.longMs = Math.max(seen.longMs, duration)))
  observe('layout-shift', (entry) => {
    // A cast because the type of entries is not among those of the platform.
    const { value, hadRecentInput } = entry as unknown as { value: number; hadRecentInput: boolean }
    if (!hadRecentInput) seen.shift += value
  })
}

const take = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: Seen }
    const found = { ...seen }
    seen.longMs = 0
    return found
  })

const steps = 60

/** As a quick hand does it: 400 px a frame, then to the end at once. Answers how long each frame took. */
const scroll = (page: Page): Promise<number[]> =>
  page.evaluate(async (count) => {
    const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done))
    const scroller = [...document.querySelectorAll('main, main *')].find(
      (one) =>
        one.scrollHeight > one.clientHeight + 200 &&
        /auto|scroll/.test(getComputedStyle(one).overflowY),
    )
    const far =
      document.documentElement.scrollHeight > innerHeight ? document.documentElement : scroller
    const times: number[] = []
    let before = await frame()
    for (let at = 1; at <= count && far !== undefined; at += 1) {
      far.scrollTop = at === count ? far.scrollHeight : far.scrollTop + 400
      const now = await frame()
      times.push(now - before)
      before = now
    }
    return times
  }, steps)

/** Goes there in a page of its own, so that nothing is in its cache but what the browser shares. */
export const feelOf = async (
  page: Page,
  address: string,
  ready: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<Feel> => {
  await page.addInitScript(watch)
  await page.goto(address)
  await settle(page)
  await ready(page)
  const coming = await take(page)
  const frames = await scroll(page)
  const scrolled = await take(page)
  const sorted = frames.toSorted((a, b) => a - b)
  return {
    paintMs: coming.paintMs,
    blockedMs: coming.longMs,
    scrollBlockedMs: scrolled.longMs,
    frameMs: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    shift: scrolled.shift,
    elements: await page.evaluate(() => document.querySelectorAll('*').length),
  }
}

const dist = fileURLToPath(new URL('../../packages/web/dist', import.meta.url))

/** Of files of the app as they travel, by their addresses. */
export const gzipBytes = async (paths: readonly string[]): Promise<number> => {
  let sum = 0
  for (const path of paths) sum += gzipSync(await readFile(dist + path), { level: 9 }).length
  return sum
}
