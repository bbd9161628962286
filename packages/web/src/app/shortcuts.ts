/** Keys that act. Pages register what they offer; the sheet (?) lists what is there. Single letters can be switched off. */
import { useEffect, useRef } from 'react'
import { readPrefs } from './prefs.ts'

export interface Shortcut {
  /** `g m`, `/`, `mod+k`: `mod` is ⌘ on a Mac and Ctrl elsewhere. */
  readonly keys: string
  readonly label: string
  /** False where it had nothing to do, so that the key is the browser's. */
  readonly act: () => unknown
}

const registered = new Map<string, Shortcut>()

export const listShortcuts = (): Shortcut[] => [...registered.values()]

/** Registers for as long as the component is there. The newest of the same keys wins. */
export const useShortcut = (keys: string, label: string, act: () => unknown): void => {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  useEffect(() => {
    const before = registered.get(keys)
    registered.set(keys, { keys, label, act: () => latest.current() })
    return () => {
      if (before === undefined) registered.delete(keys)
      else registered.set(keys, before)
    }
  }, [keys, label])
}

const isMac = navigator.platform.startsWith('Mac')

/** As it is printed on a key. */
export const keyWords = (keys: string): string =>
  keys
    .replace('mod+', isMac ? '⌘' : 'Ctrl ')
    .replace(/enter$/, 'Enter')
    .replace(/k$/, isMac || keys.includes('mod') ? 'K' : 'k')

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input,textarea,select,[contenteditable]') !== null

const chordMs = 1_200
let begun = { key: '', atMs: 0 }

const keysOf = (event: KeyboardEvent): string[] => {
  if (event.metaKey || event.ctrlKey) return [`mod+${event.key.toLowerCase()}`]
  const chord =
    performance.now() - begun.atMs < chordMs && begun.key !== ''
      ? [`${begun.key} ${event.key}`]
      : []
  return [...chord, event.key]
}

/** The one listener. Letters never act while somebody writes, or under an open window. */
export const listen = (): (() => void) => {
  const handle = (event: KeyboardEvent): void => {
    if (event.altKey || event.defaultPrevented) return
    const isLetter = !event.metaKey && !event.ctrlKey
    const isOff = readPrefs().letters === false || isTyping(event.target)
    if (isLetter && (isOff || document.querySelector('dialog[open]') !== null)) return
    for (const keys of keysOf(event)) {
      const found = registered.get(keys)
      if (found === undefined || found.act() === false) continue
      event.preventDefault()
      begun = { key: '', atMs: 0 }
      return
    }
    begun = { key: isLetter ? event.key : '', atMs: performance.now() }
  }
  document.addEventListener('keydown', handle)
  return () => document.removeEventListener('keydown', handle)
}

const rowHere = (): Element | null => document.activeElement?.closest('[data-row]') ?? null

/** What of a row has the focus when it is walked to: its link, or the first thing that it offers. */
const holdOf = (row: Element): HTMLElement | null =>
  row instanceof HTMLElement && row.matches('a')
    ? row
    : (row.querySelector<HTMLElement>('a') ?? row.querySelector<HTMLElement>('button'))

/** Moves focus to the next or previous row of a list. */
export const stepRow = (by: 1 | -1): void => {
  const rows = [...document.querySelectorAll('[data-row]')].filter((row) => holdOf(row) !== null)
  const row = rowHere()
  const here = row === null ? -1 : rows.indexOf(row)
  const next = rows[here === -1 ? (by === 1 ? 0 : rows.length - 1) : here + by]
  const hold = next === undefined ? null : holdOf(next)
  hold?.focus()
  hold?.scrollIntoView({ block: 'nearest' })
}

/** Presses what the row with the focus offers by this name (`data-press`); of the first one that offers it, where none has the focus. */
export const pressInRow = (name: string): boolean => {
  const within = rowHere() ?? document.querySelector('main')
  const button = within?.querySelector<HTMLElement>(`[data-press="${name}"]`)
  button?.click()
  return button != null
}

/** Opens the row that has the focus. */
export const openRow = (): boolean => {
  const row = rowHere()
  const link = row?.matches('a') === true ? row : row?.querySelector('a')
  if (!(link instanceof HTMLElement)) return false
  link.click()
  return true
}

/** Presses what sends the form that somebody is in: a button that is busy, or may not be used now, sends nothing. */
export const sendForm = (): boolean => {
  const form = document.activeElement?.closest('form') ?? null
  const button = [...(form?.elements ?? [])].find((one) => one.matches('button[type="submit"]'))
  if (button instanceof HTMLButtonElement) button.click()
  else form?.requestSubmit()
  return form !== null
}

/** The field of the page that searches its list; false where there is none in sight. */
export const focusSearch = (): boolean => {
  const fields = [...document.querySelectorAll<HTMLElement>('main input[type="search"]')]
  const field = fields.find((one) => one.checkVisibility())
  field?.focus()
  return field !== undefined
}
