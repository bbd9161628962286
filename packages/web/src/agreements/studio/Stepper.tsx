/** Where it stands, from the draft to its last day. */
import { Check, Circle, CircleDot } from 'lucide-react'
import { Time } from '../../parts/Time.tsx'
import type { Step } from '../words.ts'

const looks = {
  done: 'border-ink text-ink-2',
  now: 'border-accent text-accent font-semibold',
  next: 'border-line-2 text-ink-3',
} as const

const icons = {
  done: <Check size={14} strokeWidth={2} aria-hidden />,
  now: <CircleDot size={14} strokeWidth={2} aria-hidden />,
  next: <Circle size={14} strokeWidth={2} aria-hidden />,
} as const

export const Stepper = ({ steps }: { readonly steps: readonly Step[] }) => (
  <ol
    aria-label="Where it stands"
    className="flex overflow-x-auto [scrollbar-width:none]"
    tabIndex={0}
  >
    {steps.map(({ label, at, state }) => (
      <li
        key={label}
        aria-current={state === 'now' ? 'step' : undefined}
        className={`flex min-w-max flex-1 items-center gap-1.5 border-t-2 py-2 pe-4 text-dense ${looks[state]}`}
      >
        {icons[state]}
        {label}
        {at === undefined || state === 'next' ? null : (
          <span className="text-meta font-normal text-ink-3">
            <Time at={at} asDay />
          </span>
        )}
      </li>
    ))}
  </ol>
)
