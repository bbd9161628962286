/** Query strings and forms as the clients write them: `a=1&a=2`, `a[]=1`, `True`, `false`, `1`. */
import { HubError } from '#core/kernel/errors.ts'

/** Values by name, in the order sent; `name[]` and `name` are one. */
export type Query = ReadonlyMap<string, readonly string[]>

const pairsMax = 10_000

export const parseQuery = (text: string): Query => {
  const query = new Map<string, string[]>()
  let count = 0
  for (const [key, value] of new URLSearchParams(text)) {
    count += 1
    if (count > pairsMax) throw new HubError('too_many', `At most ${pairsMax} parameters are read.`)
    const name = key.endsWith('[]') ? key.slice(0, -2) : key
    const values = query.get(name)
    if (values === undefined) query.set(name, [value])
    else values.push(value)
  }
  return query
}

export const allOf = (query: Query, name: string): readonly string[] => query.get(name) ?? []

export const oneOf = (query: Query, name: string): string | undefined => query.get(name)?.at(-1)

/** Every spelling of yes that clients use. */
export const flagOf = (query: Query, name: string): boolean => {
  const value = oneOf(query, name)?.toLowerCase()
  return value === 'true' || value === '1' || value === ''
}

/** A whole number from 0, cut to `max`. Errors: `invalid`. */
export const countOf = (query: Query, name: string, fallback: number, max: number): number => {
  const text = oneOf(query, name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0 || text.trim() === '') {
    throw new HubError('invalid', `"${name}" must be a whole number of 0 or more, found "${text}".`)
  }
  return Math.min(value, max)
}
