/** A folder at a revision: its files with what last changed them, and its README. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { CornerLeftUp, FilePlus2, History, Upload } from 'lucide-react'
import { useEffect } from 'react'
import { useMe } from '../accounts/me.ts'
import { useHere } from '../app/here.ts'
import { useShortcut } from '../app/shortcuts.ts'
import { LinkButton } from '../parts/Button.tsx'
import { type Column, DataTable } from '../parts/DataTable.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Go, useGo } from '../parts/Go.tsx'
import { Markdown } from '../parts/Markdown.tsx'
import { Pager } from '../parts/Pager.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Size, Time } from '../parts/Time.tsx'
import { plainName } from '../parts/words.ts'
import { Crumbs } from './Crumbs.tsx'
import {
  cardQuery,
  type Repo,
  type Tree,
  type TreeEntry,
  treeQuery,
  treeRestQuery,
} from './data.ts'
import { FileIcon } from './FileIcon.tsx'
import { fileName, folderName, type RepoPlace, toIn } from './place.ts'
import { RefPicker } from './RefPicker.tsx'
import { RepoFrame } from './RepoFrame.tsx'

const columnsFor = (repo: Repo, revision: string): Column<TreeEntry>[] => [
  {
    name: 'Name',
    cell: (entry) => (
      <span className="flex min-w-0 items-center gap-2">
        <FileIcon path={entry.path} isFolder={entry.kind === 'directory'} />
        <Go to={entryTo(repo, revision, entry)} className="truncate hover:underline">
          {plainName(fileName(entry.path))}
          {entry.kind === 'directory' ? '/' : ''}
        </Go>
      </span>
    ),
  },
  {
    name: 'Size',
    width: 'w-24',
    align: 'end',
    cell: (entry) => (entry.sizeBytes === null ? '' : <Size bytes={entry.sizeBytes} />),
  },
  {
    name: 'Last change',
    width: 'w-[38%]',
    from: 'md',
    cell: ({ last }) =>
      last === null ? null : (
        <Go
          to={toIn(repo, 'commit', last.commit)}
          className="block truncate text-ink-2 hover:underline"
        >
          {last.title}
        </Go>
      ),
  },
  {
    name: 'When',
    width: 'w-28',
    align: 'end',
    from: 'sm',
    cell: ({ last }) =>
      last === null ? null : (
        <span className="text-ink-3">
          <Time at={last.at} />
        </span>
      ),
  },
]

const entryTo = (repo: Repo, revision: string, entry: TreeEntry): string =>
  toIn(repo, entry.kind === 'directory' ? 'tree' : 'blob', revision, entry.path)

const Readme = ({
  repo,
  at,
  entries,
}: {
  readonly repo: Repo
  readonly at: string
  readonly entries: readonly TreeEntry[]
}) => {
  const hasCard = entries.some(({ path }) => /^readme\.(md|markdown)$/i.test(fileName(path)))
  const { data } = useQuery({ ...cardQuery(repo, at), enabled: hasCard })
  if (data?.html == null) return null
  return (
    <Panel title="README">
      <Markdown html={data.html} />
    </Panel>
  )
}

const Tools = ({ repo, tree }: { readonly repo: Repo; readonly tree: Tree }) => {
  const { revision, kind, path } = tree
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RefPicker repo={repo} verb="tree" revision={revision} kind={kind} path={path} />
      <Crumbs repo={repo} revision={revision} path={path} />
      <div className="flex-1" />
      <LinkButton
        to={toIn(repo, 'commits', revision)}
        icon={<History size={14} strokeWidth={2} aria-hidden />}
      >
        History
      </LinkButton>
      {repo.may.write && kind === 'branch' ? (
        <>
          <LinkButton
            to={toIn(repo, 'new', revision, path)}
            icon={<FilePlus2 size={14} strokeWidth={2} aria-hidden />}
          >
            New file
          </LinkButton>
          <LinkButton
            kind="primary"
            to={toIn(repo, 'upload', revision, path)}
            icon={<Upload size={14} strokeWidth={2} aria-hidden />}
          >
            Upload
          </LinkButton>
        </>
      ) : null}
    </div>
  )
}

/** The entries of a folder: the first with what last changed them; with `?all=1` all of them. */
const useEntries = (repo: Repo, at: string) => {
  const { search } = useLocation()
  const here = useHere()
  const isAll = 'all' in search
  const go = useGo()
  const list = useInfiniteQuery(treeQuery(repo, at))
  const first = list.data?.pages.flatMap((page) => page.entries) ?? []
  const next = list.data?.pages.at(-1)?.next ?? null
  const rest = useInfiniteQuery({
    ...treeRestQuery(repo, at, next ?? ''),
    enabled: isAll && next !== null,
  })
  const { hasNextPage, isFetching, fetchNextPage } = rest
  useEffect(() => {
    if (isAll && hasNextPage && !isFetching) void fetchNextPage()
  }, [isAll, hasNextPage, isFetching, fetchNextPage])
  const more =
    isAll && next !== null ? (rest.data?.pages.flatMap((page) => page.entries) ?? []) : []
  return {
    list,
    entries: [...first, ...more],
    isAll,
    error: list.error ?? rest.error,
    showAll: (): void => go(`${here}?all=1`),
  }
}

