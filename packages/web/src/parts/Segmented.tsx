/** One of a few, all in sight. Radio buttons underneath, so that keys work as everywhere. */
import { useId } from 'react'

interface SegmentedProps<T extends string> {
  readonly label: string
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

export const Segmented = <T extends string>({
  label,
  options,
  value,
  onChange,
}: SegmentedProps<T>) => {
  const name = useId()
  return (
    <fieldset className="inline-flex overflow-hidden rounded-control border border-line-2 bg-surface shadow-quiet">
      <legend className="sr-only">{label}</legend>
      {options.map((one) => (
        <label
          key={one.value}
          className="relative inline-flex h-[30px] cursor-pointer items-center border-s border-line px-3 text-dense text-ink-2 first:border-s-0 hover:bg-hover has-checked:bg-selected has-checked:font-semibold has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name={name}
            value={one.value}
            checked={one.value === value}
            onChange={() => onChange(one.value)}
            className="sr-only"
          />
          {one.label}
        </label>
      ))}
    </fieldset>
  )
}
