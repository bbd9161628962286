/** What an organisation lets its own people take from others: pure, from facts. Such rules only refuse, whatever else permits. */
import { fileFormatOf, isFileFormat } from '@weighhouse/formats/card/file-format.ts'
import { countryGroups, isCountry } from '@weighhouse/formats/terms/vocabulary.ts'
import { unreachable } from '../kernel/errors.ts'
import type { RepoAction } from './decide.ts'

export const orgRuleKinds = ['formats_denied', 'licences_allowed', 'countries_allowed'] as const
export type OrgRuleKind = (typeof orgRuleKinds)[number]

export interface OrgRule {
  readonly orgId: string
  readonly org: string
  readonly kind: OrgRuleKind
  readonly words: readonly string[]
}

/** What rules ask of a repo. */
export interface OrgRuleFacts {
  /** Of all organisations the actor belongs to, but the one that owns the repo. */
  readonly rules: readonly OrgRule[]
  /** As the card states them. */
  readonly licences: readonly string[]
  /** Of the owner; undefined for who has said none. */
  readonly seat: string | undefined
  /** Of the files on the default branch; undefined while nothing is known of them. */
  readonly formats: readonly string[] | undefined
}

export interface OrgRuleDenial {
  readonly org: string
  readonly kind: OrgRuleKind
  readonly needed: string
  readonly actual: string
}

const list = (words: readonly string[]): string => words.join(', ')

const inCountry = (seat: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => (countryGroups[one] ?? [one]).includes(seat))

const broken = (
  { org, kind, words }: OrgRule,
  { licences, seat, formats }: OrgRuleFacts,
): OrgRuleDenial | undefined => {
  switch (kind) {
    case 'formats_denied': {
      const found = formats?.filter((one) => words.includes(one))
      if (found?.length === 0) return undefined
      const actual = found === undefined ? 'files that nothing is known of yet' : list(found)
      return { org, kind, needed: `no ${list(words)}`, actual }
    }
    case 'licences_allowed': {
      const isGood = licences.length > 0 && licences.every((one) => words.includes(one))
      const actual = licences.length === 0 ? 'no licence stated' : list(licences)
      return isGood ? undefined : { org, kind, needed: `a licence of ${list(words)}`, actual }
    }
    case 'countries_allowed': {
      const isGood = seat !== undefined && inCountry(seat, words)
      const needed = `an owner in ${list(words)}`
      return isGood ? undefined : { org, kind, needed, actual: seat ?? 'no seat stated' }
    }
    default:
      return unreachable(kind)
  }
}

/** The first rule that the repo as a whole breaks. What only some files break is told last, since the others may be read one by one. */
const brokenRule = (facts: OrgRuleFacts): OrgRuleDenial | undefined => {
  const found = facts.rules.flatMap((rule) => broken(rule, facts) ?? [])
  return found.find(({ kind }) => kind !== 'formats_denied') ?? found[0]
}

/** Files of others are taken only where the actor's own organisations allow it, whoever else does. */
export const ruledOut = (
  action: RepoAction,
  ruled: OrgRuleFacts | undefined,
): OrgRuleDenial | undefined =>
  ruled === undefined || action !== 'repo.read' ? undefined : brokenRule(ruled)

/** The rule that one file breaks by its format. */
export const brokenByFile = (
  rules: readonly OrgRule[],
  path: string,
): OrgRuleDenial | undefined => {
  const format = fileFormatOf(path)
  const rule = rules.find(
    ({ kind, words }) =>
      kind === 'formats_denied' && format !== undefined && words.includes(format),
  )
  if (rule === undefined || format === undefined) return undefined
  return { org: rule.org, kind: rule.kind, needed: `no ${list(rule.words)}`, actual: format }
}

/** A word that a rule of this kind may not hold; undefined when all of them may. */
export const strangeWord = (kind: OrgRuleKind, words: readonly string[]): string | undefined => {
  const fits: Record<OrgRuleKind, (word: string) => boolean> = {
    formats_denied: isFileFormat,
    licences_allowed: (word) => /^[a-z0-9][a-z0-9.+_-]{0,63}$/.test(word),
    countries_allowed: isCountry,
  }
  return words.find((word) => !fits[kind](word))
}
