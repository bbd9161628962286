/** What the rules of lineage have in common: which licences of ancestors they meet, and what the card says to them. */
import type { Relation } from './card.ts'
import type { Finding, Question, RuleId } from './finding.ts'
import { bareName, type Licence } from './table.ts'
import { type Ancestor, rowsOf } from './terms.ts'

export type RuleCheck = (question: Question) => readonly Finding[]

/** An ancestor with one licence of the choice that is taken from it. */
export interface Met {
  readonly ancestor: Ancestor
  readonly row: Licence
}

export const isDerivative = (relation: Relation): boolean => relation !== 'trained-on'

/** Ties by which the bytes, or changed ones, are passed on: all but learning from data or outputs. */
export const sharesWeights = (relation: Relation): boolean =>
  relation !== 'trained-on' && relation !== 'distilled'

/** Ancestors and licences of which this holds. */
export const met = ({ ancestors }: Question, holds: (one: Met) => boolean): readonly Met[] =>
  ancestors
    .flatMap((ancestor) =>
      rowsOf(ancestor.declared).flatMap(({ row }) =>
        row === undefined ? [] : [{ ancestor, row }],
      ),
    )
    .filter(holds)

/** A finding about one of them. */
export const finding = (
  rule: RuleId,
  level: Finding['level'],
  { ancestor, row }: Met,
  sentence: string,
): Finding => ({ rule, level, sentence, parent: ancestor.name, licence: row.spdx })

/** Every choice that the card leaves to recipients holds this. */
export const declares = ({ subject }: Question, holds: (name: string) => boolean): boolean =>
  subject.declared.kind === 'expression' &&
  subject.declared.choices.every((choice) => choice.some(({ id }) => holds(id)))

/** A licence by its SPDX name, whatever is said of later versions. */
export const isNamed =
  (spdx: string) =>
  (name: string): boolean =>
    bareName(name) === bareName(spdx)

/** What the card says, in a sentence. */
export const shownDeclared = ({ subject: { declared } }: Question): string =>
  declared.kind === 'expression' ? declared.text : 'no licence that holds'
