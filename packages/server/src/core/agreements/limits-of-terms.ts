/** What terms say of a number. */
import { leaves } from '@weighhouse/formats/terms/lint.ts'
import type { Terms } from '@weighhouse/formats/terms/terms.ts'

/** The highest number that any permission gives, with a limit on top. */
export const mostOf = ({ permissions }: Terms, operand: string): number | undefined => {
  const found = permissions.flatMap(({ constraints }) =>
    leaves(constraints).flatMap((one) => {
      if (one.operand !== operand || (one.operator !== 'lt' && one.operator !== 'lteq')) return []
      return one.operator === 'lt' ? Number(one.value) - 1 : Number(one.value)
    }),
  )
  return found.length === 0 ? undefined : Math.max(...found)
}
