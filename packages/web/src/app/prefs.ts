/** What a person chose for this browser. The inline script of the page reads the same key before the first paint. */

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
  try {
    localStorage.setItem(key, JSON.stringify(next))
  } catch {
    // A browser that keeps nothing still shows the choice until it is closed.
  }
}
