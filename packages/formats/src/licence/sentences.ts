/** Effective terms in plain words, as people read them before they use a model. */
import type { EffectiveTerms } from './terms.ts'

const commercial = {
  yes: 'Commercial use is allowed.',
  threshold: 'Commercial use is allowed below a threshold.',
  no: 'Commercial use is not allowed.',
} as const

const medical = {
  free: undefined,
  policy: 'Medical use depends on a use policy.',
  conditional: 'Medical use is allowed under conditions only.',
  forbidden: 'Medical use is not allowed.',
} as const

const notices: Readonly<Record<string, string>> = {
  L: 'Pass on a copy of the licence.',
  N: 'Keep all notices.',
  M: 'Say what you have changed.',
  D: 'Show by whom it was built.',
  A: 'Name its authors.',
  docs: 'Pass on its documentation.',
}

const ends: Readonly<Record<string, string>> = {
  breach: 'It ends for whoever breaks its terms.',
  patent: 'It ends for whoever sues over patents in it.',
  'ip-suit': 'It ends for whoever sues over rights in it.',
  revenue: 'It ends for whoever earns more than it allows.',
}

const listed = (beginning: string, all: readonly string[]): string[] =>
  all.length === 0 ? [] : [`${beginning}: ${all.join(', ')}.`]

/** One sentence for each thing that holds, what is allowed first. */
export const sentencesOf = (terms: EffectiveTerms): readonly string[] => [
  commercial[terms.commercial],
  ...(terms.derivatives === 'no' ? ['Changed versions may not be shared.'] : []),
  ...(medical[terms.medical] === undefined ? [] : [medical[terms.medical] ?? '']),
  ...terms.notices.flatMap((one) => notices[one] ?? []),
  ...terms.namePrefixes.map((one) => `Names of models made from it begin with "${one}".`),
  ...listed('Use is restricted by', terms.use),
  ...listed('Outputs and training', terms.outputs),
  ...listed('Limits, to which a consumer attests once a year', terms.limits),
  ...listed('No rights in', terms.excludes),
  ...terms.ends.map((one) => ends[one] ?? `It ends by: ${one}.`),
  ...listed('The licence is not known of', terms.unknown),
]
