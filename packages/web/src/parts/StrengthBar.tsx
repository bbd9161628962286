/** The shares of what the hub enforces, what it counts, what somebody answers for, and what is text alone: drawn by the law of weights. */
import type { Strength } from './Weight.tsx'

const looks: Readonly<Record<Strength, string>> = {
  E: 'bg-solid border-solid',
  M: 'border-solid bg-linear-to-t from-solid from-40% to-transparent to-40%',
  A: 'border-control',
  N: 'border-control border-dashed',
}

interface BarProps {
  readonly counts: Readonly<Record<Strength, number>>
  /** Said to those who do not see it; left out where it stands beside. */
  readonly label?: string
}

export const StrengthBar = ({ counts, label }: BarProps) => (
  <span
    className="flex h-2.5 w-full gap-0.5"
    {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
  >
    {(['E', 'M', 'A', 'N'] as const).map((strength) =>
      counts[strength] === 0 ? null : (
        <span
          key={strength}
          className={`rounded-bar border ${looks[strength]}`}
          style={{ flexGrow: counts[strength] }}
        />
      ),
    )}
  </span>
)
