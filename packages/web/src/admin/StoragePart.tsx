/** What is on the disk, whose it is, what is shared, what nobody needs any more. */
import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { hub } from '../app/api.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Failure } from '../parts/Failed.tsx'
import { TextLink } from '../parts/Go.tsx'
import { Segmented } from '../parts/Segmented.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Size, Time } from '../parts/Time.tsx'
import { plural, sizeWords } from '../parts/words.ts'
import { repoTo } from '../repos/place.ts'
import { ownersOf, splitOf, type Weighed, type Weight } from './weights.ts'
import { useState } from 'react'

const Figure = ({ value, children }: { readonly value: string; readonly children: ReactNode }) => {
  const [number = '', unit = ''] = value.split(' ')
  return (
    <div className="border-line ps-4 first:ps-0 sm:border-s sm:first:border-s-0">
      <p>
        <span className="text-figure tracking-[-0.025em]">{number}</span>{' '}
        <span className="text-ink-2">{unit}</span>
      </p>
      <p className="text-dense text-ink-2">{children}</p>
    </div>
  )
}

const Figures = ({ weighed }: { readonly weighed: Weighed }) => {
  const { storedBytes, logicalBytes, freeBytes, unneededBytes, unneededGoneAt } = weighed
  const saved = logicalBytes === 0 ? 0 : Math.max(0, 1 - storedBytes / logicalBytes)
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-5 lg:grid-cols-4">
      <Figure value={sizeWords(storedBytes)}>
        on disk{freeBytes === null ? '' : `, ${sizeWords(freeBytes)} free`}
      </Figure>
      <Figure value={sizeWords(logicalBytes)}>what people see and download</Figure>
      <Figure value={`${Math.round(saved * 100)} %`}>saved by storing each chunk once</Figure>
      <Figure value={sizeWords(unneededBytes)}>
        nobody needs
        {unneededGoneAt === null ? (
          ''
        ) : (
          <>
            , gone by <Time at={unneededGoneAt} asDay />
          </>
        )}
      </Figure>
    </div>
  )
}

const fills = { alone: '', shared: 'url(#shared)', unneeded: 'url(#unneeded)' } as const

const Patterns = () => (
  <defs>
    <pattern
      id="shared"
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="3" height="6" className="fill-viz-blue" />
    </pattern>
    <pattern
      id="unneeded"
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="3" height="6" className="fill-viz-amber" />
    </pattern>
  </defs>
)

const words = {
  alone: 'Only in one repository',
  shared: 'Shared by several',
  unneeded: 'Needed by none',
} as const

