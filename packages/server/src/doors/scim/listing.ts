/** Lists (RFC 7644 §3.4.2): by number and count, everything or what a filter lets through. */
import { HubError } from '#core/kernel/errors.ts'
import { breathe } from '#core/kernel/breathe.ts'
import { limits } from '#core/kernel/limits.ts'
import { allOf, oneOf, type Query } from '../kit/query.ts'
import { isObject, type Json, memberOf, scimError } from './attributes.ts'
import { type Filter, fits, parseFilter } from './filter.ts'
import { parseWanted, type Wanted } from './project.ts'
import { urns } from './schemas.ts'

export interface ListWish {
  readonly filter: Filter | undefined
  /** From 1. */
  readonly startIndex: number
  readonly count: number
  readonly wanted: Wanted
}

const wholeNumber = (value: unknown, name: string, fallback: number): number => {
  if (value === undefined || value === '') return fallback
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw scimError('invalidValue', `"${name}" is expected to be a whole number.`)
}

const wishOf = (
  one: (name: string) => unknown,
  all: (name: string) => readonly string[],
): ListWish => {
  const filter = one('filter')
  if (filter !== undefined && typeof filter !== 'string') {
    throw scimError('invalidFilter', 'A filter is text.')
  }
  const count = wholeNumber(one('count'), 'count', limits.scimPageMax)
  return {
    filter: filter === undefined || filter === '' ? undefined : parseFilter(filter),
    startIndex: Math.max(1, wholeNumber(one('startIndex'), 'startIndex', 1)),
    count: Math.min(limits.scimPageMax, Math.max(0, count)),
    wanted: parseWanted(all('attributes'), all('excludedAttributes')),
  }
}

/** Errors: `invalid` (details.scimType). */
export const parseList = (query: Query): ListWish =>
  wishOf(
    (name) => oneOf(query, name),
    (name) => allOf(query, name),
  )

/** The same in the body of a `.search`. Errors: `invalid` (details.scimType). */
export const parseSearch = (body: unknown): ListWish => {
  if (!isObject(body)) throw scimError('invalidSyntax', 'A JSON object is expected.')
  return wishOf(
    (name) => memberOf(body, name),
    (name) => {
      const value = memberOf(body, name) ?? []
      const list: unknown[] = Array.isArray(value) ? value : [value]
      return list.filter((item) => typeof item === 'string')
    },
  )
}

export interface Part {
  readonly after: string
  readonly offset: number
  readonly limit: number
}

export interface Source<T extends { readonly id: string }> {
  readonly count: () => Promise<number>
  readonly read: (part: Part) => Promise<readonly T[]>
  /** As the filter sees it. */
  readonly show: (item: T) => Json
  /** What the filter can only let through, where that can be looked up. */
  readonly lookUp: (filter: Filter) => Promise<readonly T[] | undefined>
}

const partItems = 500

const filtered = async <T extends { readonly id: string }>(
  { read, show, lookUp }: Source<T>,
  filter: Filter,
): Promise<T[]> => {
  const few = await lookUp(filter)
  if (few !== undefined) return few.filter((item) => fits(show(item), filter))
  const found: T[] = []
  let after = ''
  for (let seen = 0; seen <= limits.directoryUsersPerOrgMax;) {
    const part = await read({ after, offset: 0, limit: partItems })
    const last = part.at(-1)
    if (last === undefined) return found
    found.push(...part.filter((item) => fits(show(item), filter)))
    after = last.id
    seen += part.length
    await breathe()
  }
  throw new HubError('too_many', 'The directory holds more than can be looked through.')
}

/** The items that are answered, and how many there are in all. */
export const listed = async <T extends { readonly id: string }>(
  source: Source<T>,
  { filter, startIndex, count }: ListWish,
): Promise<{ items: readonly T[]; total: number }> => {
  const offset = startIndex - 1
  if (filter !== undefined) {
    const all = await filtered(source, filter)
    return { items: all.slice(offset, offset + count), total: all.length }
  }
  const total = await source.count()
  // An offset beyond the last reads nothing, however large it is.
  const isBeyond = count === 0 || offset >= total
  const items = isBeyond ? [] : await source.read({ after: '', offset, limit: count })
  return { items, total }
}

export const formatList = (
  resources: readonly Json[],
  total: number,
  startIndex: number,
): Json => ({
  schemas: [urns.list],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
})
