/** Which attributes of a resource are answered (RFC 7644 §3.9). */
import { isObject, type Json, scimError } from './attributes.ts'
import { placeOf } from './paths.ts'

export interface Wanted {
  readonly only: readonly string[][] | undefined
  readonly without: readonly string[][]
}

const namesMax = 200
const always: ReadonlySet<string> = new Set(['schemas', 'id'])

const parseNames = (names: readonly string[]): string[][] => {
  const all = names
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '')
  if (all.length > namesMax) {
    throw scimError(
      'invalidValue',
      `At most ${namesMax} attributes are named, found ${all.length}.`,
    )
  }
  return all.map((name) => placeOf(name).map((part) => part.toLowerCase()))
}

/** Errors: `invalid` when both are asked for. */
export const parseWanted = (only: readonly string[], without: readonly string[]): Wanted => {
  const some = parseNames(only)
  return { only: some.length === 0 ? undefined : some, without: parseNames(without) }
}

/** Paths below a name, without it; undefined when the name itself is among them. */
const below = (paths: readonly string[][], name: string): string[][] | 'whole' | 'none' => {
  const fitting = paths.filter(([first]) => first === name.toLowerCase())
  if (fitting.length === 0) return 'none'
  return fitting.some((path) => path.length === 1) ? 'whole' : fitting.map((path) => path.slice(1))
}

const inside = (value: unknown, change: (one: Json) => Json): unknown => {
  if (Array.isArray(value)) {
    return value.map((one: unknown) => (isObject(one) ? change(one) : one))
  }
  return isObject(value) ? change(value) : value
}

const keep = (resource: Json, paths: readonly string[][]): Json => {
  const result: Json = {}
  for (const [name, value] of Object.entries(resource)) {
    const asked = below(paths, name)
    if (asked === 'whole') result[name] = value
    else if (asked !== 'none') result[name] = inside(value, (one) => keep(one, asked))
  }
  return result
}

const drop = (resource: Json, paths: readonly string[][]): Json => {
  const result: Json = {}
  for (const [name, value] of Object.entries(resource)) {
    const asked = below(paths, name)
    if (asked === 'none') result[name] = value
    else if (asked !== 'whole') result[name] = inside(value, (one) => drop(one, asked))
  }
  return result
}

/** Is this attribute, or part of it, answered? */
export const isWanted = ({ only, without }: Wanted, name: string): boolean =>
  only === undefined ? below(without, name) !== 'whole' : below(only, name) !== 'none'

export const project = (resource: Json, { only, without }: Wanted): Json => {
  const fixed = Object.fromEntries(Object.entries(resource).filter(([name]) => always.has(name)))
  if (only !== undefined) return { ...fixed, ...keep(resource, only) }
  return without.length === 0 ? resource : { ...drop(resource, without), ...fixed }
}
