/** What backs each clause of a template: the hub, a meter, or somebody's word. A clause never claims more. */
import { leaves } from '@weighhouse/formats/terms/lint.ts'
import type { Terms } from '@weighhouse/formats/terms/terms.ts'
import {
  actions,
  isLedger,
  type Operand,
  operands,
  type Strength,
} from '@weighhouse/formats/terms/vocabulary.ts'
import type { Template, TemplateClause } from './template.ts'

const strengths: readonly Strength[] = ['E', 'M', 'A', 'N']

/** Nothing at all backs words alone. */
const weakest = (all: readonly Strength[]): Strength =>
  all.toSorted((a, b) => strengths.indexOf(b) - strengths.indexOf(a))[0] ?? 'N'

const ofRules = (terms: Terms, clause: string): readonly Strength[] => [
  ...[...terms.permissions, ...terms.prohibitions]
    .filter((rule) => rule.clause === clause)
    .flatMap(({ action, constraints }) => [
      actions[action].strength,
      ...leaves(constraints).map(({ operand }) => operands[operand].strength),
    ]),
  ...terms.permissions
    .filter((rule) => rule.clause === clause)
    .flatMap(({ preconditions }) => preconditions.map((): Strength => 'A')),
  ...terms.obligations.filter((rule) => rule.clause === clause).map((): Strength => 'A'),
]

/** The end of an agreement ends access; any other limit stands at the permission of each way to the files or to the service. */
const isLimitedBy = (terms: Terms, operand: Operand, hasEnd: boolean): boolean => {
  if (operand === 'dateTime' && hasEnd) return true
  const ways = terms.permissions.filter(
    ({ action }) => action === (isLedger(operand) ? 'infer' : 'download'),
  )
  const limits = ways.map(({ constraints }) => leaves(constraints).map((one) => one.operand))
  return limits.length > 0 && limits.every((found) => found.includes(operand))
}

/** How strong the clause is by what is written in the terms. */
export const strengthOf = (
  { id, restsOn = [] }: TemplateClause,
  { terms, hasEnd }: { terms: Terms; hasEnd: boolean },
): Strength => {
  const rests = restsOn
    .filter((operand) => isLimitedBy(terms, operand, hasEnd))
    .map((operand) => operands[operand].strength)
  return weakest([...ofRules(terms, id), ...rests])
}

/** The first clause that claims to be stronger, or is weaker, than what backs it. */
export const misfit = (
  { clauses, body }: Template,
  terms: Terms,
): { clause: TemplateClause; strength: Strength } | undefined =>
  clauses
    .map((clause) => ({
      clause,
      strength: strengthOf(clause, { terms, hasEnd: body.to !== null }),
    }))
    .find(({ clause, strength }) => clause.strength !== strength)
