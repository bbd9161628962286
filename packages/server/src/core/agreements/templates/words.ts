/** Values into words for people, one function per type. The same value goes into the machine terms, so that the two cannot disagree. */

const months =
  'January February March April May June July August September October November December'.split(' ')

const two = (value: number): string => String(value).padStart(2, '0')

/** `22 November 2027, 00:00 UTC`, to the second where there are seconds; an end says that it is no part of the time. */
export const dateWords = (instant: string, isEnd: boolean): string => {
  const at = new Date(instant)
  const day = `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`
  const seconds = at.getUTCSeconds() === 0 ? '' : `:${two(at.getUTCSeconds())}`
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${seconds} UTC`
  return `${day}, ${time}${isEnd ? ' (exclusive)' : ''}`
}

/** `1 audit`, `12 named users`; the bare number when nothing is counted by name. */
export const countWords = (value: number, unit: string | undefined): string => {
  if (unit === undefined) return String(value)
  return `${value} ${unit}${value === 1 ? '' : 's'}`
}

/** `a, b and c`. */
export const listWords = (items: readonly string[], join = 'and'): string =>
  items.length < 2
    ? (items[0] ?? '')
    : `${items.slice(0, -1).join(', ')} ${join} ${items.at(-1) ?? ''}`

const durationForm =
  /^P(?:(\d{1,4})W|(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?)?)$/
const units = [
  { name: 'week', hours: 7 * 24 },
  { name: 'year', hours: 365 * 24 },
  { name: 'month', hours: 30 * 24 },
  { name: 'day', hours: 24 },
  { name: 'hour', hours: 1 },
] as const

interface DurationPart {
  readonly count: number
  readonly unit: (typeof units)[number]
}

const durationParts = (duration: string): readonly DurationPart[] => {
  const found = durationForm.exec(duration)
  if (found === null || duration.endsWith('T')) return []
  return units
    .map((unit, i) => ({ unit, count: Number(found[i + 1] ?? 0) }))
    .filter(({ count }) => count > 0)
}

/** For comparing with a bound: months of 30 days, years of 365. Zero for what is no duration. */
export const durationHours = (duration: string): number =>
  durationParts(duration).reduce((sum, { count, unit }) => sum + count * unit.hours, 0)

/** `30 days`, `72 hours`, `1 year and 6 months`. */
export const durationWords = (duration: string): string =>
  listWords(durationParts(duration).map(({ count, unit }) => countWords(count, unit.name)))

const groupWords: Readonly<Record<string, string>> = {
  EU: 'the European Union',
  EEA: 'the European Economic Area',
  UK: 'the United Kingdom',
}
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** `Switzerland (CH)`; undefined for what is no country and no group of them. */
export const countryWords = (code: string): string | undefined => {
  const name = groupWords[code] ?? regions.of(code)
  return name === undefined ? undefined : `${name} (${code})`
}

/** `EUR 25000.00`: no separators, which mean different things in different countries. */
export const moneyWords = ({ amount, currency }: { amount: string; currency: string }): string =>
  `${currency} ${amount}`

/** Every purpose of the vocabulary, after "for". */
export const purposeWords: Readonly<Record<string, string>> = {
  NonCommercial: 'any purpose that is not commercial',
  Commercial: 'commercial purposes',
  Internal: 'internal purposes',
  PublicInterest: 'purposes of public interest',
  NonCommercialResearch: 'research that is not commercial',
  Education: 'education',
  ModelValidation: 'validation of models',
  Evaluation: 'evaluation',
  CommercialProduct: 'a commercial product',
  CommercialService: 'a commercial service',
  'duo:0000042': 'general research use (DUO 0000042)',
  'duo:0000006': 'health, medical or biomedical research (DUO 0000006)',
  'duo:0000007': 'research on one disease (DUO 0000007)',
  'duo:0000043': 'clinical care (DUO 0000043)',
  RailUnlawful: 'anything unlawful',
  RailExploitMinors: 'exploiting or harming minors',
  RailDisinformation: 'disinformation meant to do harm',
  RailMedicalAdvice: 'medical advice without a professional who answers for it',
  RailLawEnforcementPrediction: 'predicting who will commit a crime',
}
