/** Something about the whole page. Good news is quiet, bad news has colour. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

type BannerKind = 'note' | 'warn' | 'fail'

const looks: Readonly<Record<BannerKind, string>> = {
  note: 'border-line-2 bg-surface text-ink',
  warn: 'border-warn-line bg-warn-soft text-ink',
  fail: 'border-fail-line bg-fail-soft text-ink',
}

const icons: Readonly<Record<BannerKind, ReactNode>> = {
  note: <Info size={16} strokeWidth={1.75} className="text-ink-2" aria-hidden />,
  warn: <TriangleAlert size={16} strokeWidth={1.75} className="text-warn" aria-hidden />,
  fail: <CircleAlert size={16} strokeWidth={1.75} className="text-fail" aria-hidden />,
}

interface BannerProps {
  readonly kind?: BannerKind
  readonly children: ReactNode
  readonly action?: ReactNode
}

export const Banner = ({ kind = 'note', children, action }: BannerProps) => (
  <div
    role={kind === 'fail' ? 'alert' : 'status'}
    className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-panel border px-4 py-2.5 text-dense ${looks[kind]}`}
  >
    {icons[kind]}
    <div className="min-w-0 flex-1">{children}</div>
    {action}
  </div>
)
