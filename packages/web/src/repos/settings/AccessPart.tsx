/** Who may do what with a repo, until when; and why somebody may not. The hub's own decisions, asked for each account. */
import type { Client } from '@weighhouse/contract/client.ts'
import { Check, X } from 'lucide-react'
import { useState } from 'react'
import { usePages } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { weightOf } from '../../agreements/studio/weights.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Button } from '../../parts/Button.tsx'
import { type Column, DataTable } from '../../parts/DataTable.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Failure } from '../../parts/Failed.tsx'
import { Pager } from '../../parts/Pager.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Time } from '../../parts/Time.tsx'
import { Weight } from '../../parts/Weight.tsx'
import { type Repo, repoKey } from '../data.ts'
import { callName } from '../place.ts'
import { codeWords } from './access-words.ts'

type Row = Awaited<ReturnType<Client['readAccessMatrix']>>['items'][number]
type Cell = Row['cells'][number]
type Action = Cell['action']

const actions: readonly {
  readonly action: Action
  readonly name: string
}[] = [
  { action: 'repo.browse', name: 'Looks inside' },
  { action: 'repo.read', name: 'Downloads' },
  { action: 'repo.write', name: 'Writes' },
  { action: 'repo.admin', name: 'Administers' },
]

const CellView = ({ cell }: { readonly cell: Cell | undefined }) => {
  if (cell === undefined) return null
  const isYes = cell.decision === 'permit'
  return (
    <span className="inline-flex items-center gap-1.5" title={codeWords(cell.code)}>
      {isYes ? (
        <Check size={16} strokeWidth={2} className="text-pass" aria-hidden />
      ) : (
        <X size={16} strokeWidth={2} className="text-ink-3" aria-hidden />
      )}
      <span className="sr-only">
        {isYes ? 'yes' : 'no'}: {codeWords(cell.code)}
      </span>
      {cell.until === null ? null : (
        <span className="text-meta text-ink-3">
          until <Time at={cell.until} asDay />
        </span>
      )}
    </span>
  )
}

/** The columns in words, for where there is no room for them. */
const mayWords = ({ cells }: Row): string => {
  const may = actions.filter(({ action }) =>
    cells.some((one) => one.action === action && one.decision === 'permit'),
  )
  return may.length === 0 ? 'may do nothing' : may.map(({ name }) => name.toLowerCase()).join(', ')
}

const columnsFor = (onWhy: (row: Row) => void): readonly Column<Row>[] => [
  {
    name: 'Who',
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2">
        <Avatar name={row.name} kind={row.kind} size={20} />
        <span className="min-w-0">
          <span className="flex items-center gap-2">
            <span className="truncate font-medium">{row.name}</span>
            {row.isService ? <span className="text-meta text-ink-3">program</span> : null}
          </span>
          <span className="block text-meta text-ink-3 md:hidden">{mayWords(row)}</span>
        </span>
      </span>
    ),
  },
  ...actions.map(({ action, name }): Column<Row> => ({
    name,
    width: 'w-[14%]',
    from: 'md',
    cell: (row) => <CellView cell={row.cells.find((one) => one.action === action)} />,
  })),
  {
    name: 'Why',
    width: 'w-20',
    align: 'end',
    cell: (row) => (
      <Button size="tight" aria-label={`Why, for ${row.name}`} onClick={() => onWhy(row)}>
        Why
      </Button>
    ),
  },
]

const Reasons = ({ row }: { readonly row: Row }) => (
  <div className="flex flex-col gap-4 text-dense">
    <ul className="flex flex-col gap-2">
      {actions.map(({ action, name }) => {
        const cell = row.cells.find((one) => one.action === action)
        return cell === undefined ? null : (
          <li key={action} className="grid grid-cols-[110px_1fr] gap-3">
            <span className="text-ink-3">{name}</span>
            <span>
              <strong className="font-semibold">
                {cell.decision === 'permit' ? 'Yes. ' : 'No. '}
              </strong>
              {codeWords(cell.code)}
              {cell.until === null ? null : (
                <>
                  {' '}
                  Until <Time at={cell.until} asDay />.
                </>
              )}
            </span>
          </li>
        )
      })}
    </ul>
    {row.terms.length === 0 ? null : (
      <div className="border-t border-line pt-3">
        <h3 className="font-semibold">What agreements say</h3>
        <ul className="mt-1 flex flex-col gap-1">
          {row.terms.map(({ action, words, strength, code, agreement }) => (
            <li key={`${agreement}/${action}`} className="flex items-start gap-2">
              <span className="pt-0.5">
                <Weight kind={weightOf[strength]} size={13} />
              </span>
              <span>
                {code === 'OK_AGREEMENT' ? 'may ' : 'may not '}
                {words}
                {code === 'OK_AGREEMENT' ? '' : `: ${codeWords(code)}`}
              </span>
            </li>
          ))}
        </ul>
      </div>
    )}
  </div>
)

export const AccessPart = ({ repo }: { readonly repo: Repo }) => {
  const [asked, setAsked] = useState<Row>()
  const pages = usePages([...repoKey(repo), 'matrix'], (page) =>
    hub.readAccessMatrix({ ...callName(repo), ...page, limit: 100 }),
  )
  const { items } = pages
  return (
    <div className="flex flex-col gap-4">
      <p className="text-dense text-ink-2">
        Everybody whom a rule of yours names, and organisations that an agreement covers. Of their
        people they decide themselves.
      </p>
      {pages.error !== null ? (
        <Failure error={pages.error} onRetry={() => void pages.refetch()} />
      ) : items === undefined ? (
        <Skeleton rows={4} />
      ) : items.length === 0 ? (
        <div className="rounded-panel border border-line-2 bg-surface">
          <EmptyState isSmall title="Nobody is named" />
        </div>
      ) : (
        <DataTable
          caption={`Who may do what with ${repo.path}`}
          columns={columnsFor(setAsked)}
          rows={items}
          keyOf={({ name }) => name}
          foot={
            pages.hasNextPage ? (
              <Pager
                shown={items.length}
                hasMore
                isBusy={pages.isFetchingNextPage}
                onMore={() => void pages.fetchNextPage()}
              />
            ) : undefined
          }
        />
      )}
      {asked === undefined ? null : (
        <Dialog
          isOpen
          title={`${asked.name} and ${repo.name}`}
          onClose={() => setAsked(undefined)}
          actions={<Button onClick={() => setAsked(undefined)}>Done</Button>}
        >
          <Reasons row={asked} />
        </Dialog>
      )}
    </div>
  )
}
