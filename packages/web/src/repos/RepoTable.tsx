/** Repos as a table: the same in Explore, on an owner's page and at home. */
import type { ReactNode } from 'react'
import { Avatar } from '../parts/Avatar.tsx'
import { type Column, DataTable } from '../parts/DataTable.tsx'
import { Go } from '../parts/Go.tsx'
import { Amount, Size, Time } from '../parts/Time.tsx'
import { grouped, licenseWords, plainName, taskWords } from '../parts/words.ts'
import { AccessWord } from './access.tsx'
import type { Listed } from './data.ts'
import { repoTo } from './place.ts'
import { TaskIcon } from './tasks.tsx'

const Two = ({ first, second }: { readonly first: ReactNode; readonly second: ReactNode }) => (
  <span className="block min-w-0">
    <span className="block truncate">{first}</span>
    <span className="block truncate text-meta text-ink-3">{second}</span>
  </span>
)

const NameCell = ({ repo }: { readonly repo: Listed }) => (
  <span className="flex min-w-0 items-center gap-3">
    <Avatar name={repo.owner} kind="org" size={30} />
    <span className="min-w-0">
      <Go to={repoTo(repo)} className="block truncate text-body hover:underline">
        {repo.owner}/<strong className="font-semibold">{plainName(repo.name)}</strong>
      </Go>
      <span className="block truncate text-meta text-ink-3 md:hidden">
        {repo.task === null ? '' : `${taskWords(repo.task)} · `}
        <Time at={repo.updatedAt} />
      </span>
      <span className="block truncate text-meta text-ink-3 max-md:hidden">
        {[...repo.languages.slice(0, 4), ...repo.formats].join(', ')}
      </span>
    </span>
  </span>
)

const columns: readonly Column<Listed>[] = [
  { name: 'Name', cell: (repo) => <NameCell repo={repo} /> },
  {
    name: 'Task and library',
    width: 'w-[22%]',
    from: 'md',
    cell: (repo) => (
      <Two
        first={
          repo.task === null ? (
            <span className="text-ink-3">
              {repo.may.browse ? 'No task stated' : 'Not shown to you'}
            </span>
          ) : (
            <span className="flex items-center gap-1.5">
              <TaskIcon task={repo.task} />
              <span className="truncate">{taskWords(repo.task)}</span>
            </span>
          )
        }
        second={<span className={repo.task === null ? '' : 'ps-5'}>{repo.library ?? ''}</span>}
      />
    ),
  },
  {
    name: 'Size and licence',
    width: 'w-[14%]',
    from: 'md',
    cell: (repo) => (
      <Two
        first={
          repo.parameters === null ? (
            repo.filesBytes === null ? (
              ''
            ) : (
              <Size bytes={repo.filesBytes} />
            )
          ) : (
            <Amount value={repo.parameters} />
          )
        }
        second={
          repo.license === null
            ? repo.may.browse
              ? 'no licence stated'
              : ''
            : licenseWords(repo.license)
        }
      />
    ),
  },
  {
    name: 'Access for you',
    width: 'w-[16%]',
    from: 'sm',
    cell: (repo) => <AccessWord repo={repo} />,
  },
  {
    name: 'Downloads, updated',
    width: 'w-[160px]',
    from: 'lg',
    align: 'end',
    cell: (repo) => <Two first={grouped(repo.downloads)} second={<Time at={repo.updatedAt} />} />,
  },
]

interface RepoTableProps {
  readonly caption: string
  readonly repos: readonly Listed[]
  readonly foot?: ReactNode
}

export const RepoTable = ({ caption, repos, foot }: RepoTableProps) => (
  <DataTable
    caption={caption}
    columns={columns}
    rows={repos}
    keyOf={(repo) => repo.id}
    toOf={repoTo}
    size="two"
    foot={foot}
  />
)
