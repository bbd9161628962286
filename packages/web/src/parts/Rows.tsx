/** A list of things with what may be done to each: two lines and buttons, in one surface. */
import type { ReactNode } from 'react'
import type { Pages } from '../app/act.ts'
import { Failure } from './Failed.tsx'
import { Pager } from './Pager.tsx'
import { Skeleton } from './Skeleton.tsx'

interface RowProps {
  readonly lead?: ReactNode
  readonly title: ReactNode
  readonly about?: ReactNode
  readonly children?: ReactNode
}

export const Row = ({ lead, title, about, children }: RowProps) => (
  <li
    data-row
    className="flex min-h-(--row-two) flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2 last:border-b-0 has-focus-visible:bg-hover"
  >
    {lead}
    <div className="min-w-48 flex-1">
      <div className="min-w-0 text-dense font-medium break-words">{title}</div>
      {about === undefined ? null : (
        <div className="min-w-0 text-meta break-words text-ink-3">{about}</div>
      )}
    </div>
    {children === undefined ? null : (
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    )}
  </li>
)

export const Rows = ({
  label,
  children,
}: {
  readonly label: string
  readonly children: ReactNode
}) => <ul aria-label={label}>{children}</ul>

interface ListedProps<T> {
  readonly label: string
  readonly pages: Pages<T>
  readonly empty: ReactNode
  readonly row: (item: T) => ReactNode
}

/** A list in all its states: it comes, it is empty, it did not come, there is more. */
export const Listed = <T,>({ label, pages, empty, row }: ListedProps<T>) => {
  if (pages.error !== null)
    return <Failure error={pages.error} onRetry={() => void pages.refetch()} />
  if (pages.items === undefined) return <Skeleton rows={3} />
  if (pages.items.length === 0) return empty
  return (
    <>
      <Rows label={label}>{pages.items.map(row)}</Rows>
      {pages.hasNextPage ? (
        <div className="border-t border-line">
          <Pager
            shown={pages.items.length}
            hasMore
            isBusy={pages.isFetchingNextPage}
            onMore={() => void pages.fetchNextPage()}
          />
        </div>
      ) : null}
    </>
  )
}
