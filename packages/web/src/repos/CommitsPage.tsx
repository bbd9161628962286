/** The history of a revision, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMe } from '../accounts/me.ts'
import { Failed } from '../parts/Failed.tsx'
import { Go } from '../parts/Go.tsx'
import { HashText } from '../parts/HashText.tsx'
import { Pager } from '../parts/Pager.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Time } from '../parts/Time.tsx'
import { dayWords, plural } from '../parts/words.ts'
import { commitsQuery, type Repo } from './data.ts'
import { type RepoPlace, toIn } from './place.ts'
import { RefPicker } from './RefPicker.tsx'
import { RepoFrame } from './RepoFrame.tsx'

const History = ({ repo, place }: { readonly repo: Repo; readonly place: RepoPlace }) => {
  const me = useMe()
  const at = place.tail === '' ? 'main' : place.tail
  const list = useInfiniteQuery(commitsQuery(repo, at))
  if (list.error !== null)
    return <Failed error={list.error} isSignedIn={me != null} onRetry={() => void list.refetch()} />
  if (list.data === undefined) return <Skeleton rows={10} />
  const commits = list.data.pages.flatMap(({ items }) => items)
  const total = list.data.pages[0]?.total ?? 0
  const days = Map.groupBy(commits, (commit) => dayWords(Date.parse(commit.at)))
  return (
    <>
      <div className="flex items-center gap-3">
        <RefPicker
          repo={repo}
          verb="commits"
          revision={at}
          kind={/^[0-9a-f]{40}$/.test(at) ? 'commit' : 'branch'}
          path=""
        />
        <span className="text-dense text-ink-2">{plural(total, 'commit')}</span>
      </div>
      <div className="overflow-hidden rounded-panel border border-line-2 bg-surface">
        {[...days].map(([day, ofDay]) => (
          <section key={day} aria-label={day}>
            <h2 className="border-b border-line bg-page px-4 py-1.5 text-meta text-ink-3">{day}</h2>
            <ul>
              {ofDay.map((commit) => (
                <li
                  key={commit.id}
                  data-row
                  className="flex min-h-(--row-two) items-center gap-3 border-b border-line px-4 hover:bg-hover"
                >
                  <Avatar name={commit.author} kind="user" size={24} />
                  <span className="min-w-0 flex-1">
                    <Go
                      to={toIn(repo, 'commit', commit.id)}
                      className="block truncate font-medium hover:underline"
                    >
                      {commit.title}
                    </Go>
                    <span className="block truncate text-meta text-ink-3">
                      {commit.author}, <Time at={commit.at} />
                    </span>
                  </span>
                  <HashText hash={commit.id} kind="commit" withCopy />
                  <Go
                    to={toIn(repo, 'tree', commit.id)}
                    className="text-dense text-link hover:underline max-sm:hidden"
                  >
                    Files
                  </Go>
                </li>
              ))}
            </ul>
          </section>
        ))}
        <Pager
          shown={commits.length}
          total={total}
          hasMore={list.hasNextPage}
          isBusy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      </div>
    </>
  )
}

export const CommitsPage = () => (
  <RepoFrame tab="history">
    {(repo, place) => (
      <div className="mx-auto flex max-w-[1080px] flex-col gap-4 px-4 py-5 sm:px-6">
        <History repo={repo} place={place} />
      </div>
    )}
  </RepoFrame>
)
