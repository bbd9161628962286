/** Finding models and datasets. The address is the state: every view can be sent to somebody. */
import { isPipelineTag } from '@weighhouse/formats/card/pipeline-tags.ts'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { ListFilter, Search, X } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useHere } from '../app/here.ts'
import { useAsList } from '../app/lists.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Go, useGo } from '../parts/Go.tsx'
import { Heading, useTitle } from '../parts/Page.tsx'
import { Pager } from '../parts/Pager.tsx'
import { Renewing } from '../parts/Renewing.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { grouped } from '../parts/words.ts'
import { FacetList } from './FacetList.tsx'
import { NothingFound } from './NothingFound.tsx'
import { RepoTable } from './RepoTable.tsx'
import {
  askOf,
  facetsOf,
  type ListWish,
  narrowings,
  readWish,
  type SearchRecord,
  sorts,
  writeWish,
} from './search.ts'

const pathOf = {
  model: '/models',
  dataset: '/datasets',
  space: '/spaces',
  kernel: '/kernels',
} as const
const words = {
  model: { title: 'Models', one: 'model', upload: 'hf upload {you}/{model} .' },
  dataset: {
    title: 'Datasets',
    one: 'dataset',
    upload: 'hf upload --repo-type dataset {you}/{dataset} .',
  },
  space: { title: 'Spaces', one: 'space', upload: '' },
  kernel: { title: 'Kernels', one: 'kernel', upload: '' },
} as const

const pageSize = 50

