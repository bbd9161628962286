/** Things to fill in: label above, help and error below, both tied to the control. */
import type {
  InputHTMLAttributes,
  ReactNode,
  SelectHTMLAttributes,
  TextareaHTMLAttributes,
} from 'react'
import { useId } from 'react'

const control =
  'w-full rounded-control border border-control bg-surface px-3 text-body text-ink placeholder:text-ink-3 aria-invalid:border-fail disabled:bg-sunken disabled:text-ink-3'

interface Around {
  readonly label: string
  readonly help?: ReactNode
  readonly error?: string | undefined
}

interface FrameProps extends Around {
  readonly id: string
  readonly children: ReactNode
}

const Frame = ({ id, label, help, error, children }: FrameProps) => (
  <div className="flex flex-col gap-1.5">
    <label htmlFor={id} className="text-dense font-medium">
      {label}
    </label>
    {children}
    {help === undefined ? null : (
      <p id={`${id}-help`} className="text-meta text-ink-3">
        {help}
      </p>
    )}
    {error === undefined ? null : (
      <p id={`${id}-error`} className="text-meta text-fail" role="alert">
        {error}
      </p>
    )}
  </div>
)

/** The ids of what explains a control. */
const about = (id: string, { help, error }: Around) => {
  const ids = [help === undefined ? '' : `${id}-help`, error === undefined ? '' : `${id}-error`]
  return {
    'aria-describedby': ids.join(' ').trim() || undefined,
    'aria-invalid': error !== undefined || undefined,
  }
}

export const Field = ({
  label,
  help,
  error,
  ...rest
}: Around & InputHTMLAttributes<HTMLInputElement>) => {
  const id = useId()
  const around = { label, help, error }
  return (
    <Frame id={id} {...around}>
      <input
        id={id}
        {...about(id, around)}
        {...rest}
        className={`h-[34px] pointer-coarse:h-11 ${control}`}
      />
    </Frame>
  )
}

export const TextArea = ({
  label,
  help,
  error,
  className = '',
  ...rest
}: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) => {
  const id = useId()
  const around = { label, help, error }
  return (
    <Frame id={id} {...around}>
      <textarea
        id={id}
        {...about(id, around)}
        rows={4}
        {...rest}
        className={`py-2 ${control} ${className}`}
      />
    </Frame>
  )
}

interface FileProps extends Around {
  readonly onFile: (file: File) => void
}

/** One file, read where it lies. */
export const FileField = ({ label, help, error, onFile }: FileProps) => {
  const id = useId()
  const around = { label, help, error }
  return (
    <Frame id={id} {...around}>
      <input
        id={id}
        type="file"
        {...about(id, around)}
        className="text-dense text-ink-2 file:me-3 file:h-[30px] file:cursor-pointer file:rounded-control file:border file:border-control file:bg-surface file:px-3 file:text-ink"
        onChange={({ target }) => {
          const [file] = target.files ?? []
          if (file !== undefined) onFile(file)
        }}
      />
    </Frame>
  )
}

interface SelectProps extends Around, SelectHTMLAttributes<HTMLSelectElement> {
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

export const Select = ({ label, help, error, options, ...rest }: SelectProps) => {
  const id = useId()
  const around = { label, help, error }
  return (
    <Frame id={id} {...around}>
      <select
        id={id}
        {...about(id, around)}
        {...rest}
        className={`h-[34px] pointer-coarse:h-11 ${control}`}
      >
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  readonly label: ReactNode
  readonly aside?: ReactNode
}

export const Checkbox = ({ label, aside, ...rest }: CheckboxProps) => (
  <label className="flex min-h-[26px] cursor-pointer items-center gap-2 text-dense pointer-coarse:min-h-11">
    <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
    <span className="min-w-0 flex-1 truncate">{label}</span>
    {aside === undefined ? null : <span className="text-meta text-ink-3">{aside}</span>}
  </label>
)
