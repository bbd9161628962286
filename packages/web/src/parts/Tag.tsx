/** Small words beside other words. */
import type { ReactNode } from 'react'

export const Tag = ({
  icon,
  children,
}: {
  readonly icon?: ReactNode
  readonly children: ReactNode
}) => (
  <span className="inline-flex h-[22px] max-w-full items-center gap-1 rounded-tag border border-line-2 bg-surface px-1.5 text-meta font-medium text-ink-2">
    {icon}
    <span className="truncate">{children}</span>
  </span>
)

/** Where a person must act. */
export const Count = ({ value }: { readonly value: number }) =>
  value === 0 ? null : (
    <span className="inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-[11px] font-medium text-accent-ink">
      {value}
    </span>
  )
