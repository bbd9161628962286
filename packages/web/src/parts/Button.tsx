/** Buttons: one primary in a view. A button that may not be used stays focusable and says why. */
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { useId } from 'react'
import { Go } from './Go.tsx'
import { Spinner } from './Spinner.tsx'

type Kind = 'primary' | 'quiet' | 'ghost' | 'danger'
type Size = 'tight' | 'small' | 'normal' | 'touch'

const kinds: Readonly<Record<Kind, string>> = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-hover font-medium',
  quiet: 'bg-surface text-ink border border-line-2 shadow-quiet hover:bg-hover font-medium',
  ghost: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'bg-surface text-fail border border-fail-line hover:bg-fail-soft font-medium',
}

const sizes: Readonly<Record<Size, string>> = {
  tight: 'h-[26px] px-2 text-meta gap-1',
  small: 'h-[30px] px-2.5 text-dense gap-1.5',
  normal: 'h-[34px] px-3 text-body gap-1.5',
  touch: 'h-11 px-4 text-body gap-2',
}

const look = (kind: Kind, size: Size): string =>
  `inline-flex shrink-0 items-center justify-center rounded-control whitespace-nowrap transition-colors duration-120 cursor-pointer select-none ${kinds[kind]} ${sizes[size]} aria-disabled:bg-sunken aria-disabled:text-ink-3 aria-disabled:border-line aria-disabled:cursor-not-allowed`

interface Shared {
  readonly kind?: Kind
  readonly size?: Size
  readonly icon?: ReactNode
  readonly children: ReactNode
}

interface ButtonProps
  extends Shared, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'children'> {
  readonly isBusy?: boolean
  /** Why it cannot be used now. */
  readonly reason?: string | undefined
}

export const Button = ({
  kind = 'quiet',
  size = 'normal',
  icon,
  isBusy = false,
  reason,
  children,
  className = '',
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) => {
  const reasonId = useId()
  const isOff = isBusy || reason !== undefined
  return (
    <>
      <button
        {...rest}
        // oxlint-disable-next-line react/button-has-type -- one of three words, `button` unless said otherwise
        type={type}
        className={`${look(kind, size)} ${className}`}
        aria-disabled={isOff || undefined}
        aria-busy={isBusy || undefined}
        aria-describedby={reason === undefined ? rest['aria-describedby'] : reasonId}
        title={reason ?? rest.title}
        onClick={(event) => {
          // The second press of a double click sends nothing, also where the first has brought this button there.
          const isSecond = type === 'submit' && event.detail > 1
          if (isOff || isSecond) event.preventDefault()
          else onClick?.(event)
        }}
      >
        {isBusy ? <Spinner /> : icon}
        {children}
      </button>
      {reason === undefined ? null : (
        <span id={reasonId} hidden>
          {reason}
        </span>
      )}
    </>
  )
}

/** Looks like a button and is a link: it leads somewhere. */
export const LinkButton = ({
  to,
  kind = 'quiet',
  size = 'normal',
  icon,
  label,
  onClick,
  children,
}: Shared & {
  readonly to: string
  readonly onClick?: () => void
  /** Where its words do not say what they are about: begins with them. */
  readonly label?: string
}) => (
  <Go to={to} className={look(kind, size)} aria-label={label} onClick={onClick}>
    {icon}
    {children}
  </Go>
)

interface IconButtonProps extends Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'disabled' | 'children'
> {
  /** Spoken, and shown on hover. */
  readonly label: string
  readonly children: ReactNode
}

export const IconButton = ({ label, children, className = '', ...rest }: IconButtonProps) => (
  <button
    type="button"
    {...rest}
    aria-label={label}
    title={label}
    className={`inline-flex size-[30px] shrink-0 cursor-pointer items-center justify-center rounded-control text-ink-2 transition-colors duration-120 hover:bg-hover hover:text-ink ${className}`}
  >
    {children}
  </button>
)
