/** Large pages stay small: what is out of sight is not drawn. How long they take is measured by `npm run bench -- pages`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMuch } from './kit/large-world.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite } from './kit/site.ts'
import { type Feel, feelOf } from './kit/smooth.ts'

const shiftMax = 0.1

/** What does not hang on how busy the machine is; the times are told. */
const checkFeel = (what: string, feel: Feel, elementsMax: number): string => {
  assert.ok(feel.shift <= shiftMax, `${what}: it moved by ${feel.shift}`)
  assert.ok(feel.elements <= elementsMax, `${what}: ${feel.elements} elements`)
  const rounded = Object.entries(feel).map(([name, value]) => `${name} ${Number(value).toFixed(2)}`)
  return `${what}: ${rounded.join(', ')}`
}

void test(
  'a large folder, a long list, a long agreement',
  { timeout: 300_000 },
  async (context) => {
    await using site = await openSite()
    await fillParties(site)
    const agreement = await addMuch(site.dev)
    const page = await pageOf(site, 'ann')
    const show = (line: string): void => context.diagnostic(line)

    const folder = `${site.url}/lab/folder/tree/main/parts`
    const all = await feelOf(page, `${folder}?all=1`, (one) =>
      one.getByText(/^5\u202f000 of 5\u202f000 shown$/).waitFor(),
    )
    show(checkFeel('folder of 5,000', all, 3_000))
    await page.getByRole('link', { name: 'part-4999.txt' }).waitFor()
    assert.equal(await page.getByRole('row').last().getAttribute('aria-rowindex'), '5001')
    assert.ok((await page.getByRole('row').count()) < 200)
    // By keys from row to row, further than what was in the page.
    await page.evaluate(() => scrollTo(0, 0))
    await page.getByRole('link', { name: 'part-0000.txt' }).waitFor()
    for (let times = 0; times < 130; times += 1) await page.keyboard.press('j')
    await page.waitForFunction(() => document.activeElement?.textContent === 'part-0129.txt')
    await page.goto(folder)
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.waitForURL(`${folder}?all=1`)

    const list = await feelOf(page, `${site.url}/models`)
    show(checkFeel('list of 10,000', list, 4_000))
    for (let times = 0; times < 12; times += 1) {
      const before = await page.locator('[role=status]', { hasText: ' shown' }).textContent()
      await page.getByRole('button', { name: 'Show more' }).click()
      await page.waitForFunction(
        (text) =>
          ![...document.querySelectorAll('[role=status]')].some((one) => one.textContent === text),
        before,
      )
    }
    assert.ok((await page.getByRole('row').count()) < 250)

    const studio = await feelOf(page, `${site.url}/agreements/${agreement}`)
    show(checkFeel('agreement of 60 clauses', studio, 3_000))
  },
)
