/**
 * What a template was filled with, read back from what came of it: who counters changes one value and keeps the rest. What was found is
 * filled in again and compared, so a text that anybody has touched is told apart.
 */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import { isHubError } from '../../kernel/errors.ts'
import type { BodyWish } from '../draft.ts'
import type { Field } from './fields.ts'
import { fill, type Template, type TemplateValues } from './template.ts'
import { purposeWords } from './words.ts'

interface Found {
  /** Machine forms. */
  readonly values: Map<string, unknown>
  readonly words: Map<string, string>
}

/** Takes the words between the fixed pieces of a text: each piece where it comes first, so the time is linear whatever was written. */
const matchText = (pattern: string, text: string, { words }: Found): void => {
  const pieces = pattern.split(/\{(\w+)\}/)
  let at = pieces[0]?.length ?? 0
  for (let i = 1; i < pieces.length; i += 2) {
    const id = pieces[i] ?? ''
    const next = pieces[i + 1] ?? ''
    const isLast = i + 2 >= pieces.length
    const end = isLast ? text.length - next.length : text.indexOf(next, at + 1)
    if (end <= at) return
    if (!words.has(id)) words.set(id, text.slice(at, end))
    at = end + next.length
  }
}

const isSlot = (node: object): node is { readonly field: string } =>
  'field' in node && typeof node.field === 'string'

const match = (pattern: unknown, node: unknown, found: Found): void => {
  if (typeof pattern === 'string') {
    if (typeof node === 'string') matchText(pattern, node, found)
    return
  }
  if (typeof pattern !== 'object' || pattern === null) return
  if (isSlot(pattern)) {
    if (node !== undefined) found.values.set(pattern.field, node)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const members = new Map(Object.entries(node))
  for (const [key, one] of Object.entries(pattern)) match(one, members.get(key), found)
}

const unitLetters: Readonly<Record<string, string>> = {
  week: 'W',
  year: 'Y',
  month: 'M',
  day: 'D',
}

/** `1 year and 6 months` → `P1Y6M` */
const durationOf = (words: string): string => {
  const parts = [...words.matchAll(/(\d+) (week|year|month|day|hour)s?/g)]
  const days = parts.filter(([, , unit]) => unit !== 'hour')
  const hours = parts.find(([, , unit]) => unit === 'hour')
  const date = days.map(([, count, unit = '']) => `${count}${unitLetters[unit] ?? ''}`).join('')
  return `P${date}${hours === undefined ? '' : `T${hours[1]}H`}`
}

const moneyOf = (words: string): { amount: string; currency: string } => {
  const [currency = '', amount = ''] = words.split(' ')
  return { amount, currency }
}

const instantOf = (words: string): string => {
  const at = Date.parse(words.replace(' (exclusive)', '').replace(',', ''))
  return Number.isNaN(at) ? words : `${new Date(at).toISOString().slice(0, 19)}Z`
}

const purposesOf = (words: string): string[] =>
  Object.keys(purposeWords).filter((one) =>
    words.split(/, | or /).includes(purposeWords[one] ?? one),
  )

/** The machine form of words; they are tried by filling them in. */
const valueOf = (field: Field, words: string): unknown => {
  switch (field.type) {
    case 'text':
      return words === field.absent ? null : words
    case 'count':
      return Number.parseInt(words, 10)
    case 'date':
      return instantOf(words)
    case 'duration':
      return durationOf(words)
    case 'countries':
      return [...words.matchAll(/\(([A-Z]{2,3})\)/g)].map(([, code]) => code)
    case 'purposes':
      return purposesOf(words)
    case 'money':
      return moneyOf(words)
    case 'choice':
      return field.options.find((one) => one.words === words)?.value
    default:
      return words
  }
}

/** What the hub says of a text, and no template. */
const hubs = new Set(['format', 'agreement', 'version', 'supersedes', 'parties', 'scope'])

/** What a template fills: all of the rest. */
const filledPart = ({
  template: { id, version },
  ...body
}: AgreementBody | Omit<BodyWish, 'repos'>): object => {
  const rest = Object.entries(body).filter(([key]) => !hubs.has(key))
  return { ...Object.fromEntries(rest), template: { id, version } }
}

/** Undefined where the text did not come of this version of the template alone. */
export const unfill = (
  template: Template,
  body: AgreementBody | Omit<BodyWish, 'repos'>,
): TemplateValues | undefined => {
  const found: Found = { values: new Map(), words: new Map() }
  match(template.body, body, found)
  match(template.terms, body.terms, found)
  for (const clause of template.clauses) {
    const text = body.clauses.find(({ id }) => id === clause.id)?.text
    if (text !== undefined) matchText(clause.text, text, found)
  }
  const values = Object.fromEntries(
    template.fields.flatMap((field): [string, unknown][] => {
      const value = found.values.get(field.id)
      const words = found.words.get(field.id)
      // Money is a text in terms, and two members where it is filled in.
      if (value !== undefined && field.type !== 'money') return [[field.id, value]]
      const said = typeof value === 'string' ? value : words
      return said === undefined ? [] : [[field.id, valueOf(field, said)]]
    }),
  )
  try {
    const again = fill(template, values)
    return canonicalJson(again) === canonicalJson(filledPart(body)) ? values : undefined
  } catch (error) {
    if (isHubError(error)) return undefined
    throw error
  }
}
