/** The placeholders of a template: what may be put into each, and what it then is for machines and in words. */
import { isInstant } from '@weighhouse/formats/json/read.ts'
import { isCaseOf, isPurpose } from '@weighhouse/formats/terms/purposes.ts'
import { isCountry } from '@weighhouse/formats/terms/vocabulary.ts'
import { isIP } from 'node:net'
import { HubError, unreachable } from '../../kernel/errors.ts'
import {
  countryWords,
  countWords,
  dateWords,
  durationHours,
  durationWords,
  listWords,
  moneyWords,
  purposeWords,
} from './words.ts'

interface FieldBase {
  /** What clauses call it: `{id}`. */
  readonly id: string
  readonly label: string
  readonly help: string
  /** May the other side change it in a counter-offer? What is not negotiable is a change of the text. */
  readonly isNegotiable: boolean
}

export interface Money {
  /** Decimal, with two places. */
  readonly amount: string
  /** ISO 4217. */
  readonly currency: string
}

/** Without a default it has to be given. */
type Kind =
  | {
      readonly type: 'text'
      readonly charsMax: number
      /** Null: it may be left out, and is then `absent` in words. */
      readonly default?: string | null
      readonly absent?: string
    }
  | {
      readonly type: 'count'
      readonly min: number
      readonly max: number
      /** Singular; takes an s. */
      readonly unit?: string
      readonly default?: number
    }
  | {
      readonly type: 'date'
      /** Is it the first moment that is not part of the time? */
      readonly isEnd: boolean
      /** It comes after that date, by so many days at most. */
      readonly after?: { readonly field: string; readonly daysMax: number }
    }
  | {
      readonly type: 'duration'
      /** ISO 8601, as are the bounds. */
      readonly min: string
      readonly max: string
      readonly default?: string
    }
  | { readonly type: 'countries'; readonly default?: readonly string[] }
  | {
      readonly type: 'purposes'
      /** These, and their cases. */
      readonly among: readonly string[]
      readonly default?: readonly string[]
    }
  | { readonly type: 'party' }
  | { readonly type: 'money'; readonly max: number; readonly default?: Money }
  | {
      readonly type: 'choice'
      /** One that needs a field cannot be chosen while that is left out. */
      readonly options: readonly {
        readonly value: string
        readonly words: string
        readonly needs?: string
      }[]
      readonly default?: string
    }
  | { readonly type: 'network' }
  | { readonly type: 'timezone'; readonly default?: string }

export type Field = FieldBase & Kind
type FieldOf<T extends Field['type']> = Extract<Field, { type: T }>

/** A value in its two forms. */
export interface Filled {
  readonly value: string | number | readonly string[] | null
  readonly words: string
}

const listMax = 20

/** Refusals name the field, what was expected and what was found. */
export const refuseField = (
  field: Pick<Field, 'id' | 'label'>,
  expected: string,
  value: unknown,
): never => {
  const found = (JSON.stringify(value) ?? 'nothing').slice(0, 100)
  throw new HubError(
    'invalid',
    `${field.label} (${field.id}): expected ${expected}, found ${found}.`,
    { reason: 'template_field', field: field.id, expected, found },
  )
}

