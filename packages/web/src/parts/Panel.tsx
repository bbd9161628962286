/** Surfaces that hold other things, and rows of facts in them. */
import type { ReactNode } from 'react'

interface PanelProps {
  readonly title?: ReactNode
  readonly aside?: ReactNode
  readonly children: ReactNode
  /** Without padding, for tables. */
  readonly isFlush?: boolean
}

export const Panel = ({ title, aside, children, isFlush = false }: PanelProps) => (
  <section className="overflow-hidden rounded-panel border border-line-2 bg-surface">
    {title === undefined ? null : (
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
        <h2 className="text-card">{title}</h2>
        {aside === undefined ? null : <div className="text-meta text-ink-3">{aside}</div>}
      </header>
    )}
    <div className={isFlush ? '' : 'p-4'}>{children}</div>
  </section>
)

export interface Fact {
  readonly name: string
  readonly value: ReactNode
}

export const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl className="grid grid-cols-[minmax(88px,auto)_1fr] gap-x-4 gap-y-2 text-dense">
    {facts.map(({ name, value }) => (
      <div key={name} className="contents">
        <dt className="text-ink-3">{name}</dt>
        <dd className="min-w-0">{value}</dd>
      </div>
    ))}
  </dl>
)
