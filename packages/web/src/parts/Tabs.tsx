/** Tabs that lead to other paths: links, with the current one marked. */
import type { ReactNode } from 'react'
import { useShortcut } from '../app/shortcuts.ts'
import { Go, useGo } from './Go.tsx'

export interface Tab {
  readonly to: string
  readonly label: string
  readonly count?: number
  readonly isCurrent: boolean
  readonly icon?: ReactNode
}

interface TabsProps {
  readonly label: string
  readonly tabs: readonly Tab[]
  /** Whether [ and ] walk along them: once on a page. */
  readonly hasKeys?: boolean
}

const TabKeys = ({ tabs }: Pick<TabsProps, 'tabs'>) => {
  const go = useGo()
  const step = (by: 1 | -1): boolean => {
    const next = tabs[tabs.findIndex(({ isCurrent }) => isCurrent) + by]
    if (next !== undefined) go(next.to)
    return next !== undefined
  }
  useShortcut(']', 'Next tab', () => step(1))
  useShortcut('[', 'Previous tab', () => step(-1))
  return null
}

export const Tabs = ({ label, tabs, hasKeys = false }: TabsProps) => (
  <nav aria-label={label} className="-mb-px overflow-x-auto [scrollbar-width:none]">
    {hasKeys ? <TabKeys tabs={tabs} /> : null}
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
