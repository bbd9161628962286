/** What the rules of lineage say, and what they are asked about. */
import type { Declared } from './card.ts'
import type { Ancestor, EffectiveTerms } from './terms.ts'

/** From the gravest to none. */
export const levels = ['block', 'unknown', 'conflict', 'ask', 'warn'] as const
export type Level = (typeof levels)[number]
export type Verdict = Level | 'ok'

/** Rules by their number, as the reference pages list them; words for what is wrong with the lineage itself. */
export type RuleId =
  | 'R0'
  | 'R1'
  | 'R2'
  | 'R3'
  | 'R4'
  | 'R5'
  | 'R6'
  | 'R7'
  | 'R8'
  | 'R9'
  | 'R10'
  | 'R11'
  | 'D1'
  | 'D2'
  | 'M1'
  | 'LICENSE_UNKNOWN'
  | 'LINEAGE_CYCLE'
  | 'LINEAGE_TOO_LARGE'

export interface Finding {
  readonly rule: RuleId
  readonly level: Level
  /** What is so, why it does not hold, what to do. */
  readonly sentence: string
  /** Name of the ancestor that causes it. */
  readonly parent?: string
  /** Its licence, as SPDX spells it. */
  readonly licence?: string
}

/** The repo that is judged. */
export interface Subject {
  /** Without its owner. */
  readonly name: string
  readonly declared: Declared
  readonly isMultimodal: boolean
  /** It says that it is meant for care. */
  readonly isMedical: boolean
}

export interface Question {
  readonly subject: Subject
  readonly ancestors: readonly Ancestor[]
  readonly terms: EffectiveTerms
}

/** What would mend the findings that can be mended by the card and the name. */
export interface Proposal {
  readonly expression?: string
  readonly name?: string
}
