/**
 * What a person does with a page, by a mouse or by keys alone. A journey that acts through hands is made in both ways: what one of them
 * cannot do is a defect of the page.
 */
import assert from 'node:assert/strict'
import type { FileChooser, Locator, Page } from 'playwright-core'
import { dayKeys, dayOf, focused, reach } from './keys.ts'
import { untilQuiet } from './quiet.ts'
import { waitMs } from './slow.ts'

/** A folder or files of this machine, or a file as it is. */
export type Files = Parameters<FileChooser['setFiles']>[0]

export interface Hands {
  readonly name: 'by mouse' | 'by keys'
  /** A button, a link: what acts when it is pressed. */
  press(target: Locator): Promise<void>
  /** Over what is there. */
  type(field: Locator, text: string): Promise<void>
  /** One of a few, by its words. */
  choose(list: Locator, option: string): Promise<void>
  /** A box, or one of a group of radio buttons. */
  tick(box: Locator): Promise<void>
  day(field: Locator, atMs: number): Promise<void>
  /** By what opens the window in which files are chosen. */
  attach(opener: Locator, files: Files): Promise<void>
  /** One item of a menu. */
  pick(opener: Locator, item: Locator): Promise<void>
  /** Anywhere, by the field that finds places, repos and organisations. */
  jump(page: Page, words: string, option?: string | RegExp): Promise<void>
}

const isRadio = async (box: Locator): Promise<boolean> =>
  (await box.getAttribute('type')) === 'radio'

const palette = (page: Page) => {
  const window = page.getByRole('dialog', { name: 'Search or jump to' })
  return {
    field: window.getByRole('combobox'),
    option: (name: string | RegExp) =>
      window.getByRole('option', { name, exact: typeof name === 'string' }).first(),
  }
}

export const mouse: Hands = {
  name: 'by mouse',
  press: (target) => target.click(),
  type: (field, text) => field.fill(text),
  async choose(list, option) {
    await list.selectOption({ label: option })
  },
  // One of a group is pressed by its words, where it is drawn without a button of its own.
  async tick(box) {
    await ((await isRadio(box)) ? box.locator('xpath=ancestor::label').click() : box.check())
    assert.ok(await box.isChecked(), String(box))
  },
  day: (field, atMs) => field.fill(dayOf(atMs)),
  async attach(opener, files) {
    const chooser = opener.page().waitForEvent('filechooser')
    await opener.click()
    await (await chooser).setFiles(files)
  },
  async pick(opener, item) {
    await opener.click()
    await item.click()
  },
  async jump(page, words, option = words) {
    const found = palette(page)
    await page.getByRole('button', { name: 'Search or jump to' }).click()
    await found.field.fill(words)
    await found.option(option).click()
  },
}

/** A list with more options has to be searched in another way. */
const optionsMax = 40

export const keys: Hands = {
  name: 'by keys',
  async press(target) {
    await reach(target)
    // What is busy is waited for, as a mouse here waits.
    const endMs = performance.now() + waitMs()
    while (!(await target.isEnabled()) && performance.now() < endMs) await untilQuiet(target.page())
    assert.ok(await target.isEnabled(), `${String(target)} may not be pressed`)
    await target.page().keyboard.press('Enter')
  },
  async type(field, text) {
    await reach(field)
    const { keyboard } = field.page()
    await keyboard.press('ControlOrMeta+a')
    await (text === '' ? keyboard.press('Delete') : keyboard.type(text))
    assert.equal(await field.inputValue(), text, String(field))
  },
  // Opened, found by its first letters, and only then chosen: a list that is closed would choose all on the way.
  async choose(list, option) {
    await list.locator('option', { hasText: option }).first().waitFor({ state: 'attached' })
    await reach(list)
    const { keyboard } = list.page()
    await keyboard.press('Space')
    await keyboard.type(option)
    await keyboard.press('Enter')
  },
  async tick(box) {
    const { keyboard } = box.page()
    if (await isRadio(box)) {
      await reach(box, 'group')
      for (let steps = 0; steps < optionsMax && !(await box.isChecked()); steps += 1)
        await keyboard.press('ArrowDown')
    } else {
      await reach(box)
      if (!(await box.isChecked())) await keyboard.press('Space')
    }
    assert.ok(await box.isChecked(), String(box))
  },
  async day(field, atMs) {
    await reach(field)
    await field.page().keyboard.type(dayKeys(atMs))
    assert.equal(await field.inputValue(), dayOf(atMs))
  },
  async attach(opener, files) {
    const chooser = opener.page().waitForEvent('filechooser')
    await keys.press(opener)
    await (await chooser).setFiles(files)
  },
  async pick(opener, item) {
    await keys.press(opener)
    await item.waitFor()
    const { keyboard } = item.page()
    for (let steps = 0; steps < optionsMax && !(await focused(item)); steps += 1)
      await keyboard.press('ArrowDown')
    assert.ok(await focused(item), String(item))
    await keyboard.press('Enter')
  },
  async jump(page, words, option = words) {
    const found = palette(page)
    await page.keyboard.press('ControlOrMeta+k')
    await found.field.waitFor()
    await page.keyboard.type(words)
    const one = found.option(option)
    await one.waitFor()
    // What is found later may come before it.
    await untilQuiet(page)
    for (let steps = 0; steps < optionsMax; steps += 1) {
      if ((await one.getAttribute('aria-selected')) === 'true') break
      await page.keyboard.press('ArrowDown')
    }
    assert.equal(await one.getAttribute('aria-selected'), 'true', String(one))
    await page.keyboard.press('Enter')
  },
}

/** Each journey is made by each. */
export const bothHands: readonly Hands[] = [mouse, keys]

export const button = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole('button', { name, exact: typeof name === 'string' })

export const link = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole('link', { name, exact: typeof name === 'string' })
