/** Tabs that lead to other paths: links, with the current one marked. */
import type { ReactNode } from 'react'
import { Go } from './Go.tsx'

export interface Tab {
  readonly to: string
  readonly label: string
  readonly count?: number
  readonly isCurrent: boolean
  readonly icon?: ReactNode
}

export const Tabs = ({
  label,
  tabs,
}: {
  readonly label: string
  readonly tabs: readonly Tab[]
}) => (
  <nav aria-label={label} className="-mb-px overflow-x-auto [scrollbar-width:none]">
    <ul className="flex gap-6">
      {tabs.map(({ to, label: word, count, isCurrent, icon }) => (
        <li key={to}>
          <Go
            to={to}
            aria-current={isCurrent ? 'page' : undefined}
            className={`inline-flex h-10 items-center gap-1.5 border-b-2 whitespace-nowrap ${isCurrent ? 'border-solid font-semibold text-ink' : 'border-transparent text-ink-2 hover:border-line-2 hover:text-ink'}`}
          >
            {icon}
            {word}
            {count === undefined ? null : (
              <span className="text-dense font-normal text-ink-3">{count}</span>
            )}
          </Go>
        </li>
      ))}
    </ul>
  </nav>
)
