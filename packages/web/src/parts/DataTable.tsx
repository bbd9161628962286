/**
 * A table for experts: one link in a row, the whole row leads there. On a narrow screen each row becomes two lines with the same facts in
 * the same order.
 */
import type { ReactNode } from 'react'
import { useGo } from './Go.tsx'

export interface Column<T> {
  readonly name: string
  readonly cell: (row: T) => ReactNode
  readonly align?: 'start' | 'end'
  /** Tailwind width, such as `w-40`. */
  readonly width?: string
  /** Below this width the cell is left out: what it says is elsewhere. */
  readonly from?: 'sm' | 'md' | 'lg'
}

interface TableProps<T> {
  readonly caption: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly keyOf: (row: T) => string
  /** Where a press on the row leads; its first cell holds the link for keys. */
  readonly toOf?: (row: T) => string
  readonly size?: 'row' | 'two' | 'tree'
  readonly isCurrent?: (row: T) => boolean
  readonly foot?: ReactNode
}

const heights = { row: 'h-(--row)', two: 'h-(--row-two)', tree: 'h-(--row-tree)' } as const
const shownFrom = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden' } as const

export const DataTable = <T,>({
  caption,
  columns,
  rows,
  keyOf,
  toOf,
  size = 'row',
  isCurrent,
  foot,
}: TableProps<T>) => {
  const go = useGo()
  const lookOf = ({ align, width, from }: Column<T>): string =>
    `px-4 ${align === 'end' ? 'text-end' : 'text-start'} ${width ?? ''} ${from === undefined ? '' : shownFrom[from]}`
  return (
    <div className="overflow-hidden rounded-panel border border-line-2 bg-surface">
      <table
        className="w-full table-fixed border-collapse text-dense"
        aria-rowcount={rows.length + 1}
      >
        <caption className="sr-only">{caption}</caption>
        <thead className="max-sm:sr-only">
          <tr className="h-[34px] border-b border-line">
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className={`font-normal whitespace-nowrap text-ink-2 ${lookOf(column)}`}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              data-row
              aria-current={isCurrent?.(row) === true ? 'true' : undefined}
              className={`border-b border-line last:border-b-0 hover:bg-hover has-focus-visible:bg-hover aria-[current]:bg-selected ${heights[size]} ${toOf === undefined ? '' : 'cursor-pointer'}`}
              onClick={(event) => {
                const isOnControl =
                  event.target instanceof Element &&
                  event.target.closest('a,button,input,label') !== null
                if (toOf !== undefined && !isOnControl && getSelection()?.toString() === '')
                  go(toOf(row))
              }}
            >
              {columns.map((column) => (
                <td key={column.name} className={`${lookOf(column)} py-1`}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {foot === undefined ? null : <div className="border-t border-line bg-page">{foot}</div>}
    </div>
  )
}
