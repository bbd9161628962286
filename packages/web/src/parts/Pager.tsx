/** The next page of a list, by its cursor. Earlier pages stay where they are. */
import { Button } from './Button.tsx'
import { grouped } from './words.ts'

interface PagerProps {
  readonly shown: number
  readonly total?: number | undefined
  readonly hasMore: boolean
  readonly isBusy: boolean
  readonly onMore: () => void
  /** Where all of it may be had at once. */
  readonly onAll?: (() => void) | undefined
}

export const Pager = ({ shown, total, hasMore, isBusy, onMore, onAll }: PagerProps) => (
  <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-2.5 text-meta text-ink-3">
    <span role="status">
      {grouped(shown)}
      {total === undefined ? '' : ` of ${grouped(total)}`} shown
    </span>
    {hasMore ? (
      <span className="flex gap-2">
        <Button size="small" isBusy={isBusy} onClick={onMore}>
          Show more
        </Button>
        {onAll === undefined ? null : (
          <Button size="small" onClick={onAll}>
            Show all
          </Button>
        )}
      </span>
    ) : null}
  </div>
)
