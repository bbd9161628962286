/** The weights of the design's one law: how a fact or a clause is drawn says how strongly it is backed. */
import { useId } from 'react'

export type WeightKind = 'solid' | 'half' | 'outline' | 'dashed' | 'failed'

const body =
  'M5.25 6.4h5.5c.45 0 .85.3.97.74l1.52 5.55A1 1 0 0 1 12.27 14H3.73a1 1 0 0 1-.97-1.3l1.52-5.56c.12-.44.52-.74.97-.74Z'

const stroke = { solid: 1.5, half: 1.3, outline: 1.3, dashed: 1.25, failed: 1.5 } as const

interface WeightProps {
  readonly kind: WeightKind
  readonly size?: number
  /** Spoken; without one the glyph stands beside its own word. */
  readonly label?: string
}

export const Weight = ({ kind, size = 16, label }: WeightProps) => {
  const clip = useId()
  const isFilled = kind === 'solid' || kind === 'failed'
  const dash = kind === 'dashed' ? '1.55 1.75' : undefined
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={stroke[kind]}
      className={`shrink-0 ${kind === 'failed' ? 'text-fail' : ''}`}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <circle cx="8" cy="4" r="1.9" strokeDasharray={dash} />
      <path
        d={body}
        fill={isFilled ? 'currentColor' : 'none'}
        strokeDasharray={dash}
        {...(isFilled ? { strokeWidth: 0 } : {})}
      />
      {kind === 'half' ? (
        <>
          <clipPath id={clip}>
            <rect x="0" y="10.2" width="16" height="6" />
          </clipPath>
          <path d={body} fill="currentColor" clipPath={`url(#${clip})`} />
        </>
      ) : null}
      {kind === 'failed' ? (
        <path d="m6.3 8.6 3.4 3.4m0-3.4L6.3 12" stroke="var(--color-surface)" strokeWidth={1.3} />
      ) : null}
    </svg>
  )
}

export type Strength = 'E' | 'M' | 'A' | 'N'

const classes: Readonly<Record<Strength, { word: string; weight: WeightKind; look: string }>> = {
  E: { word: 'Enforced', weight: 'solid', look: 'bg-solid text-solid-ink border-solid' },
  M: { word: 'Metered', weight: 'half', look: 'bg-sunken text-ink border-line-2' },
  A: { word: 'Attested', weight: 'outline', look: 'bg-surface text-ink border-control' },
  N: { word: 'Narrative', weight: 'dashed', look: 'border-transparent text-ink-2 italic' },
}

/** What stands behind a clause. Never drawn stronger than its machine term. */
export const ClassLabel = ({ strength }: { readonly strength: Strength }) => {
  const { word, weight, look } = classes[strength]
  return (
    <span
      className={`inline-flex h-[22px] items-center gap-1 rounded-tag border px-1.5 text-meta font-medium ${look}`}
    >
      <Weight kind={weight} size={13} />
      {word}
    </span>
  )
}

/** The beam of the balance, bent into the gable of a house. */
export const Mark = ({ size = 24 }: { readonly size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="currentColor"
    fillRule="evenodd"
    className="shrink-0"
    aria-hidden
  >
    <path
      d={`M12 1.6 3.2 9.4H1.2v1.2a4.1 4.1 0 0 0 8.2 0V9.4H7.1L10.9 6V19H7.2v2.4h9.6V19h-3.7V6l3.8 3.4h-2.3v1.2a4.1 4.1 0 0 0 8.2 0V9.4h-2Z${size > 16 ? 'M16.4 11.2h4.6a2.35 2.35 0 0 1-4.6 0Z' : ''}`}
    />
  </svg>
)