const Bar = ({ weighed }: { readonly weighed: Weighed }) => {
  const parts = splitOf(weighed)
  const scale = 1000 / Math.max(1, weighed.storedBytes)
  const said = parts.map(({ kind, bytes }) => `${words[kind]}: ${sizeWords(bytes)}`).join(', ')
  return (
    <figure className="flex flex-col gap-2">
      <svg
        role="img"
        aria-label={said}
        viewBox="0 0 1000 36"
        preserveAspectRatio="none"
        className="h-9 w-full rounded-control border border-line bg-sunken"
      >
        <Patterns />
        {parts.map(({ kind, bytes, from }) => (
          <rect
            key={kind}
            x={from * scale}
            width={bytes * scale}
            height="36"
            {...(kind === 'alone' ? { className: 'fill-viz-blue' } : { fill: fills[kind] })}
          />
        ))}
      </svg>
      <figcaption className="flex flex-wrap gap-x-6 gap-y-1 text-dense text-ink-2">
        {parts.map(({ kind, bytes }) => (
          <span key={kind}>
            {words[kind]} <span className="font-medium text-ink">{sizeWords(bytes)}</span>
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

/** Solid for what is only here, hatched for what is shared, against the heaviest. */
const Share = ({ of, most }: { readonly of: Weight; readonly most: number }) => {
  const scale = 100 / Math.max(1, most)
  const alone = of.exclusiveBytes * scale
  return (
    <svg aria-hidden viewBox="0 0 100 12" preserveAspectRatio="none" className="h-3 w-full">
      <rect width={alone} height="12" className="fill-viz-blue" />
      <rect x={alone} width={of.sharedBytes * scale} height="12" fill={fills.shared} />
    </svg>
  )
}

const onDisk = (all: readonly Weight[]) => {
  const most = Math.max(0, ...all.map((one) => one.exclusiveBytes + one.sharedBytes))
  return {
    name: 'On disk',
    width: 'w-40',
    from: 'lg',
    cell: (weight: Weight) => <Share of={weight} most={most} />,
  } as const
}

const sizes = [
  {
    name: 'Looks like',
    width: 'w-28',
    align: 'end',
    from: 'sm',
    cell: ({ logicalBytes }: Weight) => <Size bytes={logicalBytes} />,
  },
  {
    name: 'Only here',
    width: 'w-28',
    align: 'end',
    cell: ({ exclusiveBytes }: Weight) => (
      <span className="font-semibold">
        <Size bytes={exclusiveBytes} />
      </span>
    ),
  },
  {
    name: 'Shared part',
    width: 'w-28',
    align: 'end',
    from: 'sm',
    cell: ({ sharedBytes }: Weight) => <Size bytes={sharedBytes} />,
  },
] as const

const ByOwner = ({ weighed }: { readonly weighed: Weighed }) => (
  <DataTable
    caption="Storage by organisation"
    rows={ownersOf(weighed.repos)}
    keyOf={({ owner }) => owner}
    columns={[
      {
        name: 'Owner',
        cell: ({ owner, repos }) => (
          <span className="flex min-w-0 items-center gap-2">
            <Avatar name={owner} kind="org" size={20} />
            <TextLink to={`/${encodeURIComponent(owner)}`} className="truncate font-medium">
              {owner}
            </TextLink>
            <span className="truncate text-ink-3 max-sm:hidden">
              {plural(repos, 'repository', 'repositories')}
            </span>
          </span>
        ),
      },
      ...sizes,
      onDisk(ownersOf(weighed.repos)),
    ]}
  />
)

const ByRepo = ({ weighed }: { readonly weighed: Weighed }) => (
  <DataTable
    caption="Storage by repository"
    rows={weighed.repos.toSorted((a, b) => b.exclusiveBytes - a.exclusiveBytes).slice(0, 500)}
    keyOf={({ type, path }) => `${type} ${path}`}
    columns={[
      {
        name: 'Repository',
        cell: ({ type, path }) => (
          <span className="flex min-w-0 items-center gap-2">
            <TextLink to={repoTo({ type, path })} className="truncate font-medium">
              {path}
            </TextLink>
            <span className="text-ink-3 max-sm:hidden">{type}</span>
          </span>
        ),
      },
      ...sizes,
      onDisk(weighed.repos),
    ]}
  />
)

const views = [
  { value: 'owner', label: 'By organisation' },
  { value: 'repo', label: 'By repository' },
] as const

export const StoragePart = () => {
  const [view, setView] = useState<'owner' | 'repo'>('owner')
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['admin', 'storage'],
    queryFn: () => hub.weighHub(),
    staleTime: 600_000,
  })
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton />
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-dense text-ink-3">
          Exact, counted <Time at={data.countedAt} />
        </p>
        <Button
          size="small"
          icon={<RefreshCw size={14} strokeWidth={2} aria-hidden />}
          isBusy={isFetching}
          onClick={() => void refetch()}
        >
          Count again
        </Button>
      </div>
      <Figures weighed={data} />
      <Bar weighed={data} />
      <div>
        <Segmented label="Show" options={views} value={view} onChange={setView} />
      </div>
      {data.repos.length === 0 ? <EmptyState title="Nothing is stored yet" /> : null}
      {view === 'owner' ? <ByOwner weighed={data} /> : <ByRepo weighed={data} />}
    </>
  )
}
