/**
 * A template: clauses for people and terms for machines with the same placeholders in both. Filling puts one value into both at once, in
 * words there and in its machine form here, so what is read and what is enforced cannot differ.
 */
import type { Clause } from '@weighhouse/formats/agreement/body.ts'
import { parseTerms, type Terms } from '@weighhouse/formats/terms/terms.ts'
import type { Operand } from '@weighhouse/formats/terms/vocabulary.ts'
import { HubError } from '../../kernel/errors.ts'
import type { BodyWish } from '../draft.ts'
import { type Field, type Filled, readField, refuseField } from './fields.ts'

/** What an agreement about models must not leave open. */
export const questions = [
  'purpose',
  'who',
  'term',
  'onwardTransfer',
  'incident',
  'publication',
  'ownership',
  'derivatives',
  'deletion',
  'audit',
  'liability',
  'law',
] as const
export type Question = (typeof questions)[number]

/** Here stands the machine form of a field. */
export interface Slot {
  readonly field: string
}

/** The same, with slots where there are values. */
export type Open<T> = T extends string | number | null
  ? T | Slot
  : T extends readonly (infer One)[]
    ? readonly Open<One>[] | Slot
    : { readonly [K in keyof T]: Open<T[K]> }

/** Placeholders such as `{to}` in its text are filled with words. */
export interface TemplateClause extends Clause {
  readonly answers: readonly Question[]
  /** What it claims to be enforced or metered by, when the rules that do so belong to other clauses. */
  readonly restsOn?: readonly Operand[]
}

export interface Template {
  readonly id: string
  readonly version: number
  readonly title: string
  readonly summary: string
  /** Does one person's signature for each party do, or does a second one sign beside? */
  readonly signing: 'authorised' | 'countersigned'
  readonly fields: readonly Field[]
  readonly clauses: readonly TemplateClause[]
  readonly terms: {
    readonly [K in keyof Terms]: readonly Open<Terms[K][number]>[]
  }
  /** The other members of the body. */
  readonly body: Open<
    Omit<BodyWish, 'repos' | 'template' | 'language' | 'signing' | 'clauses' | 'terms'>
  >
}

/** By field id. What is not given is filled with its default. */
export type TemplateValues = Readonly<Record<string, unknown>>

const dayMs = 24 * 3600_000

const put = (node: unknown, filled: ReadonlyMap<string, Filled>): unknown => {
  const of = (id: string): Filled => {
    const found = filled.get(id)
    if (found === undefined) throw new Error(`assertion failed: the template has no field ${id}`)
    return found
  }
  if (typeof node === 'string') {
    return node.replaceAll(/\{(\w+)\}/g, (_, id: string) => of(id).words)
  }
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((one: unknown) => put(one, filled))
  if ('field' in node && typeof node.field === 'string') return of(node.field).value
  return Object.fromEntries(Object.entries(node).map(([key, one]) => [key, put(one, filled)]))
}

/** Fields that filling would ask for, each as often as it is named. */
export const namedIn = (node: unknown): string[] => {
  if (typeof node === 'string') return [...node.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => id)
  if (typeof node !== 'object' || node === null) return []
  if ('field' in node && typeof node.field === 'string') return [node.field]
  return Object.values(node).flatMap(namedIn)
}

/** What fields say of each other. */
const refuseMisfits = (fields: readonly Field[], filled: ReadonlyMap<string, Filled>): void => {
  for (const field of fields) {
    const value = filled.get(field.id)?.value
    if (field.type === 'date' && field.after !== undefined) {
      const before = filled.get(field.after.field)?.value
      const days = (Date.parse(String(value)) - Date.parse(String(before))) / dayMs
      if (days <= 0 || days > field.after.daysMax) {
        const most = `at most ${field.after.daysMax} days`
        refuseField(field, `an instant after ${String(before)}, by ${most}`, value)
      }
    }
    if (field.type !== 'choice') continue
    const needed = field.options.find((one) => one.value === value)?.needs
    if (needed !== undefined && filled.get(needed)?.value === null) {
      refuseField(field, `${needed} to be given with it`, value)
    }
  }
}

/** The body but for its repos. Errors: `invalid` with the field in its details, also for a field that the template does not have. */
export const fill = (template: Template, values: TemplateValues): Omit<BodyWish, 'repos'> => {
  const { id, version, signing, fields, clauses } = template
  const stranger = Object.keys(values).find((name) => !fields.some((one) => one.id === name))
  if (stranger !== undefined) {
    const known = fields.map((one) => one.id).join(', ')
    throw new HubError(
      'invalid',
      `The template ${id} has no field ${stranger.slice(0, 100)}. Its fields are ${known}.`,
      { reason: 'template_field', field: stranger.slice(0, 100) },
    )
  }
  const filled = new Map(
    fields.map((field): [string, Filled] => {
      const preset = 'default' in field ? field.default : undefined
      const given = Object.hasOwn(values, field.id) ? values[field.id] : undefined
      return [field.id, readField(field, given === undefined ? preset : given)]
    }),
  )
  refuseMisfits(fields, filled)
  // A cast because slots and what goes into them are of the same type: tests fill every template, and whoever drafts parses the whole.
  const body = put(template.body, filled) as Omit<
    BodyWish,
    'repos' | 'template' | 'language' | 'signing' | 'clauses' | 'terms'
  >
  return {
    ...body,
    template: { id, version },
    language: 'en',
    ...(signing === 'countersigned' ? { signing } : {}),
    clauses: clauses.map(({ id: clause, title, text, strength }) => ({
      id: clause,
      title,
      text: String(put(text, filled)),
      strength,
    })),
    terms: parseTerms(put(template.terms, filled)),
  }
}
