/** The first page of a repo: how to use it, its card, what is known of it, what the viewer may do. */
import { GitBranch, Pencil, SquareTerminal } from 'lucide-react'
import { Banner } from '../parts/Banner.tsx'
import { Button, LinkButton } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { TextLink } from '../parts/Go.tsx'
import { HashText } from '../parts/HashText.tsx'
import { Markdown } from '../parts/Markdown.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Time } from '../parts/Time.tsx'
import { plural } from '../parts/words.ts'
import { AccessPanel } from './AccessPanel.tsx'
import { useCard } from './card.ts'
import type { Repo } from './data.ts'
import { toIn } from './place.ts'
import { RepoFrame } from './RepoFrame.tsx'
import { UsePanel } from './UsePanel.tsx'
import { WeighPanel } from './WeighPanel.tsx'

const HeadLine = ({ repo }: { readonly repo: Repo }) =>
  repo.head === null ? null : (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-dense text-ink-2">
      <span className="inline-flex h-[26px] items-center gap-1.5 rounded-control border border-line-2 bg-surface px-2 font-medium text-ink">
        <GitBranch size={14} strokeWidth={2} aria-hidden />
        main
      </span>
      <span className="min-w-0 flex-1 truncate">
        {repo.head.title} · {repo.head.author}, <Time at={repo.head.at} />
      </span>
      <HashText hash={repo.head.commit} kind="commit" />
      <TextLink to={toIn(repo, 'commit', repo.head.commit)}>Last change</TextLink>
    </p>
  )

const Card = ({ repo }: { readonly repo: Repo }) => {
  const { card, error, html } = useCard(repo, 'main')
  if (error !== null) return <Banner kind="warn">{error.message}</Banner>
  if (card === undefined) return <Skeleton />
  const edit = toIn(repo, 'edit', 'main', 'README.md')
  if (html === null || html.trim() === '') {
    return (
      <div className="rounded-panel border border-line-2 bg-surface">
        <EmptyState
          title="No card yet"
          action={
            repo.may.write ? (
              <LinkButton to={html === null ? toIn(repo, 'new', 'main', 'README.md') : edit}>
                Write the card
              </LinkButton>
            ) : undefined
          }
        >
          The facts beside were read from the files.
        </EmptyState>
      </div>
    )
  }
  return (
    <article aria-label="Card" className="flex flex-col gap-3">
      {repo.may.write && card.problems.length > 0 ? (
        <Banner kind="warn" action={<TextLink to={edit}>Edit</TextLink>}>
          {card.problems.join(' ')}
        </Banner>
      ) : null}
      {card.blockedImages === 0 ? null : (
        <div className="mb-5">
          <Banner>
            {plural(card.blockedImages, 'image')} of other hosts{' '}
            {card.blockedImages === 1 ? 'is' : 'are'} not loaded, so that nobody learns that you
            read this.
          </Banner>
        </div>
      )}
      <Markdown html={html} />
      {repo.may.write ? (
        <p>
          <LinkButton
            to={edit}
            size="small"
            icon={<Pencil size={14} strokeWidth={2} aria-hidden />}
          >
            Edit the card
          </LinkButton>
        </p>
      ) : null}
    </article>
  )
}

const NoCard = () => (
  <div className="rounded-panel border border-line-2 bg-surface">
    <EmptyState title="Its card is not shown to you">
      Why, and who can change that, stands beside.
    </EmptyState>
  </div>
)

const useWord = {
  model: 'Use this model',
  dataset: 'Use this dataset',
  space: 'Use this',
  kernel: 'Use this',
} as const

const showUse = (): void => {
  document.querySelector('#use')?.scrollIntoView({ behavior: 'smooth', block: 'center' })
  document
    .querySelector<HTMLElement>('#use [role=tab][aria-selected=true]')
    ?.focus({ preventScroll: true })
}

export const CardPage = () => (
  <RepoFrame
    tab="card"
    actions={(repo) => (
      <Button
        kind="primary"
        size="small"
        icon={<SquareTerminal size={14} strokeWidth={2} aria-hidden />}
        onClick={showUse}
      >
        {useWord[repo.type]}
      </Button>
    )}
  >
    {(repo) => (
      <div className="mx-auto grid max-w-[1392px] gap-8 px-4 py-6 sm:px-6 lg:grid-cols-[minmax(0,1fr)_376px] lg:gap-14 lg:px-10">
        <aside aria-label="Facts" className="order-first flex min-w-0 flex-col gap-5 lg:order-last">
          <WeighPanel repo={repo} />
          <AccessPanel repo={repo} />
        </aside>
        <div className="flex max-w-[840px] min-w-0 flex-col gap-6">
          <HeadLine repo={repo} />
          <UsePanel repo={repo} revision="main" />
          {repo.may.browse ? <Card repo={repo} /> : <NoCard />}
        </div>
      </div>
    )}
  </RepoFrame>
)
