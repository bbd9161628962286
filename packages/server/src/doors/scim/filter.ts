/** SCIM filters (RFC 7644 §3.4.2.2): parsed under bounds, then asked of a resource. Attribute names are compared in any letter case. */
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { isPlainText } from '../kit/plain-text.ts'
import { isObject, memberOf } from './attributes.ts'
import { placeOf } from './paths.ts'

type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'
type Value = string | number | boolean | null

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter }
  | { readonly kind: 'present'; readonly path: string }
  | {
      readonly kind: 'compare'
      readonly path: string
      readonly how: Comparison
      readonly value: Value
    }
  /** `emails[type eq "work"]`: one item for which the inner filter holds. */
  | { readonly kind: 'item'; readonly path: string; readonly inner: Filter }

const depthMax = 20
const tokenForm = /\s*(?:("(?:[^"\\]|\\.)*")|([()[\]])|([^\s()[\]"]+))/y
const comparisons = new Set<string>(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])

const wrong = (text: string, why: string): HubError =>
  new HubError('invalid', `The filter "${text.slice(0, 200)}" cannot be read: ${why}.`, {
    scimType: 'invalidFilter',
  })

const tokensOf = (text: string): string[] => {
  if (text.length > limits.scimFilterCharsMax) {
    throw wrong(text, `it is longer than ${limits.scimFilterCharsMax} characters`)
  }
  const tokens: string[] = []
  tokenForm.lastIndex = 0
  while (tokenForm.lastIndex < text.trimEnd().length) {
    const found = tokenForm.exec(text)
    if (found === null) throw wrong(text, 'a quotation mark is not closed')
    tokens.push(found[1] ?? found[2] ?? found[3] ?? '')
  }
  return tokens
}

/** Errors: `invalid` (details.scimType `invalidFilter`). */
export const parseFilter = (text: string, termsMax: number = limits.scimFilterTermsMax): Filter => {
  const tokens = tokensOf(text)
  let at = 0
  let terms = 0
  const peek = (): string | undefined => tokens[at]
  const isWord = (word: string): boolean => peek()?.toLowerCase() === word
  const expect = (token: string): void => {
    if (peek() !== token)
      throw wrong(text, `"${token}" is expected where "${peek() ?? 'the end'}" is`)
    at += 1
  }

  const value = (): Value => {
    const token = tokens[at]
    at += 1
    try {
      const parsed: unknown = JSON.parse(
        token?.replace(/^(true|false)$/i, (t) => t.toLowerCase()) ?? '',
      )
      if (typeof parsed === 'string' && isPlainText(parsed)) return parsed
      if (parsed === null || typeof parsed === 'number' || typeof parsed === 'boolean') {
        return parsed
      }
    } catch {
      // Said below, with the place.
    }
    throw wrong(text, `"${token ?? 'the end'}" is no value; texts are in quotation marks`)
  }

  const term = (depth: number): Filter => {
    if (depth > depthMax) throw wrong(text, `it is nested more than ${depthMax} times`)
    terms += 1
    if (terms > termsMax) {
      throw wrong(text, `it asks more than ${termsMax} things`)
    }
    if (isWord('not')) {
      at += 1
      expect('(')
      const inner = either(depth + 1)
      expect(')')
      return { kind: 'not', inner }
    }
    if (peek() === '(') {
      at += 1
      const inner = either(depth + 1)
      expect(')')
      return inner
    }
    const path = tokens[at]
    if (path === undefined || !/^[A-Za-z][\w.:$-]*$/.test(path)) {
      throw wrong(text, `an attribute is expected where "${path ?? 'the end'}" is`)
    }
    at += 1
    if (peek() === '[') {
      at += 1
      const inner = either(depth + 1)
      expect(']')
      return { kind: 'item', path, inner }
    }
    const how = tokens[at]?.toLowerCase() ?? ''
    at += 1
    if (how === 'pr') return { kind: 'present', path }
    if (!comparisons.has(how)) throw wrong(text, `"${how}" is no comparison`)
    return { kind: 'compare', path, how: how as Comparison, value: value() }
  }

  const both = (depth: number): Filter => {
    let left = term(depth)
    while (isWord('and')) {
      at += 1
      left = { kind: 'and', left, right: term(depth) }
    }
    return left
  }

  const either = (depth: number): Filter => {
    let left = both(depth)
    while (isWord('or')) {
      at += 1
      left = { kind: 'or', left, right: both(depth) }
    }
    return left
  }

  const filter = either(0)
  if (at < tokens.length) throw wrong(text, `"${tokens[at] ?? ''}" is too much`)
  return filter
}

