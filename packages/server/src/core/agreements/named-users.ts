/** How many people terms let a party name. */
import { leaves } from '@weighhouse/formats/terms/lint.ts'
import type { Terms } from '@weighhouse/formats/terms/terms.ts'

/** The least number that any permission gives; undefined where none counts people. */
export const namedUsersMax = ({ permissions }: Terms): number | undefined => {
  const counts = permissions.flatMap(({ constraints }) =>
    leaves(constraints).flatMap(({ operand, operator, value }) => {
      if (operand !== 'namedUsers') return []
      return operator === 'lt' ? Number(value) - 1 : Number(value)
    }),
  )
  return counts.length === 0 ? undefined : Math.min(...counts)
}
