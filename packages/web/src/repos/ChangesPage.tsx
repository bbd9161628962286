/** What a commit changed, or what lies between two revisions. */
import { useQuery } from '@tanstack/react-query'
import { ApiError } from '@weighhouse/contract/client.ts'
import { useMe } from '../accounts/me.ts'
import { DenyPanel } from '../parts/DenyPanel.tsx'
import { DiffView } from '../parts/DiffView.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Go } from '../parts/Go.tsx'
import { HashText } from '../parts/HashText.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Time } from '../parts/Time.tsx'
import { plainName, plural, sizeWords } from '../parts/words.ts'
import { changesQuery, type Repo } from './data.ts'
import { type RepoPlace, toIn } from './place.ts'
import { RepoFrame } from './RepoFrame.tsx'

type Changes = Awaited<ReturnType<NonNullable<ReturnType<typeof changesQuery>['queryFn']>>>
type Difference = Changes['files'][number]

const looks = {
  added: 'bg-add-bg text-add-ink',
  changed: 'bg-accent-soft text-accent',
  deleted: 'bg-del-bg text-del-ink',
} as const

const sizesOf = ({ beforeBytes, afterBytes }: Difference): string => {
  if (beforeBytes === null) return afterBytes === null ? '' : sizeWords(afterBytes)
  if (afterBytes === null) return `was ${sizeWords(beforeBytes)}`
  return beforeBytes === afterBytes
    ? sizeWords(afterBytes)
    : `${sizeWords(beforeBytes)} → ${sizeWords(afterBytes)}`
}

const countLines = ({ hunks }: Difference): readonly [added: number, deleted: number] => {
  const lines = (hunks ?? []).flatMap((hunk) => hunk.lines)
  return [
    lines.filter((line) => line.startsWith('+')).length,
    lines.filter((line) => line.startsWith('-')).length,
  ]
}

const FileDiff = ({
  repo,
  one,
  revision,
}: {
  readonly repo: Repo
  readonly one: Difference
  readonly revision: string
}) => {
  const [added, deleted] = countLines(one)
  return (
    <section
      id={`file-${one.path}`}
      aria-label={one.path}
      className="overflow-hidden rounded-panel border border-line-2 bg-surface"
    >
      <header className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2 text-dense">
        <span className={`rounded-tag px-1.5 text-meta font-medium ${looks[one.status]}`}>
          {one.status}
        </span>
        <h2 className="min-w-0 flex-1 truncate font-mono text-code font-medium" dir="ltr">
          {one.status === 'deleted' ? (
            plainName(one.path)
          ) : (
            <Go to={toIn(repo, 'blob', revision, one.path)} className="hover:underline">
              {plainName(one.path)}
            </Go>
          )}
        </h2>
        {one.hunks === null ? null : (
          <span className="text-meta">
            <span className="text-pass">+{added}</span>{' '}
            <span className="text-fail">−{deleted}</span>
          </span>
        )}
        <span className="text-meta text-ink-3">{sizesOf(one)}</span>
      </header>
      {one.hunks === null ? (
        <p className="px-4 py-4 text-dense text-ink-2">{one.reason}</p>
      ) : one.hunks.length === 0 ? (
        <p className="px-4 py-4 text-dense text-ink-2">The text is the same.</p>
      ) : (
        <DiffView hunks={one.hunks} label={`Changes of ${one.path}`} />
      )}
    </section>
  )
}

const spanOf = ({ verb, tail }: RepoPlace): { to: string; from?: string } => {
  if (verb !== 'compare') return { to: tail }
  const [from = '', to = ''] = tail.split('...')
  return { from, to }
}

const Shown = ({
  repo,
  changes,
  isCommit,
}: {
  readonly repo: Repo
  readonly changes: Changes
  readonly isCommit: boolean
}) => {
  const { commit, files, total } = changes
  return (
    <>
      <header className="flex flex-col gap-1">
        <h2 className="text-head">{isCommit ? commit.title : 'Between two revisions'}</h2>
        {isCommit && commit.message !== '' ? (
          <p className="max-w-[720px] whitespace-pre-wrap text-ink-2">{commit.message}</p>
        ) : null}
        <p className="flex flex-wrap items-center gap-x-3 text-dense text-ink-2">
          <span>
            {commit.author}, <Time at={commit.at} />
          </span>
          <HashText hash={commit.id} kind="commit" withCopy />
          {commit.parents.map((parent) => (
            <span key={parent}>
              after{' '}
              <Go to={toIn(repo, 'commit', parent)} className="text-link hover:underline">
                {parent.slice(0, 7)}
              </Go>
            </span>
          ))}
          <Go to={toIn(repo, 'tree', commit.id)} className="text-link hover:underline">
            Files at this commit
          </Go>
        </p>
      </header>
      <p className="text-dense text-ink-2">
        {total === 0 ? 'No file' : plural(total, 'file')} changed
        {total > files.length ? `, the first ${files.length} are shown` : ''}.
      </p>
      {files.map((one) => (
        <FileDiff key={one.path} repo={repo} one={one} revision={commit.id} />
      ))}
    </>
  )
}

const ChangesOf = ({ repo, place }: { readonly repo: Repo; readonly place: RepoPlace }) => {
  const me = useMe()
  const { to, from } = spanOf(place)
  const { data, error, refetch } = useQuery(changesQuery(repo, to, from))
  if (error instanceof ApiError && error.status === 403)
    return <DenyPanel refusal={error} title="You cannot see what changed." />
  if (error !== null)
    return <Failed error={error} isSignedIn={me != null} onRetry={() => void refetch()} />
  return data === undefined ? (
    <Skeleton rows={10} />
  ) : (
    <Shown repo={repo} changes={data} isCommit={from === undefined} />
  )
}

export const ChangesPage = () => (
  <RepoFrame tab="history">
    {(repo, place) => (
      <div className="mx-auto flex max-w-[1200px] flex-col gap-4 px-4 py-5 sm:px-6">
        <ChangesOf repo={repo} place={place} />
      </div>
    )}
  </RepoFrame>
)
