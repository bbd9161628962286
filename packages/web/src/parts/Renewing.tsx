/** What was there stays while what was asked for now is on its way: paler, and under a thin bar where it takes long. */
import type { ReactNode } from 'react'

export const Renewing = ({
  isOld,
  children,
}: {
  readonly isOld: boolean
  readonly children: ReactNode
}) => (
  <div className="relative" aria-busy={isOld || undefined}>
    {isOld ? <div className="renewing absolute inset-x-0 -top-1 h-0.5 overflow-hidden" /> : null}
    <div className={isOld ? 'opacity-60 transition-opacity duration-200' : ''}>{children}</div>
  </div>
)
