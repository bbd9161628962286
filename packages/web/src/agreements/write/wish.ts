/** A text as its writer edits it: JSON without what the hub fills in, and what is wrong with it, with the place. */
import type { AgreementWish } from '@weighhouse/contract/agreements.ts'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { lint } from '@weighhouse/formats/terms/lint.ts'
import { parseTerms } from '@weighhouse/formats/terms/terms.ts'

export type Wish = Omit<AgreementWish, 'repos'>

export const writeWish = (body: AgreementBody): string => {
  const {
    format: _f,
    agreement: _a,
    version: _v,
    supersedes: _s,
    parties: _p,
    scope: _c,
    ...wish
  } = body
  return JSON.stringify(wish, null, 2)
}

/** The hub reads it strictly, and says the place of what is wrong. Throws SyntaxError for what is no JSON. */
export const readWish = (text: string): Wish => JSON.parse(text) as Wish

export interface Finding {
  readonly level: 'error' | 'warning'
  readonly text: string
}

/** What can be said before it is sent. */
export const findingsIn = (text: string): Finding[] => {
  try {
    const wish = readWish(text)
    const terms = parseTerms(wish.terms)
    const clauses = new Set(wish.clauses.map(({ id }) => id))
    const rules = [...terms.permissions, ...terms.prohibitions, ...terms.obligations]
    const wordless = rules.filter(({ clause }) => !clauses.has(clause))
    return [
      ...wordless.map(({ id, clause }): Finding => ({
        level: 'error',
        text: `${id}: there is no clause "${clause}" that says it in words.`,
      })),
      ...lint(terms).map(({ level, rule, message }): Finding => ({
        level,
        text: `${rule}: ${message}`,
      })),
    ]
  } catch (error) {
    return [{ level: 'error', text: error instanceof Error ? error.message : String(error) }]
  }
}
