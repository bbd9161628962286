/** Looks for what keeps people out: WCAG 2.2 AA, as far as a program can tell. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The colours of a page are all that another theme changes. */
const rules = {
  all: { runOnly: { type: 'tag', values: tags }, rules: { region: { enabled: false } } },
  colours: { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } },
} as const

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** Once nothing fades any more: half-way between two themes no colour is one that anybody chose. */
const untilStill = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map((one) => one.finished))
  })

/** Of the page as it stands. The page's own policy would not let the program in, so it comes by the debugger. */
export const findBarriers = async (
  page: Page,
  among: keyof typeof rules = 'all',
): Promise<string[]> => {
  await untilStill(page)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source)
  const found = await page.evaluate(async (how): Promise<unknown> => {
    // A cast because the program has just been put there.
    const { axe } = globalThis as unknown as {
      axe: { run: (where: Document, how: object) => Promise<{ violations: unknown }> }
    }
    return (await axe.run(document, { ...how, resultTypes: ['violations'] })).violations
  }, rules[among])
  // A cast because that is what the program answers.
  return (found as Violation[]).flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 3)
      .map(
        ({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 200)} ${failureSummary}`,
      ),
  )
}
