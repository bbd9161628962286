/** What the hub points out in a text, by the clause that it is about. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Finding, Version } from '../data.ts'

export type ByClause = ReadonlyMap<string, readonly Finding[]>

type Text = Pick<AgreementBody, 'clauses' | 'terms'>

/** In the order of the clauses; those without are left out. */
export const findingsByClause = (
  { clauses, terms }: Text,
  findings: readonly Finding[],
): ByClause => {
  const rules = [...terms.permissions, ...terms.prohibitions, ...terms.obligations]
  const clauseOf = new Map(rules.map(({ id, clause }) => [id, clause]))
  return new Map(
    clauses.flatMap(({ id }): [string, readonly Finding[]][] => {
      const found = findings.filter(({ rule }) => clauseOf.get(rule) === id)
      return found.length === 0 ? [] : [[id, found]]
    }),
  )
}

export const isBlocking = ({ level }: Finding): boolean => level === 'error'

/** Whether nobody can sign the text as it stands. */
export const isBlocked = ({ findings }: Pick<Version, 'findings'>): boolean =>
  findings.some(isBlocking)
