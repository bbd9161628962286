/** The trail: who did what, when, from where; searched by its address, and taken away as a file. */
import type { Client } from '@weighhouse/contract/client.ts'
import { useLocation } from '@tanstack/react-router'
import { Download, Search } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { hub } from '../app/api.ts'
import { usePages } from '../app/act.ts'
import { basePath, hrefOf } from '../app/base.ts'
import { Button } from '../parts/Button.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Failure } from '../parts/Failed.tsx'
import { Field, Select } from '../parts/Field.tsx'
import { useGo } from '../parts/Go.tsx'
import { Pager } from '../parts/Pager.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Time } from '../parts/Time.tsx'
import { plainName } from '../parts/words.ts'
import { actWords, filterOf, type TrailFilter, trailQuery } from './filter.ts'

type Entry = Awaited<ReturnType<Client['listTrail']>>['items'][number]

/** Whose trail. */
export type TrailOf =
  | { readonly kind: 'me' }
  | { readonly kind: 'hub' }
  | { readonly kind: 'org'; readonly org: string }

const readOf =
  (of: TrailOf, filter: ReturnType<typeof filterOf>) => (page: { cursor?: string }) => {
    const wish = { ...filter, ...page, limit: 50 }
    if (of.kind === 'me') return hub.listMyTrail(wish)
    return of.kind === 'hub' ? hub.listTrail(wish) : hub.listOrgTrail({ ...wish, org: of.org })
  }

const exportTo = (of: TrailOf, filter: TrailFilter, format: 'csv' | 'jsonl'): string => {
  const under =
    of.kind === 'me'
      ? '/me/audit'
      : of.kind === 'hub'
        ? '/audit'
        : `/orgs/${encodeURIComponent(of.org)}/audit`
  const query = trailQuery(filter)
  query.set('format', format)
  return hrefOf(`/weighhouse/v1${under}/export?${query.toString()}`)
}

const outcomes = [
  { value: '', label: 'Done and refused' },
  { value: 'done', label: 'Done' },
  { value: 'denied', label: 'Refused' },
]

const SearchForm = ({ filter }: { readonly filter: TrailFilter }) => {
  const go = useGo()
  const { pathname } = useLocation()
  const [form, setForm] = useState(filter)
  const set = (change: TrailFilter): void => setForm({ ...form, ...change })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const query = trailQuery(form).toString()
    go(pathname.slice(basePath.length) + (query === '' ? '' : `?${query}`))
  }
  return (
    <form
      role="search"
      onSubmit={submit}
      className="grid items-end gap-3 rounded-panel border border-line-2 bg-surface p-4 sm:grid-cols-2 lg:grid-cols-6"
    >
      <Field
        label="Who"
        value={form.actor ?? ''}
        autoComplete="off"
        onChange={({ target }) => set({ actor: target.value })}
      />
      <Field
        label="Act"
        placeholder="repo_moved"
        value={form.act ?? ''}
        autoComplete="off"
        onChange={({ target }) => set({ act: target.value })}
      />
      <Field
        label="About"
        placeholder="owner/name"
        value={form.target ?? ''}
        autoComplete="off"
        onChange={({ target }) => set({ target: target.value })}
      />
      <Select
        label="Outcome"
        options={outcomes}
        value={form.outcome ?? ''}
        onChange={({ target }) =>
          set({
            outcome:
              target.value === 'done' || target.value === 'denied' ? target.value : undefined,
          })
        }
      />
      <Field
        label="From day"
        type="date"
        value={form.since?.slice(0, 10) ?? ''}
        onChange={({ target }) => set({ since: target.value })}
      />
      <Button type="submit" icon={<Search size={14} strokeWidth={2} aria-hidden />}>
        Search
      </Button>
    </form>
  )
}

const nameOf = ({ name, id }: Entry['actor']): string => name ?? (id === undefined ? 'The hub' : id)

const columns = [
  { name: 'When', width: 'w-28', from: 'sm', cell: ({ at }: Entry) => <Time at={at} /> },
  {
    name: 'Who',
    width: 'w-36',
    from: 'sm',
    cell: ({ actor }: Entry) => <span className="block truncate">{nameOf(actor)}</span>,
  },
  {
    name: 'Act',
    cell: ({ act, outcome, reason, actor, at }: Entry) => (
      <>
        <span className={`block truncate ${outcome === 'denied' ? 'text-fail' : ''}`} title={act}>
          {outcome === 'denied' ? 'Refused: ' : ''}
          {actWords(act)}
        </span>
        <span className="block truncate text-meta text-ink-3 sm:hidden">
          {nameOf(actor)}, <Time at={at} />
        </span>
        {reason === undefined ? null : (
          <span className="block truncate text-meta text-ink-3" title={reason}>
            {reason}
          </span>
        )}
      </>
    ),
  },
  {
    name: 'About',
    cell: ({ target }: Entry) => (
      <span className="block truncate" title={target.path}>
        {plainName(target.path ?? target.id ?? '')}
      </span>
    ),
  },
  {
    name: 'From',
    width: 'w-40',
    from: 'md',
    cell: ({ door, ip }: Entry) => (
      <span className="block truncate text-ink-3">
        {[door, ip].filter((one) => one !== undefined).join(', ')}
      </span>
    ),
  },
] as const

const Entries = ({
  of,
  filter,
}: {
  readonly of: TrailOf
  readonly filter: ReturnType<typeof filterOf>
}) => {
  const pages = usePages(['trail', of, filter], readOf(of, filter))
  if (pages.error !== null) return <Failure error={pages.error} />
  if (pages.items === undefined) return <Skeleton />
  if (pages.items.length === 0)
    return (
      <div className="rounded-panel border border-line-2 bg-surface">
        <EmptyState title="No entry is like this" />
      </div>
    )
  return (
    <DataTable
      caption="The trail, newest first"
      columns={columns}
      rows={pages.items}
      keyOf={({ seq }) => String(seq)}
      foot={
        <Pager
          shown={pages.items.length}
          hasMore={pages.hasNextPage}
          isBusy={pages.isFetchingNextPage}
          onMore={() => void pages.fetchNextPage()}
        />
      }
    />
  )
}

export const Trail = ({ of }: { readonly of: TrailOf }) => {
  const { search } = useLocation()
  const filter = filterOf(search)
  return (
    <div className="flex flex-col gap-4">
      <SearchForm key={trailQuery(filter).toString()} filter={filter} />
      <Entries of={of} filter={filter} />
      <div className="flex flex-wrap items-center gap-4 text-dense">
        <Download size={14} strokeWidth={2} className="text-ink-3" aria-hidden />
        <a href={exportTo(of, filter, 'csv')} className="text-link hover:underline">
          Export as CSV
        </a>
        <a href={exportTo(of, filter, 'jsonl')} className="text-link hover:underline">
          Export as JSON lines
        </a>
      </div>
    </div>
  )
}
