/** What a person chose for this browser. The inline script of the page reads the same key before the first paint. */

import { basePath } from './base.ts'

const key = 'weighhouse'

export type Theme = 'light' | 'dark' | 'system'
export type Density = 'dense' | 'roomy'

interface Prefs {
  readonly theme?: Theme
  readonly density?: Density
  /** False where single letters do nothing. */
  readonly letters?: boolean
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

/** Browsers forget what a script told them sooner than what it keeps. */
export const repeatPrefs = (): void => {
  const kept = readPrefs()
  if (kept.theme !== undefined) tellServer(kept)
}

const apply = ({ theme, density }: Prefs): void => {
  const { dataset } = document.documentElement
  if (theme === 'light' || theme === 'dark') dataset['theme'] = theme
  else delete dataset['theme']
  if (density === 'roomy') dataset['density'] = density
  else delete dataset['density']
}

export const writePrefs = (change: Prefs): void => {
  const next = { ...readPrefs(), ...change }
  apply(next)
  tellServer(next)
  try {
    localStorage.setItem(key, JSON.stringify(next))
  } catch {
    // A browser that keeps nothing still shows the choice until it is closed.
  }
}
