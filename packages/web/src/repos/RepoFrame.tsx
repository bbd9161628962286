/** What stands above every page of a repo: its name, who may see it, the facts, the tabs. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import {
  Database,
  Download,
  Eye,
  Handshake,
  Heart,
  Languages,
  Layers,
  Lock,
  Package,
  Scale,
} from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useDeed } from '../app/deed.ts'
import { basePath, hrefOf } from '../app/base.ts'
import { useHere } from '../app/here.ts'
import { useShortcut } from '../app/shortcuts.ts'
import { useBackToList } from '../app/lists.ts'
import { useJump } from '../jump/context.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Banner } from '../parts/Banner.tsx'
import { Button } from '../parts/Button.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { Failed, signInHere } from '../parts/Failed.tsx'
import { Go } from '../parts/Go.tsx'
import { Heading, useTitle } from '../parts/Page.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { type Tab, Tabs } from '../parts/Tabs.tsx'
import { Tag } from '../parts/Tag.tsx'
import { useToast } from '../parts/Toast.tsx'
import { grouped, licenseWords, plainName, plural, taskWords } from '../parts/words.ts'
import { visibilityWords } from './access.tsx'
import { type Repo, repoKey, repoQuery } from './data.ts'
import { callName, encodePath, parseRepoPlace, type RepoPlace, repoTo, toIn } from './place.ts'
import { TaskIcon } from './tasks.tsx'

export type RepoTab = 'card' | 'files' | 'history' | 'branches' | 'settings'

/** Where the address is, without the hub's base. */
const useRepoPlace = (): RepoPlace => parseRepoPlace(useHere())

const icon = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const

const LikeButton = ({ repo }: { readonly repo: Repo }) => {
  const me = useMe()
  const toast = useToast()
  const cache = useQueryClient()
  const like = useDeed({
    mutationFn: (wanted: boolean) =>
      wanted ? hub.likeRepo(callName(repo)) : hub.unlikeRepo(callName(repo)),
    onMutate: (wanted) => {
      cache.setQueryData<Repo>(
        repoKey(repo),
        (old) => old && { ...old, isLiked: wanted, likes: old.likes + (wanted ? 1 : -1) },
      )
    },
    onError: (error) => toast({ text: error.message, isProblem: true }),
    onSettled: () => cache.invalidateQueries({ queryKey: repoKey(repo), exact: true }),
  })
  return (
    <Button
      size="small"
      icon={<Heart {...icon} className={repo.isLiked ? 'fill-fail text-fail' : ''} />}
      aria-pressed={repo.isLiked}
      reason={me === null ? 'Sign in to like it.' : undefined}
      onClick={() => like.mutate(!repo.isLiked)}
    >
      Like <span className="font-normal text-ink-3">{grouped(repo.likes)}</span>
    </Button>
  )
}

const visibilityIcons = {
  public: <Eye {...icon} />,
  internal: <Handshake {...icon} />,
  private: <Lock {...icon} />,
} as const

const Signs = ({ repo }: { readonly repo: Repo }) => {
  const signs: (readonly [string, ReactNode, string] | undefined)[] = [
    repo.task === null
      ? undefined
      : ['task', <TaskIcon key="t" task={repo.task} />, taskWords(repo.task)],
    repo.library === null ? undefined : ['library', <Package key="p" {...icon} />, repo.library],
    repo.languages.length === 0
      ? undefined
      : ['language', <Languages key="l" {...icon} />, repo.languages.slice(0, 5).join(', ')],
    repo.license === null
      ? undefined
      : ['licence', <Scale key="s" {...icon} />, licenseWords(repo.license)],
    repo.formats.length === 0
      ? undefined
      : ['formats', <Layers key="f" {...icon} />, repo.formats.join(', ')],
    ['downloads', <Download key="d" {...icon} />, plural(repo.downloads, 'download')],
  ]
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-dense text-ink-2">
      {signs.map((sign) =>
        sign === undefined ? null : (
          <li key={sign[0]} className="inline-flex items-center gap-1.5">
            <span className="text-ink-3">{sign[1]}</span>
            <span className="sr-only">{sign[0]}: </span>
            {sign[2]}
          </li>
        ),
      )}
    </ul>
  )
}

const tabsOf = (repo: Repo, current: RepoTab): Tab[] => [
  { to: repoTo(repo), label: 'Card', isCurrent: current === 'card' },
  {
    to: toIn(repo, 'tree', 'main'),
    label: 'Files',
    ...(repo.files === null ? {} : { count: repo.files }),
    isCurrent: current === 'files',
  },
  { to: toIn(repo, 'commits', 'main'), label: 'History', isCurrent: current === 'history' },
  {
    to: toIn(repo, 'branches'),
    label: 'Branches and tags',
    ...(repo.branches === null ? {} : { count: repo.branches + (repo.tagCount ?? 0) }),
    isCurrent: current === 'branches',
  },
  ...(repo.may.write
    ? [{ to: toIn(repo, 'settings'), label: 'Settings', isCurrent: current === 'settings' }]
    : []),
]

