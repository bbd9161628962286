/** The form at a gate: what the card asks for, and whether somebody's answers fit. Source: `extra_gated_*` of the Hub's model cards. */
import { HubError } from '../kernel/errors.ts'

export type FieldType = 'text' | 'checkbox' | 'select' | 'date_picker' | 'country'

export interface GateField {
  /** As the card writes it: the key of its answer. */
  readonly name: string
  readonly type: FieldType
  readonly isRequired: boolean
  /** Of a select: what is shown and what is answered. */
  readonly options: readonly { readonly label: string; readonly value: string }[]
}

/** Answers by field: a text, or true for a box that is ticked. */
export type Answers = Readonly<Record<string, string | boolean>>

const fieldsMax = 50
const optionsMax = 300
const nameCharsMax = 1_000
const textCharsMax = 4_000

const types: readonly FieldType[] = ['text', 'checkbox', 'select', 'date_picker', 'country']

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

const parseOptions = (value: unknown): GateField['options'] =>
  (Array.isArray(value) ? value.slice(0, optionsMax) : []).flatMap((option: unknown) => {
    const label = isRecord(option) ? textOf(option['label']) : textOf(option)
    if (label === undefined) return []
    const own = isRecord(option) ? textOf(option['value']) : undefined
    return [{ label, value: own ?? label }]
  })

const parseField = (name: string, value: unknown): GateField | undefined => {
  const said = isRecord(value) ? value['type'] : value
  // What a server would find out by itself is not asked of the person.
  if (said === 'ip_location') return undefined
  const type = types.find((one) => one === said) ?? 'text'
  const isOptional = isRecord(value) && (value['optional'] === true || value['required'] === false)
  const options = isRecord(value) ? parseOptions(value['options']) : []
  return { name, type, isRequired: !isOptional, options }
}

/** The fields of a card's `extra_gated_fields`, in its order; what cannot be read is left out. */
export const parseFields = (value: unknown): GateField[] =>
  Object.entries(isRecord(value) ? value : {})
    .filter(([name]) => name.length <= nameCharsMax)
    .slice(0, fieldsMax)
    .flatMap(([name, one]) => parseField(name, one) ?? [])

const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00.000Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** Codes that name no country. */
const notCountries = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])

const isCountry = (text: string): boolean =>
  /^[A-Z]{2}$/.test(text) && !notCountries.has(text) && countryNames.of(text) !== undefined

const isTicked = (value: unknown): boolean =>
  value === true || ['true', 'on', '1', 'yes'].includes(String(value).toLowerCase())

type Reading = { readonly answer: string | boolean } | { readonly problem: string }

const readText = ({ type, options }: GateField, text: string): Reading => {
  if (text.length > textCharsMax) return { problem: `has more than ${textCharsMax} characters` }
  switch (type) {
    case 'select':
      return options.some(({ value }) => value === text)
        ? { answer: text }
        : { problem: `must be one of ${options.map(({ value }) => value).join(', ')}` }
    case 'date_picker':
      return isDate(text) ? { answer: text } : { problem: 'must be a date, as 2026-11-24' }
    case 'country': {
      const code = text.toUpperCase()
      return isCountry(code)
        ? { answer: code }
        : { problem: 'must be the two letters of a country, as DE' }
    }
    default:
      return { answer: text }
  }
}

/** Undefined where nothing was answered and nothing needs to be. */
const readAnswer = (field: GateField, value: unknown): Reading | undefined => {
  if (field.type === 'checkbox') {
    if (isTicked(value)) return { answer: true }
    return field.isRequired ? { problem: 'must be ticked' } : { answer: false }
  }
  const text = textOf(value)?.trim() ?? ''
  if (text !== '') return readText(field, text)
  return field.isRequired ? { problem: 'must be filled in' } : undefined
}

/** Answers that fit the form, and nothing else of what was sent. Errors: `invalid`, naming the field. */
export const checkAnswers = (
  fields: readonly GateField[],
  given: Readonly<Record<string, unknown>>,
): Answers => {
  const pairs: [string, string | boolean][] = []
  for (const field of fields) {
    const reading = readAnswer(field, Object.hasOwn(given, field.name) ? given[field.name] : null)
    if (reading === undefined) continue
    if ('problem' in reading) {
      const message = `The field "${field.name}" of the access form ${reading.problem}.`
      throw new HubError('invalid', message, { field: field.name })
    }
    pairs.push([field.name, reading.answer])
  }
  return Object.fromEntries(pairs)
}
