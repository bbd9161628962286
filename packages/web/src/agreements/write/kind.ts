/** Which kind of text a side could write now. */
import type { Agreement } from '../data.ts'

export type Kind = 'draft' | 'counter' | 'amend'

export const kindOf = ({ may, inForce }: Pick<Agreement, 'may' | 'inForce'>): Kind | undefined => {
  if (may.includes('countered')) return 'counter'
  if (may.includes('drafted')) return inForce === null ? 'draft' : 'amend'
  return undefined
}
