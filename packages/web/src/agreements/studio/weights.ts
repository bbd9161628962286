/** The weight by which each strength is drawn. */
import type { Strength, WeightKind } from '../../parts/Weight.tsx'

export const weightOf: Readonly<Record<Strength, WeightKind>> = {
  E: 'solid',
  M: 'half',
  A: 'outline',
  N: 'dashed',
}
