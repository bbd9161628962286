/** Which branch, tag or commit is looked at. Reading them waits until somebody opens it. */
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, GitBranch, GitCommitHorizontal, Tag } from 'lucide-react'
import { Menu, type MenuItem } from '../parts/Menu.tsx'
import { cutMiddle } from '../parts/words.ts'
import { refsQuery, type Repo } from './data.ts'
import { toIn } from './place.ts'

const icon = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const
const icons = {
  branch: <GitBranch {...icon} />,
  tag: <Tag {...icon} />,
  commit: <GitCommitHorizontal {...icon} />,
} as const
const shownMax = 30

interface PickerProps {
  readonly repo: Repo
  readonly verb: string
  readonly revision: string
  readonly kind: 'branch' | 'tag' | 'commit'
  /** Kept where the other revision has it too. */
  readonly path: string
}

export const RefPicker = ({ repo, verb, revision, kind, path }: PickerProps) => {
  const { data } = useQuery(refsQuery(repo))
  const to = (name: string): string => toIn(repo, verb, name, path)
  const items = (refs: readonly { readonly name: string }[], mark: 'branch' | 'tag'): MenuItem[] =>
    refs
      .slice(0, shownMax)
      .map(({ name }) => ({ kind: 'go', label: name, icon: icons[mark], to: to(name) }))
  const all: MenuItem[] = [
    { kind: 'words', label: 'Branches' },
    ...items(data?.branches ?? [], 'branch'),
    ...(data === undefined || data.tags.length === 0
      ? []
      : [{ kind: 'words', label: 'Tags' } as const, ...items(data.tags, 'tag')]),
    { kind: 'line' },
    { kind: 'go', label: 'All branches and tags', to: toIn(repo, 'branches') },
  ]
  return (
    <Menu
      align="start"
      items={all}
      trigger={
        <button
          type="button"
          aria-label={`Revision ${revision}, choose another`}
          className="inline-flex h-[34px] max-w-full min-w-0 cursor-pointer items-center gap-1.5 rounded-control border border-line-2 bg-surface px-2.5 font-medium shadow-quiet hover:bg-hover"
        >
          {icons[kind]}
          <span className="truncate">
            {kind === 'commit' ? revision.slice(0, 7) : cutMiddle(revision, 16, 10)}
          </span>
          <ChevronDown {...icon} />
        </button>
      }
    />
  )
}