const holdWords = {
  takedown: 'Access to this resource is disabled.',
  quarantine: 'In quarantine: something in it may do harm. Files can be listed, not read.',
  legal_hold:
    'Under a legal hold: nothing in it is read, changed or deleted until the hold is lifted.',
} as const

interface HeadProps {
  readonly repo: Repo
  readonly tab: RepoTab
  readonly actions?: ReactNode
}

const Head = ({ repo, tab, actions }: HeadProps) => {
  const isTall = tab === 'card'
  return (
    <header className="border-b border-line bg-surface">
      <div className={`mx-auto max-w-[1392px] px-4 sm:px-6 ${isTall ? 'lg:px-10' : ''}`}>
        <div
          className={`flex flex-wrap items-center justify-between gap-3 ${isTall ? 'pt-5 pb-2' : 'pt-3 pb-1'}`}
        >
          <div className="flex min-w-0 items-center gap-3">
            <Avatar name={repo.owner} kind="org" size={isTall ? 40 : 22} />
            <Heading
              className={`min-w-0 font-normal wrap-anywhere ${isTall ? 'text-head' : 'text-section'}`}
            >
              <Go
                to={`/${encodePath(repo.owner)}`}
                className="text-ink-2 whitespace-nowrap hover:underline"
              >
                {repo.owner}
              </Go>
              <span className="px-1.5 text-ink-3">/</span>
              <wbr />
              <Go to={repoTo(repo)} className="font-semibold hover:underline">
                {plainName(repo.name)}
              </Go>
            </Heading>
            <CopyButton text={repo.path} label="Copy the name" />
            <span className="max-sm:hidden">
              <Tag
                icon={
                  repo.type === 'dataset' ? (
                    <Database {...icon} />
                  ) : (
                    visibilityIcons[repo.visibility]
                  )
                }
              >
                {repo.type === 'dataset'
                  ? `Dataset, ${visibilityWords[repo.visibility].toLowerCase()}`
                  : visibilityWords[repo.visibility]}
              </Tag>
            </span>
            {repo.gate === null ? null : <Tag>Ask first</Tag>}
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <LikeButton repo={repo} />
            {actions}
          </div>
        </div>
        {isTall ? (
          <div className="pb-2 sm:ps-[52px]">
            <Signs repo={repo} />
          </div>
        ) : null}
        <Tabs label="Pages of this repository" tabs={tabsOf(repo, tab)} hasKeys />
      </div>
    </header>
  )
}

const tabWords = {
  card: '',
  files: 'Files',
  history: 'History',
  branches: 'Branches and tags',
  settings: 'Settings',
} as const

interface FrameProps {
  readonly tab: RepoTab
  readonly actions?: (repo: Repo) => ReactNode
  readonly children: (repo: Repo, place: RepoPlace) => ReactNode
}

export const RepoFrame = ({ tab, actions, children }: FrameProps) => {
  const place = useRepoPlace()
  const { history } = useRouter()
  const me = useMe()
  const { data: repo, error, refetch } = useQuery(repoQuery(place))
  useTitle(tabWords[tab], place.path)
  const jump = useJump()
  useShortcut('t', 'Go to a file', () => jump('/'))
  const back = useBackToList(place.type === 'dataset' ? '/datasets' : '/models')
  useShortcut('u', 'Back to the list', back)
  const moved = repo !== undefined && repo.path !== place.path ? repo : undefined
  // An old name, or another spelling: the address becomes the one it has now.
  useEffect(() => {
    if (moved === undefined) return
    const tail = location.pathname.slice(basePath.length + repoTo(place).length)
    history.replace(hrefOf(repoTo(moved) + tail + location.search + location.hash))
  }, [moved, place, history])
  if (error !== null)
    return <Failed error={error} isSignedIn={me != null} onRetry={() => void refetch()} />
  if (repo === undefined) return <Skeleton rows={8} />
  return (
    <>
      {repo.hold === null ? null : (
        <div className="p-3">
          <Banner kind="fail">{holdWords[repo.hold]}</Banner>
        </div>
      )}
      <Head repo={repo} tab={tab} actions={actions?.(repo)} />
      {children(repo, place)}
    </>
  )
}

/** For pages that need leave to write: a way to it for those who have none. */
export const NoWriting = ({ repo }: { readonly repo: Repo }) => {
  const me = useMe()
  return (
    <div className="mx-auto max-w-[720px] p-6">
      <Banner
        kind="warn"
        action={
          me === null ? (
            <a href={signInHere()} className="font-medium text-link">
              Sign in
            </a>
          ) : undefined
        }
      >
        {me === null
          ? 'Sign in to change this repository.'
          : `Your role does not let you change ${repo.path}. Ask an administrator of ${repo.owner}.`}
      </Banner>
    </div>
  )
}
