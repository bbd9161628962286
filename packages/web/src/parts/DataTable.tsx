/**
 * A table for experts: one link in a row, the whole row leads there. On a narrow screen each row becomes two lines with the same facts in
 * the same order. Of a long table only the rows around those in sight are in the page.
 */
import { memo, type ReactNode } from 'react'
import { useGo } from './Go.tsx'
import { useRowWindow } from './row-window.ts'

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

/** As high as the rows that are left out. */
const Gap = ({ px }: { readonly px: number }) =>
  px === 0 ? null : <tr aria-hidden style={{ height: px }} />

const lookOf = ({ align, width, from }: Omit<Column<never>, 'cell'>): string =>
  `px-4 ${align === 'end' ? 'text-end' : 'text-start'} ${width ?? ''} ${from === undefined ? '' : shownFrom[from]}`

interface RowProps<T> extends Required<Pick<TableProps<T>, 'columns' | 'size'>> {
  readonly row: T
  readonly index: number
  readonly to: string | undefined
  readonly isCurrent: boolean
}

const PlainRow = <T,>({ row, index, columns, size, to, isCurrent }: RowProps<T>) => {
  const go = useGo()
  return (
    <tr
      data-row
      aria-rowindex={index + 2}
      aria-current={isCurrent ? 'true' : undefined}
      className={`border-b border-line last:border-b-0 hover:bg-hover has-focus-visible:bg-hover aria-[current]:bg-selected ${heights[size]} ${to === undefined ? '' : 'cursor-pointer'}`}
      onClick={(event) => {
        const isOnControl =
          event.target instanceof Element && event.target.closest('a,button,input,label') !== null
        if (to !== undefined && !isOnControl && getSelection()?.toString() === '') go(to)
      }}
    >
      {columns.map((column) => (
        <td key={column.name} className={`${lookOf(column)} py-1`}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

/** Scrolling draws rows that come into sight, and leaves the others. A cast because `memo` forgets what a row is of. */
const Row = memo(PlainRow) as typeof PlainRow

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
  const { ref, first, last, beforePx, afterPx } = useRowWindow(rows.length)
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
        <tbody ref={ref}>
          <Gap px={beforePx} />
          {rows.slice(first, last).map((row, at) => (
            <Row
              key={keyOf(row)}
              row={row}
              index={first + at}
              columns={columns}
              size={size}
              to={toOf?.(row)}
              isCurrent={isCurrent?.(row) === true}
            />
          ))}
          <Gap px={afterPx} />
        </tbody>
      </table>
      {foot === undefined ? null : <div className="border-t border-line bg-page">{foot}</div>}
    </div>
  )
}
