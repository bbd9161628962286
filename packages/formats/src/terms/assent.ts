/** What people have to accept before they get anything: restrictions that no request shows kept or broken. */
import type { Constraint, Prohibition, Terms } from './terms.ts'
import { operands } from './vocabulary.ts'

const isAboutPeople = (one: Constraint): boolean => {
  if ('all' in one) return one.all.some(isAboutPeople)
  if ('any' in one) return one.any.some(isAboutPeople)
  return operands[one.operand].strength === 'A'
}

/** Where nothing is said that decides one of these, `evaluate` asks for assent. */
export const restrictionsOf = ({ prohibitions }: Pick<Terms, 'prohibitions'>): Prohibition[] =>
  prohibitions.filter(({ constraints }) => constraints.some(isAboutPeople))
