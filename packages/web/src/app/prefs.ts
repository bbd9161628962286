/** What a person chose for this browser. The inline script of the page reads the same key before the first paint. */

import { useSyncExternalStore } from 'react'
import { setTimeZone } from '../parts/words.ts'
import { basePath } from './base.ts'

const key = 'weighhouse'

export type Theme = 'light' | 'dark' | 'system'
export type Density = 'dense' | 'roomy'
export type Motion = 'system' | 'reduced'

export interface Prefs {
  readonly theme?: Theme
  readonly density?: Density
  /** False where single letters do nothing. */
  readonly letters?: boolean
  /** `reduced` where nothing moves, whatever the system says. */
  readonly motion?: Motion
  /** Of times on the screen, such as `Europe/Berlin`; absent or empty for the system's. */
  readonly zone?: string
}

export const readPrefs = (): Prefs => {
  try {
    // A cast because only this file writes the key, and what is not known is ignored.
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Prefs
  } catch {
    return {}
  }
}

const yearSeconds = 31_536_000

/** For the pages that the server draws by itself: they have no script that could look here. It gives nobody anything. */
const tellServer = ({ theme }: Prefs): void => {
  const isOwn = theme === 'light' || theme === 'dark'
  const age = isOwn ? yearSeconds : 0
  document.cookie = `weighhouse-theme=${isOwn ? theme : ''}; Max-Age=${age}; Path=${basePath}/; SameSite=Lax`
}

const apply = ({ theme, density, motion, zone }: Prefs): void => {
  const { dataset } = document.documentElement
  if (theme === 'light' || theme === 'dark') dataset['theme'] = theme
  else delete dataset['theme']
  if (density === 'roomy') dataset['density'] = density
  else delete dataset['density']
  if (motion === 'reduced') dataset['motion'] = motion
  else delete dataset['motion']
  setTimeZone(zone === '' ? undefined : zone)
}

/** When the app starts. Browsers forget what a script told them sooner than what it keeps, so the server is told again. */
export const startPrefs = (): void => {
  const kept = readPrefs()
  apply(kept)
  if (kept.theme !== undefined) tellServer(kept)
}

const watchers = new Set<() => void>()
let current = readPrefs()

export const writePrefs = (change: Prefs): void => {
  const next = { ...readPrefs(), ...change }
  apply(next)
  tellServer(next)
  current = next
  watchers.forEach((tell) => tell())
  try {
    localStorage.setItem(key, JSON.stringify(next))
  } catch {
    // A browser that keeps nothing still shows the choice until it is closed.
  }
}

const watch = (tell: () => void): (() => void) => {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

/** As they are, wherever on the page they are changed. */
export const usePrefs = (): Prefs => useSyncExternalStore(watch, () => current)
