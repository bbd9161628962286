/** Why there is nothing, one thing to do, and a line of code where a client can do it. */
import type { ReactNode } from 'react'
import { CopyButton } from './CopyButton.tsx'

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  readonly code?: string
  /** Within a panel that has more in it. */
  readonly isSmall?: boolean
}

export const EmptyState = ({ title, children, action, code, isSmall = false }: EmptyProps) => (
  <div
    className={`flex flex-col items-center gap-2 px-6 text-center ${isSmall ? 'py-6' : 'py-14'}`}
  >
    <p className="text-card">{title}</p>
    {children === undefined ? null : (
      <div className="max-w-md text-dense text-ink-2">{children}</div>
    )}
    {code === undefined ? null : (
      <p className="mt-1 inline-flex max-w-full items-center gap-1 rounded-control bg-sunken py-0.5 ps-3 pe-1">
        <code className="truncate text-code" dir="ltr">
          {code}
        </code>
        <CopyButton text={code} label="Copy the command" />
      </p>
    )}
    {action === undefined ? null : <div className="mt-2">{action}</div>}
  </div>
)
