/** Rows out of columns: what lies in each other is put together again by its levels (Dremel, section 4). */
import { FormatError } from '../error.ts'
import type { Column } from './column.ts'
import { itemOf, type SchemaNode } from './schema.ts'
import type { Raw } from './values.ts'

/** A value with the leaf that says what it means; several; or parts with names. */
export type Cell =
  | null
  | { readonly kind: 'value'; readonly leaf: SchemaNode; readonly raw: Raw }
  | { readonly kind: 'list'; readonly items: readonly Cell[] }
  | { readonly kind: 'parts'; readonly parts: readonly (readonly [string, Cell])[] }
  | { readonly kind: 'map'; readonly pairs: readonly (readonly [Cell, Cell])[] }

/** A part of a column's triples. */
interface Slice {
  readonly column: Column
  readonly start: number
  readonly end: number
}

const levelsDisagree = () =>
  new FormatError('Its columns do not fit together: their levels say different things.')

const firstDefinition = (slices: readonly Slice[]): number => {
  const [slice] = slices
  if (slice === undefined || slice.start >= slice.end) throw levelsDisagree()
  return slice.column.definitions[slice.start] ?? 0
}

/** Cut where a new item at this level begins. */
const itemsOf = ({ column, start, end }: Slice, level: number): Slice[] => {
  const items: Slice[] = []
  let from = start
  for (let at = start + 1; at <= end; at += 1) {
    if (at < end && (column.repeats[at] ?? 0) > level) continue
    items.push({ column, start: from, end: at })
    from = at
  }
  return items
}

const contentOf = (node: SchemaNode, slices: readonly Slice[]): Cell => {
  if (node.type !== undefined) {
    const [slice] = slices
    const raw = slice?.column.values[slice.start]
    if (raw === undefined) throw levelsDisagree()
    return { kind: 'value', leaf: node, raw }
  }
  const parts = node.children.map((child) => {
    const inside = slices.filter(
      ({ column: { leaf } }) =>
        leaf.leaves[0] >= child.leaves[0] && leaf.leaves[1] <= child.leaves[1],
    )
    return [child.name, cellOf(child, inside)] as const
  })
  return tidied(node, parts)
}

/** Lists and maps lie in groups that the format needs and nobody means. */
const tidied = (node: SchemaNode, parts: readonly (readonly [string, Cell])[]): Cell => {
  const first = parts[0]?.[1] ?? null
  if (parts.length === 1 && first?.kind === 'list') {
    const item = itemOf(node)
    const [middle] = node.children
    if (item !== undefined && item !== middle) {
      const items = first.items.map((one) =>
        one?.kind === 'parts' ? (one.parts[0]?.[1] ?? null) : one,
      )
      return { kind: 'list', items }
    }
    if (item !== undefined) return first
    if (node.meaning?.kind === 'map') {
      const pairs = first.items.map((one): readonly [Cell, Cell] =>
        one?.kind === 'parts'
          ? [one.parts[0]?.[1] ?? null, one.parts[1]?.[1] ?? null]
          : [null, null],
      )
      return { kind: 'map', pairs }
    }
  }
  return { kind: 'parts', parts }
}

const cellOf = (node: SchemaNode, slices: readonly Slice[]): Cell => {
  const isThere = firstDefinition(slices) >= node.definition
  if (node.repetition !== 'repeated') return isThere ? contentOf(node, slices) : null
  if (!isThere) return { kind: 'list', items: [] }
  const cut = slices.map((slice) => itemsOf(slice, node.repeats))
  const count = cut[0]?.length ?? 0
  if (cut.some((one) => one.length !== count)) throw levelsDisagree()
  const items = Array.from({ length: count }, (_, at) => {
    const inside = cut.flatMap((one) => one[at] ?? [])
    return contentOf(node, inside)
  })
  return { kind: 'list', items }
}

/** The rows of one column of the table, from the columns that store it. */
export const assembleRows = (
  node: SchemaNode,
  columns: readonly Column[],
  rows: number,
): Cell[] => {
  const cut = columns.map((column) => itemsOf({ column, start: 0, end: column.repeats.length }, 0))
  return Array.from({ length: rows }, (_, at) => {
    const slices = cut.map((one) => {
      const slice = one[at]
      if (slice === undefined) throw levelsDisagree()
      return slice
    })
    return cellOf(node, slices)
  })
}
