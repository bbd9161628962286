/** Judges a model by what it was made from: the effective terms, what the rules say, and the exact words that would mend it. */
import { type Finding, levels, type Proposal, type Subject, type Verdict } from './finding.ts'
import { parentsMax, readLicence } from './card.ts'
import { lineageCountMax, lineageDepthMax, type Walk } from './lineage.ts'
import { declarationRules, missingPrefix } from './rules.ts'
import { useRules } from './rules-of-use.ts'
import { commonTargets } from './share-alike.ts'
import { licenceNamed } from './table.ts'
import { effectiveTerms, type EffectiveTerms, rowsOf } from './terms.ts'

export interface Judgement {
  readonly verdict: Verdict
  /** The gravest first; one for each rule, ancestor and licence. */
  readonly findings: readonly Finding[]
  readonly terms: EffectiveTerms
  readonly proposal: Proposal
}

const findingsMax = 200
const nameCharsMax = 96

/** What tells findings apart: a decision about one speaks of this. */
export const keyOf = ({ rule, parent, licence }: Finding): string =>
  [rule, parent ?? '', licence ?? ''].join('|')

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const arrange = (found: readonly Finding[]): readonly Finding[] =>
  [...new Map(found.map((one) => [keyOf(one), one])).values()]
    .toSorted(
      (a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || compare(keyOf(a), keyOf(b)),
    )
    .slice(0, findingsMax)

/** As grave as the gravest. */
export const verdictOf = (findings: readonly Finding[]): Verdict =>
  levels.find((level) => findings.some((one) => one.level === level)) ?? 'ok'

const ofWalk = ({ isCyclic, isCut }: Walk): readonly Finding[] => [
  ...(isCyclic
    ? [
        {
          rule: 'LINEAGE_CYCLE',
          level: 'ask',
          sentence:
            'This is named among what it was itself made from. Mend the card that names it: the terms count all of the circle until then.',
        } as const,
      ]
    : []),
  ...(isCut
    ? [
        {
          rule: 'LINEAGE_TOO_LARGE',
          // What is beyond the bound may forbid it: who could hide a base behind many others would be let through by their number.
          level: 'block',
          sentence: `There is more behind this than the hub follows (${lineageCountMax} ancestors, ${lineageDepthMax} generations, ${parentsMax} bases on one card), so what forbids it is not known. Name the nearest bases only, or let a steward record a decision with the name of counsel.`,
        } as const,
      ]
    : []),
]

const mendable: ReadonlySet<Finding['rule']> = new Set(['R2', 'R3', 'R4', 'R5'])

const expressionFor = (
  { declared }: Subject,
  findings: readonly Finding[],
  targets: readonly string[] | undefined,
): string | undefined => {
  const missing = findings.filter(({ rule }) => mendable.has(rule))
  if (missing.length === 0) return undefined
  const ofSame = missing.filter(({ rule }) => rule === 'R3')
  const target = targets?.map((name) => licenceNamed(name)?.spdx).find((one) => one !== undefined)
  if (ofSame.length > 0 && target === undefined) return undefined
  const isPlain = rowsOf(declared).every(({ row }) => row?.flow === 'none')
  // A permissive licence gives way to the one that everything has to be under; its notices stay where they are.
  const keeps = declared.kind === 'expression' && !(ofSame.length > 0 && isPlain)
  const parts = [
    ...(keeps ? [`(${declared.text})`] : []),
    ...(ofSame.length > 0 && target !== undefined ? [target] : []),
    ...missing
      .filter(({ rule }) => rule !== 'R3')
      .flatMap(({ licence }) => licence ?? [])
      .toSorted(compare),
  ]
  const read = readLicence([...new Set(parts)].join(' AND '))
  return read.kind === 'expression' ? read.text : undefined
}

/** Where nothing is declared and one licence is behind it, that one. */
const expressionOfParents = (
  { declared }: Subject,
  { licences }: EffectiveTerms,
): string | undefined =>
  declared.kind === 'none' && licences.length === 1 ? licences[0] : undefined

const nameFor = (prefix: string, name: string): string =>
  `${prefix.replaceAll(/\s+/g, '-')}-${name}`.slice(0, nameCharsMax)

/** Pure and total: the same findings whatever the order of the ancestors. */
export const judge = (subject: Subject, walk: Walk): Judgement => {
  const { ancestors } = walk
  const terms = effectiveTerms(subject.declared, ancestors, subject.isMultimodal)
  const question = { subject, ancestors, terms }
  const findings = arrange([
    ...[...declarationRules, ...useRules].flatMap((check) => check(question)),
    ...ofWalk(walk),
  ])
  const expression =
    expressionFor(subject, findings, commonTargets(question)) ?? expressionOfParents(subject, terms)
  const prefix = missingPrefix(question)
  return {
    verdict: verdictOf(findings),
    findings,
    terms,
    proposal: {
      ...(expression === undefined ? {} : { expression }),
      ...(prefix === undefined ? {} : { name: nameFor(prefix, subject.name) }),
    },
  }
}
