/** Words for how pages may look: in the menu, and in settings. */
import type { Density, Motion, Theme } from './prefs.ts'

interface Choice<T extends string> {
  readonly value: T
  readonly label: string
}

export const themes: readonly Choice<Theme>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

export const densities: readonly Choice<Density>[] = [
  { value: 'dense', label: 'Dense' },
  { value: 'roomy', label: 'Roomy' },
]

export const motions: readonly Choice<Motion>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'reduced', label: 'Reduced' },
]