const each = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

/** The values under a path; of lists, those of every item. */
const valuesAt = (resource: unknown, path: string): unknown[] => {
  let values: unknown[] = [resource]
  for (const name of placeOf(path)) {
    values = values
      .flatMap(each)
      .map((one) => (isObject(one) ? memberOf(one, name) : undefined))
      .filter((one) => one !== undefined && one !== null)
  }
  return values.flatMap(each)
}

const compareTexts = (a: string, how: Comparison, b: string): boolean => {
  switch (how) {
    case 'eq':
      return a === b
    case 'ne':
      return a !== b
    case 'co':
      return a.includes(b)
    case 'sw':
      return a.startsWith(b)
    case 'ew':
      return a.endsWith(b)
    case 'gt':
      return a > b
    case 'ge':
      return a >= b
    case 'lt':
      return a < b
    default:
      return a <= b
  }
}

const compare = (found: unknown, how: Comparison, wanted: Value): boolean => {
  // A complex item is compared by its `value`.
  const one = isObject(found) ? memberOf(found, 'value') : found
  if (typeof one === 'string' && typeof wanted === 'string') {
    return compareTexts(one.toLowerCase(), how, wanted.toLowerCase())
  }
  if (how === 'eq') return one === wanted
  if (how === 'ne') return one !== wanted
  if (typeof one !== 'number' || typeof wanted !== 'number') return false
  switch (how) {
    case 'gt':
      return one > wanted
    case 'ge':
      return one >= wanted
    case 'lt':
      return one < wanted
    default:
      return how === 'le' && one <= wanted
  }
}

/** Does the filter hold for the resource? */
export const fits = (resource: unknown, filter: Filter): boolean => {
  switch (filter.kind) {
    case 'and':
      return fits(resource, filter.left) && fits(resource, filter.right)
    case 'or':
      return fits(resource, filter.left) || fits(resource, filter.right)
    case 'not':
      return !fits(resource, filter.inner)
    case 'present':
      return valuesAt(resource, filter.path).some((one) => one !== '')
    case 'item':
      return valuesAt(resource, filter.path).some((one) => fits(one, filter.inner))
    default: {
      const values = valuesAt(resource, filter.path)
      if (values.length === 0) {
        return filter.how === 'ne' || (filter.how === 'eq' && filter.value === null)
      }
      return values.some((one) => compare(one, filter.how, filter.value))
    }
  }
}

/** The text that one of these attributes must be for the filter to hold, where it says so: what can be looked up instead of looked for. */
export const keyIn = <Name extends string>(
  filter: Filter,
  names: readonly Name[],
): { readonly by: Name; readonly value: string } | undefined => {
  if (filter.kind === 'and') return keyIn(filter.left, names) ?? keyIn(filter.right, names)
  if (filter.kind !== 'compare' || filter.how !== 'eq' || typeof filter.value !== 'string') {
    return undefined
  }
  const [name = '', inner] = placeOf(filter.path)
  const by = names.find((one) => one.toLowerCase() === name.toLowerCase())
  return by === undefined || inner !== undefined ? undefined : { by, value: filter.value }
}

/** Does the filter look at this attribute? */
export const asksFor = (filter: Filter, name: string): boolean => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return asksFor(filter.left, name) || asksFor(filter.right, name)
    case 'not':
      return asksFor(filter.inner, name)
    default:
      return placeOf(filter.path)[0]?.toLowerCase() === name.toLowerCase()
  }
}
