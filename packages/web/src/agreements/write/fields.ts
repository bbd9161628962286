/** The questions of a template, as its API tells them, and the answers somebody gives before they are sent. */
import { isCaseOf, purposes } from '@weighhouse/formats/terms/purposes.ts'
import type { Template } from '../data.ts'

interface Base {
  readonly id: string
  readonly label: string
  readonly help: string
  readonly isNegotiable: boolean
  readonly default?: unknown
}

type Kind =
  | { readonly type: 'text'; readonly charsMax: number; readonly absent?: string }
  | { readonly type: 'count'; readonly min: number; readonly max: number; readonly unit?: string }
  | { readonly type: 'date'; readonly isEnd: boolean }
  | { readonly type: 'duration'; readonly min: string; readonly max: string }
  | { readonly type: 'purposes'; readonly among: readonly string[] }
  | { readonly type: 'money'; readonly max: number }
  | {
      readonly type: 'choice'
      readonly options: readonly { readonly value: string; readonly words: string }[]
    }
  | { readonly type: 'countries' }
  | { readonly type: 'party' | 'network' | 'timezone' }

export type Field = Base & Kind

export type Values = Readonly<Record<string, unknown>>

// A cast because the hub tells them so; what a newer one adds is asked as text.
export const fieldsOf = ({ fields }: Pick<Template, 'fields'>): readonly Field[] =>
  fields as unknown as readonly Field[]

/** What is given already, then the template's own answers; the rest is asked. */
export const startValues = (fields: readonly Field[], given: Values = {}): Values =>
  Object.fromEntries(
    fields.map(({ id, default: preset }) => [id, given[id] === undefined ? preset : given[id]]),
  )

const isEmpty = (value: unknown): boolean => value === undefined || value === ''

/** Empty text of a field that may be left out is nothing; what is not answered is not sent, so that the hub asks for it by name. */
export const toSend = (fields: readonly Field[], values: Values): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const given = values[field.id]
      // A space at an end is typed by chance, and nothing that somebody signs begins or ends with one.
      const value = typeof given === 'string' ? given.trim() : given
      if (field.type === 'text' && field.absent !== undefined && isEmpty(value)) {
        return [[field.id, null]]
      }
      return isEmpty(value) ? [] : [[field.id, value]]
    }),
  )

/** Labels of questions that have no answer yet. */
export const unanswered = (fields: readonly Field[], values: Values): Field[] =>
  fields.filter((field) => toSend([field], values)[field.id] === undefined)

/** The part of the form in which a question stands. */
export const sections = ['What it is about', 'Limits', 'Duties', 'Law and contacts'] as const

const contactOrLaw =
  /^(legalContact|technicalContact|incidentContact|governingLaw|precedence|paperRef|timezone|noticeDays|liabilityCap)$/
const about = /^(title|from|to|purposes|group|credit|fee)$/

export const sectionOf = ({ id, type }: Pick<Field, 'id' | 'type'>): (typeof sections)[number] => {
  if (about.test(id)) return 'What it is about'
  if (contactOrLaw.test(id)) return 'Law and contacts'
  return type === 'duration' || id === 'audits' ? 'Duties' : 'Limits'
}

/** The given purposes and their cases, nearest first. */
export const purposesAmong = (among: readonly string[]): string[] => [
  ...among,
  ...Object.keys(purposes).filter(
    (one) => !among.includes(one) && among.some((of) => isCaseOf(one, of)),
  ),
]

/** `2027-11-22T00:00:00Z` ↔ what a date input holds. */
export const dayOf = (instant: unknown): string =>
  typeof instant === 'string' ? instant.slice(0, 10) : ''
export const instantOf = (day: string): string | undefined =>
  day === '' ? undefined : `${day}T00:00:00Z`

export const durationUnits = [
  { value: 'H', label: 'hours' },
  { value: 'D', label: 'days' },
  { value: 'W', label: 'weeks' },
  { value: 'M', label: 'months' },
  { value: 'Y', label: 'years' },
] as const
export type DurationUnit = (typeof durationUnits)[number]['value']

/** `P30D` → 30 and D; undefined for one of several parts, which is written as it is. */
export const readDuration = (
  value: unknown,
): { readonly count: string; readonly unit: DurationUnit } | undefined => {
  if (value === undefined || value === '') return { count: '', unit: 'D' }
  const found = typeof value === 'string' ? /^P(?:T(\d+)(H)|(\d+)([DWMY]))$/.exec(value) : null
  if (found === null) return undefined
  const [, hours, , count, unit] = found
  // A cast because the expression takes these letters alone.
  return hours === undefined
    ? { count: count ?? '', unit: unit as DurationUnit }
    : { count: hours, unit: 'H' }
}

export const writeDuration = (count: string, unit: DurationUnit): string | undefined =>
  count === '' ? undefined : unit === 'H' ? `PT${count}H` : `P${count}${unit}`

/** `P1Y6M` in words, for bounds and help. */
export const durationText = (value: string): string => {
  const read = readDuration(value)
  const unit = durationUnits.find((one) => one.value === read?.unit)?.label ?? ''
  if (read === undefined) return value
  return `${read.count} ${read.count === '1' ? unit.slice(0, -1) : unit}`
}
