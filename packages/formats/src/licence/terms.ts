/** Effective terms: what holds for a model because of all it was made from. A meet of licences: more ancestors make it stricter only. */
import type { Declared, Relation } from './card.ts'
import type { Named } from './expression.ts'
import { type Commercial, countriesOf, type Licence, licenceNamed } from './table.ts'

/** Lists are sorted and without duplicates. */
export interface EffectiveTerms {
  readonly commercial: Commercial
  readonly derivatives: 'yes' | 'no'
  readonly notices: readonly string[]
  readonly namePrefixes: readonly string[]
  readonly use: readonly string[]
  readonly outputs: readonly string[]
  /** Thresholds and the like, to which a consumer attests once a year. */
  readonly limits: readonly string[]
  /** ISO codes of countries where no rights are given. */
  readonly excludes: readonly string[]
  readonly ends: readonly string[]
  readonly medical: 'free' | 'policy' | 'conditional' | 'forbidden'
  /** Every licence behind these terms, as SPDX spells it. */
  readonly licences: readonly string[]
  /** Names of those whose licence the hub does not know. */
  readonly unknown: readonly string[]
}

/** Something that the model was made from, at whatever distance. */
export interface Ancestor {
  readonly name: string
  /** How far the strongest tie goes: see `relationAlong`. */
  readonly relation: Relation
  /** The relation of the model itself to the parent by which it comes. */
  readonly first: Relation
  /** 1 for a parent. */
  readonly depth: number
  readonly declared: Declared
  /** Of the same owner, or what this is a copy of: missing words about it are no news to anybody. */
  readonly isOwn: boolean
}

/** What holds for what was made from nothing. */
export const freeTerms: EffectiveTerms = {
  commercial: 'yes',
  derivatives: 'yes',
  notices: [],
  namePrefixes: [],
  use: [],
  outputs: [],
  limits: [],
  excludes: [],
  ends: [],
  medical: 'free',
  licences: [],
  unknown: [],
}

const commercialOrder: readonly Commercial[] = ['yes', 'threshold', 'no']
const medicalOrder: readonly EffectiveTerms['medical'][] = [
  'free',
  'policy',
  'conditional',
  'forbidden',
]

const later = <T>(order: readonly T[], a: T, b: T): T =>
  order.indexOf(a) > order.indexOf(b) ? a : b

const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
  [...new Set([...a, ...b])].toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0))

/** Both hold: commutative, associative, and never milder than either. */
export const meet = (a: EffectiveTerms, b: EffectiveTerms): EffectiveTerms => ({
  commercial: later(commercialOrder, a.commercial, b.commercial),
  derivatives: a.derivatives === 'no' ? 'no' : b.derivatives,
  notices: union(a.notices, b.notices),
  namePrefixes: union(a.namePrefixes, b.namePrefixes),
  use: union(a.use, b.use),
  outputs: union(a.outputs, b.outputs),
  limits: union(a.limits, b.limits),
  excludes: union(a.excludes, b.excludes),
  ends: union(a.ends, b.ends),
  medical: later(medicalOrder, a.medical, b.medical),
  licences: union(a.licences, b.licences),
  unknown: union(a.unknown, b.unknown),
})

const termsOf = (row: Licence, isMultimodal: boolean): EffectiveTerms => ({
  commercial: row.commercial,
  derivatives: row.derivatives,
  notices: union(row.notices, []),
  namePrefixes: row.namePrefix === undefined ? [] : [row.namePrefix],
  use: union(row.use, []),
  outputs: union(row.outputs, []),
  limits: union(row.limits, []),
  excludes: union(
    row.excludes
      .filter(({ only }) => only === undefined || (only === 'multimodal' && isMultimodal))
      .flatMap(({ place }) => countriesOf(place)),
    [],
  ),
  ends: union(row.ends, []),
  medical: row.medical ?? 'free',
  licences: [row.spdx],
  unknown: [],
})

/** How many ways a licence binds, in the order of their weight. */
const weightOf = (choice: readonly Named[]): number => {
  const rows = choice.map(({ id }) => licenceNamed(id))
  return rows.reduce((sum, row) => {
    if (row === undefined) return sum + 1_000_000
    const marks = row.use.length + row.outputs.length + row.limits.length + row.notices.length
    const flows = row.flow === 'none' ? 0 : 1_000
    const heavy = (row.derivatives === 'no' ? 100_000 : 0) + (row.commercial === 'no' ? 10_000 : 0)
    return sum + heavy + flows + marks
  }, 0)
}

/** The mildest of the choices that a licensor leaves, the first of equals: it is the recipient who chooses. */
const chosenOf = (declared: Declared): readonly Named[] => {
  if (declared.kind !== 'expression') return []
  const [first = [], ...rest] = declared.choices
  return rest.reduce((best, one) => (weightOf(one) < weightOf(best) ? one : best), first)
}

/** Rows of the licence chosen; undefined for those that the table does not know. */
export const rowsOf = (declared: Declared): readonly { name: string; row: Licence | undefined }[] =>
  chosenOf(declared).map(({ id }) => ({ name: id, row: licenceNamed(id) }))

/** What a licence says of models that learn from what it covers puts out: all of it, or only its rules on outputs and names. */
const carriesAll = ({ flow, outputs }: Licence): boolean =>
  flow === 'restr' || outputs.includes('distill-is-derivative')

const ofOutputs = (terms: EffectiveTerms): EffectiveTerms => ({
  ...freeTerms,
  commercial: terms.outputs.includes('nc') ? 'no' : 'yes',
  namePrefixes: terms.outputs.includes('name-if-train') ? terms.namePrefixes : [],
  outputs: terms.outputs,
  licences: terms.licences,
})

/** Training data binds a model in the one way that is widely held: non-commercial stays so. */
const ofData = (terms: EffectiveTerms): EffectiveTerms => ({
  ...freeTerms,
  commercial: terms.commercial === 'no' ? 'no' : 'yes',
  notices: terms.notices.filter((one) => one === 'A'),
  licences: terms.licences,
})

const termsFrom = (ancestor: Ancestor, isMultimodal: boolean): EffectiveTerms => {
  const { declared, relation, name } = ancestor
  const rows = rowsOf(declared)
  const isUnknown =
    declared.kind === 'expression'
      ? rows.some(({ row }) => row === undefined)
      : !ancestor.isOwn || declared.kind === 'unclear'
  const unknown = isUnknown && relation !== 'trained-on' ? [name] : []
  return rows
    .map(({ row }) => {
      if (row === undefined) return freeTerms
      const terms = termsOf(row, isMultimodal)
      if (relation === 'trained-on') return ofData(terms)
      return relation === 'distilled' && !carriesAll(row) ? ofOutputs(terms) : terms
    })
    .reduce(meet, { ...freeTerms, unknown })
}

/** What holds because of all of them, and of the licence it was given itself. */
export const effectiveTerms = (
  declared: Declared,
  ancestors: readonly Ancestor[],
  isMultimodal: boolean,
): EffectiveTerms =>
  [
    ...rowsOf(declared).map(({ row }) =>
      row === undefined ? freeTerms : termsOf(row, isMultimodal),
    ),
    ...ancestors.map((one) => termsFrom(one, isMultimodal)),
  ].reduce(meet, freeTerms)

/** The tie to an ancestor's ancestor: data stays data, what learned from outputs stays at that distance, else the nearer one counts. */
export const relationAlong = (nearer: Relation, further: Relation): Relation => {
  if (nearer === 'trained-on' || further === 'trained-on') return 'trained-on'
  return nearer === 'distilled' || further === 'distilled' ? 'distilled' : nearer
}
