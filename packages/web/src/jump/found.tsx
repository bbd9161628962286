/** One thing that the palette offers, and how those of each kind look. */
import type { ReactNode } from 'react'
import { Avatar } from '../parts/Avatar.tsx'
import { type RepoName, repoTo } from '../repos/place.ts'

export interface Found {
  readonly key: string
  readonly section: string
  readonly label: string
  readonly hint?: string
  readonly icon?: ReactNode
  /** Where it leads, or what it does. */
  readonly to?: string
  readonly act?: () => unknown
}

export const icon = {
  size: 16,
  strokeWidth: 1.75,
  className: 'shrink-0 text-ink-3',
  'aria-hidden': true,
} as const

interface Named extends RepoName {
  readonly owner: string
  readonly task: string | null
}

export const asFound = (repo: Named, section: string): Found => ({
  key: `${section}:${repo.type}:${repo.path}`,
  section,
  label: repo.path,
  ...(repo.task === null ? {} : { hint: repo.task }),
  icon: <Avatar name={repo.owner} kind="org" size={18} />,
  to: repoTo(repo),
})