// Letters, digits and the signs of sentences: no markup, no placeholder, nothing that cannot be seen, since people sign what they read.
const plainForm = /^[\p{L}\p{N}(][\p{L}\p{M}\p{N} .,;:'’"()/&@+%§–—_#-]*$/u
const markupForm = /&#?\w+;|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])| $| {2}/u

const text = (field: FieldOf<'text'>, value: unknown): Filled => {
  const { charsMax, absent } = field
  if (value === null && absent !== undefined) return { value: null, words: absent }
  const expected = `plain text of 1 to ${charsMax} characters in one line, without markup`
  if (typeof value !== 'string' || value.length > charsMax)
    return refuseField(field, expected, value)
  // May be longer than what was given.
  const plain = value.normalize('NFC')
  if (plain.length > charsMax || !plainForm.test(plain) || markupForm.test(plain))
    return refuseField(field, expected, value)
  return { value: plain, words: plain }
}

const count = (field: FieldOf<'count'>, value: unknown): Filled => {
  const { min, max, unit } = field
  const fits =
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
  if (!fits) return refuseField(field, `a whole number from ${min} to ${max}`, value)
  return { value, words: countWords(value, unit) }
}

const date = (field: FieldOf<'date'>, value: unknown): Filled => {
  const expected = 'an instant in UTC such as 2027-11-22T00:00:00Z'
  if (typeof value !== 'string' || !isInstant(value)) return refuseField(field, expected, value)
  return { value, words: dateWords(value, field.isEnd) }
}

const duration = (field: FieldOf<'duration'>, value: unknown): Filled => {
  const { min, max } = field
  const hours = typeof value === 'string' ? durationHours(value) : 0
  const isIn = hours >= durationHours(min) && hours <= durationHours(max)
  if (typeof value !== 'string' || hours === 0 || !isIn) {
    return refuseField(field, `a duration from ${min} to ${max}, such as P30D or PT72H`, value)
  }
  return { value, words: durationWords(value) }
}

/** Distinct texts that each pass. */
const texts = (
  field: Field,
  { value, fits, expected }: { value: unknown; fits: (one: string) => boolean; expected: string },
): readonly string[] => {
  const most = `1 to ${listMax} different ones of: ${expected}`
  if (!Array.isArray(value) || value.length === 0 || value.length > listMax) {
    return refuseField(field, most, value)
  }
  // A cast because isArray says nothing of what is in it.
  const all = value as readonly unknown[]
  const wrong = all.findIndex(
    (one, i) => typeof one !== 'string' || !fits(one) || all.indexOf(one) !== i,
  )
  if (wrong !== -1) return refuseField(field, most, all[wrong])
  // A cast because each was looked at.
  return all as readonly string[]
}

const countries = (field: FieldOf<'countries'>, value: unknown): Filled => {
  const fits = (one: string): boolean => isCountry(one) && countryWords(one) !== undefined
  const codes = texts(field, { value, fits, expected: 'ISO 3166-1 codes of two letters, EU, EEA' })
  return { value: codes, words: listWords(codes.map((code) => countryWords(code) ?? code)) }
}

const purposes = (field: FieldOf<'purposes'>, value: unknown): Filled => {
  const { among } = field
  const fits = (one: string): boolean => isPurpose(one) && among.some((of) => isCaseOf(one, of))
  const expected = `${among.join(', ')}, and their cases`
  const named = texts(field, { value, fits, expected })
  return {
    value: named,
    words: listWords(
      named.map((one) => purposeWords[one] ?? one),
      'or',
    ),
  }
}

const party = (field: FieldOf<'party'>, value: unknown): Filled => {
  if (typeof value !== 'string' || !/^[A-Za-z0-9][\w.:-]{0,127}$/.test(value)) {
    return refuseField(field, 'the name of an organisation or a group of parties', value)
  }
  return { value, words: value }
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

const money = (field: FieldOf<'money'>, value: unknown): Filled => {
  const { max } = field
  const expected = `an amount with two decimals, of at most ${max}, and its currency, such as {"amount":"25000.00","currency":"EUR"}`
  if (typeof value !== 'object' || value === null) return refuseField(field, expected, value)
  // A cast because its members are looked at next.
  const { amount, currency, ...others } = value as Record<string, unknown>
  const isAmount = typeof amount === 'string' && /^(0|[1-9]\d{0,11})\.\d{2}$/.test(amount)
  const isCurrency = typeof currency === 'string' && currencies.has(currency)
  if (!isAmount || !isCurrency || Number(amount) > max || Object.keys(others).length > 0) {
    return refuseField(field, expected, value)
  }
  const words = moneyWords({ amount, currency })
  return { value: words, words }
}

const choice = (field: FieldOf<'choice'>, value: unknown): Filled => {
  const { options } = field
  const chosen = options.find((one) => one.value === value)
  return chosen ?? refuseField(field, `one of ${options.map((one) => one.value).join(', ')}`, value)
}

const network = (field: FieldOf<'network'>, value: unknown): Filled => {
  const expected = 'an address range such as 10.20.0.0/16'
  if (typeof value !== 'string') return refuseField(field, expected, value)
  const [address = '', bits = '', ...others] = value.split('/')
  const width = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  const fits = /^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= width
  // A zone (`fe80::1%eth0`) means something on one machine alone.
  if (!fits || others.length > 0 || address.includes('%'))
    return refuseField(field, expected, value)
  return { value, words: value }
}

const timezones: ReadonlySet<string> = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])

const timezone = (field: FieldOf<'timezone'>, value: unknown): Filled => {
  if (typeof value !== 'string' || !timezones.has(value)) {
    return refuseField(field, 'an IANA name such as Europe/Berlin', value)
  }
  return { value, words: value }
}

/** Errors: `invalid`, with the field's name in the details. */
export const readField = (field: Field, value: unknown): Filled => {
  switch (field.type) {
    case 'text':
      return text(field, value)
    case 'count':
      return count(field, value)
    case 'date':
      return date(field, value)
    case 'duration':
      return duration(field, value)
    case 'countries':
      return countries(field, value)
    case 'purposes':
      return purposes(field, value)
    case 'party':
      return party(field, value)
    case 'money':
      return money(field, value)
    case 'choice':
      return choice(field, value)
    case 'network':
      return network(field, value)
    case 'timezone':
      return timezone(field, value)
    default:
      return unreachable(field)
  }
}
