/**
 * Queries that every request asks. Building one and turning it into SQL costs several times what the engine needs to answer it, so that is
 * done once for each engine, with a mark in the place of each value.
 */
import type { Compilable, CompiledQuery } from 'kysely'
import type { Querier } from '#db/flavor.ts'

type Values = Readonly<Record<string, string | number>>

interface Prepared<V, R> {
  readonly compiled: CompiledQuery<R>
  /** What goes where: a value by its name, or what the query says itself. */
  readonly slots: readonly ({ readonly name: keyof V & string } | { readonly value: unknown })[]
}

/** `build` must make the same query whatever the values are: it sees marks of their names in their place, and may only pass them on. */
export const prepareAll = <V extends Values, R>(
  names: readonly (keyof V & string)[],
  build: (q: Querier, values: V) => Compilable<R>,
) => {
  const marks = new Map(names.map((name) => [Symbol(name), name]))
  const marked = Object.fromEntries([...marks].map(([mark, name]) => [name, mark]))
  const kept = new Map<unknown, Prepared<V, R>>()

  const preparedFor = (q: Querier): Prepared<V, R> => {
    const engine = q.getExecutor().adapter.constructor
    const known = kept.get(engine)
    if (known !== undefined) return known
    // A cast because the query builder takes any value as a parameter, and looks into none.
    const compiled = build(q, marked as unknown as V).compile()
    const slots = compiled.parameters.map((value) => {
      const name = typeof value === 'symbol' ? marks.get(value) : undefined
      return name === undefined ? { value } : { name }
    })
    const prepared = { compiled, slots }
    kept.set(engine, prepared)
    return prepared
  }

  return async (q: Querier, values: V): Promise<R[]> => {
    const { compiled, slots } = preparedFor(q)
    const parameters = slots.map((slot) => ('name' in slot ? values[slot.name] : slot.value))
    const { rows } = await q.executeQuery<R>({ ...compiled, parameters })
    return rows
  }
}

/** The same for the first row alone. */
export const prepareFirst = <V extends Values, R>(
  names: readonly (keyof V & string)[],
  build: (q: Querier, values: V) => Compilable<R>,
) => {
  const all = prepareAll(names, build)
  return async (q: Querier, values: V): Promise<R | undefined> => (await all(q, values))[0]
}