const Folder = ({ repo, place }: { readonly repo: Repo; readonly place: RepoPlace }) => {
  const me = useMe()
  const at = place.tail === '' ? 'main' : place.tail
  const go = useGo()
  const { list, entries, isAll, error, showAll } = useEntries(repo, at)
  useShortcut('y', 'Make the address permanent', () => {
    const [tree] = list.data?.pages ?? []
    if (tree !== undefined) go(toIn(repo, 'tree', tree.commit, tree.path))
  })
  if (error !== null)
    return <Failed error={error} isSignedIn={me != null} onRetry={() => void list.refetch()} />
  const tree = list.data?.pages[0]
  if (tree === undefined) return <Skeleton rows={10} />
  const { revision, path, total, totalBytes } = tree
  return (
    <>
      <Tools repo={repo} tree={tree} />
      {entries.length === 0 ? (
        <div className="rounded-panel border border-line-2 bg-surface">
          <EmptyState
            title="Nothing here yet"
            {...(repo.may.write ? { code: `hf upload ${repo.path} .` } : {})}
          />
        </div>
      ) : (
        <DataTable
          caption={`Files in ${path === '' ? repo.path : path}`}
          columns={columnsFor(repo, revision)}
          rows={entries}
          keyOf={(entry) => entry.path}
          toOf={(entry) => entryTo(repo, revision, entry)}
          size="tree"
          foot={
            <Pager
              shown={entries.length}
              total={total}
              hasMore={list.hasNextPage && !isAll}
              isBusy={list.isFetchingNextPage}
              onMore={() => void list.fetchNextPage()}
              onAll={showAll}
            />
          }
        />
      )}
      <p className="flex flex-wrap items-center gap-x-4 text-meta text-ink-3">
        {path === '' ? null : (
          <Go
            to={toIn(repo, 'tree', revision, folderName(path))}
            className="inline-flex items-center gap-1 text-link hover:underline"
          >
            <CornerLeftUp size={12} strokeWidth={2} aria-hidden />
            Up
          </Go>
        )}
        <span>
          <Size bytes={totalBytes} /> here
        </span>
      </p>
      <Readme repo={repo} at={at} entries={entries} />
    </>
  )
}

export const TreePage = () => (
  <RepoFrame tab="files">
    {(repo, place) => (
      <div className="mx-auto flex max-w-[1392px] flex-col gap-4 px-4 py-5 sm:px-6">
        <Folder repo={repo} place={place} />
      </div>
    )}
  </RepoFrame>
)