const useFound = (wish: ListWish) => {
  const ask = askOf(wish)
  const list = useInfiniteQuery({
    queryKey: ['repos', ask, wish.sort],
    queryFn: ({ pageParam }) =>
      hub.listRepos({
        ...ask,
        sort: wish.sort,
        limit: pageSize,
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const counts = useQuery({
    queryKey: ['repo-counts', ask],
    queryFn: () => hub.countRepos(ask),
    placeholderData: keepPreviousData,
  })
  return { list, counts, repos: list.data?.pages.flatMap(({ items }) => items) ?? [] }
}

interface BarProps {
  readonly wish: ListWish
  readonly onChange: (wish: ListWish) => void
  readonly onFilters: () => void
}

const Chip = ({ label, onDrop }: { readonly label: string; readonly onDrop: () => void }) => (
  <span className="inline-flex h-6 items-center gap-0.5 rounded-tag bg-accent-soft ps-2 text-meta font-medium text-accent">
    {label}
    <button
      type="button"
      onClick={onDrop}
      aria-label={`Drop ${label}`}
      className="inline-flex size-6 cursor-pointer items-center justify-center"
    >
      <X size={12} strokeWidth={2} aria-hidden />
    </button>
  </span>
)

const SearchBar = ({ wish, onChange, onFilters }: BarProps) => {
  const [q, setQ] = useState(wish.q)
  useEffect(() => setQ(wish.q), [wish.q])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onChange({ ...wish, q: q.trim() })
  }
  const chips = narrowings({ ...wish, q: '' })
  return (
    <div className="flex flex-wrap gap-2">
      <form
        role="search"
        onSubmit={submit}
        className="flex min-h-[38px] min-w-0 flex-1 flex-wrap items-center gap-1.5 rounded-control border border-control bg-surface px-2.5 py-1 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-focus max-sm:basis-full"
      >
        <Search size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />
        {chips.map(({ label, without }) => (
          <Chip key={label} label={label} onDrop={() => onChange({ ...without, q: wish.q })} />
        ))}
        <input
          type="search"
          name="search"
          aria-label={`Search ${words[wish.type].title.toLowerCase()}`}
          placeholder="Part of a name"
          value={q}
          onChange={(event) => setQ(event.target.value)}
          onBlur={() => q.trim() === wish.q || onChange({ ...wish, q: q.trim() })}
          className="h-7 min-w-24 flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
        <kbd className="rounded-tag border border-line-2 px-1.5 text-[11px] text-ink-3 max-sm:hidden">
          /
        </kbd>
      </form>
      <Button
        size="normal"
        icon={<ListFilter size={14} strokeWidth={2} aria-hidden />}
        className="h-[38px]! lg:hidden"
        onClick={onFilters}
      >
        {chips.length === 0 ? 'Filters' : `Filters, ${chips.length}`}
      </Button>
      <select
        aria-label="Sort"
        value={wish.sort}
        onChange={(event) => {
          const found = sorts.find(({ value }) => value === event.target.value)
          if (found !== undefined) onChange({ ...wish, sort: found.value })
        }}
        className="h-[38px] rounded-control border border-line-2 bg-surface px-2.5 font-medium shadow-quiet"
      >
        {sorts.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}

export const ExplorePage = () => {
  const { search } = useLocation()
  const type = useHere().startsWith('/datasets') ? 'dataset' : 'model'
  // A cast because the router reads every value as text.
  const wish = readWish(type, search as SearchRecord)
  const go = useGo()
  const me = useMe()
  const [isSheetOpen, setSheetOpen] = useState(false)
  const { list, counts, repos } = useFound(wish)
  const { title } = words[type]
  useTitle(title)
  useAsList(pathOf[type])
  const change = (next: ListWish): void => go(pathOf[next.type] + writeWish(next))
  const facets = facetsOf(counts.data?.tags ?? [], isPipelineTag)
  const filters = (
    <FacetList
      wish={wish}
      facets={facets}
      owners={counts.data?.owners ?? []}
      bars={type === 'model' ? (counts.data?.parameters ?? []) : []}
      onChange={change}
    />
  )
  if (list.error !== null)
    return <Failed error={list.error} isSignedIn={me != null} onRetry={() => void list.refetch()} />
  const { total } = counts.data ?? {}
  return (
    <div className="lg:grid lg:grid-cols-[248px_minmax(0,1fr)]">
      <aside aria-label="Filters" className="border-e border-line bg-page px-6 py-5 max-lg:hidden">
        {filters}
      </aside>
      <div className="flex min-w-0 flex-col gap-4 px-4 py-5 sm:px-8">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div className="flex items-baseline gap-3">
            <Heading>{title}</Heading>
            <span role="status" className="text-body text-ink-2">
              {total === undefined ? '' : `${grouped(total)} you can see`}
            </span>
          </div>
          <nav
            aria-label="Kinds"
            className="inline-flex overflow-hidden rounded-control border border-line-2 bg-surface"
          >
            {(['model', 'dataset'] as const).map((one) => (
              <Go
                key={one}
                to={pathOf[one]}
                aria-current={one === type ? 'page' : undefined}
                className="inline-flex h-[30px] items-center border-s border-line px-3 text-dense text-ink-2 first:border-s-0 hover:bg-hover aria-[current]:bg-selected aria-[current]:font-semibold aria-[current]:text-accent"
              >
                {words[one].title}
              </Go>
            ))}
          </nav>
        </div>
        <SearchBar wish={wish} onChange={change} onFilters={() => setSheetOpen(true)} />
        <Renewing isOld={list.isPlaceholderData}>
          {list.isPending ? (
            <Skeleton rows={10} />
          ) : repos.length === 0 ? (
            <div className="rounded-panel border border-line-2 bg-surface">
              <NothingFound wish={wish} kind={words[type]} onChange={change} />
            </div>
          ) : (
            <RepoTable
              caption={title}
              repos={repos}
              foot={
                <Pager
                  shown={repos.length}
                  total={total}
                  hasMore={list.hasNextPage}
                  isBusy={list.isFetchingNextPage}
                  onMore={() => void list.fetchNextPage()}
                />
              }
            />
          )}
        </Renewing>
      </div>
      <Dialog
        isOpen={isSheetOpen}
        onClose={() => setSheetOpen(false)}
        title="Filters"
        actions={
          <Button kind="primary" onClick={() => setSheetOpen(false)}>
            Show {total === undefined ? '' : grouped(total)}
          </Button>
        }
      >
        {filters}
      </Dialog>
    </div>
  )
}
