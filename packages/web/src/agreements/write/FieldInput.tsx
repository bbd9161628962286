/** One question of a template, asked as what it is. */
import { useId } from 'react'
import { Checkbox, Field as TextField, Select } from '../../parts/Field.tsx'
import { plural } from '../../parts/words.ts'
import { purposeLabel } from '@weighhouse/formats/terms/purposes.ts'
import {
  dayOf,
  durationText,
  type DurationUnit,
  durationUnits,
  type Field,
  instantOf,
  purposesAmong,
  readDuration,
  writeDuration,
} from './fields.ts'

interface InputProps<F extends Field = Field> {
  readonly field: F
  readonly value: unknown
  readonly error: string | undefined
  readonly onChange: (value: unknown) => void
  /** The other side wrote it, and it is no matter of talk. */
  readonly isLocked?: boolean
}
type Of<T extends Field['type']> = InputProps<Extract<Field, { type: T }>>

const textIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

const helpOf = ({ field, isLocked = false }: Pick<InputProps, 'field' | 'isLocked'>, more = '') =>
  isLocked ? `${field.help} Not open to counter-offers.` : `${field.help}${more}`

const CountInput = (props: Of<'count'>) => {
  const { field, value, error, onChange, isLocked = false } = props
  const { min, max, unit } = field
  const range = ` From ${min} to ${unit === undefined ? max : plural(max, unit)}.`
  return (
    <TextField
      label={field.label}
      help={helpOf(props, range)}
      error={error}
      type="number"
      inputMode="numeric"
      min={min}
      max={max}
      value={textIn(value)}
      readOnly={isLocked}
      name={field.id}
      onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
    />
  )
}

const DurationInput = (props: Of<'duration'>) => {
  const { field, value, error, onChange, isLocked = false } = props
  const read = readDuration(value)
  const range = ` From ${durationText(field.min)} to ${durationText(field.max)}.`
  if (read === undefined || isLocked) {
    return (
      <TextField
        label={field.label}
        help={helpOf(props, range)}
        error={error}
        value={textIn(value)}
        readOnly={isLocked}
        name={field.id}
        onChange={({ target }) => onChange(target.value)}
      />
    )
  }
  return (
    <div className="grid grid-cols-[1fr_auto] items-start gap-2">
      <TextField
        label={field.label}
        help={helpOf(props, range)}
        error={error}
        type="number"
        inputMode="numeric"
        min={1}
        value={read.count}
        name={field.id}
        onChange={({ target }) => onChange(writeDuration(target.value, read.unit))}
      />
      <Select
        label="Unit"
        aria-label={`${field.label}: unit`}
        value={read.unit}
        options={durationUnits}
        // A cast because the options are those of the list.
        onChange={({ target }) => onChange(writeDuration(read.count, target.value as DurationUnit))}
      />
    </div>
  )
}

const PurposesInput = (props: Of<'purposes'>) => {
  const { field, value, error, onChange, isLocked = false } = props
  const id = useId()
  const chosen: readonly unknown[] = Array.isArray(value) ? value : []
  return (
    <fieldset aria-describedby={`${id}-help`} className="flex flex-col gap-1">
      <legend className="mb-1 text-dense font-medium">{field.label}</legend>
      {purposesAmong(field.among).map((one) => (
        <Checkbox
          key={one}
          label={purposeLabel(one)}
          checked={chosen.includes(one)}
          disabled={isLocked}
          name={field.id}
          onChange={({ target }) =>
            onChange(target.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
          }
        />
      ))}
      <p id={`${id}-help`} className="text-meta text-ink-3">
        {helpOf(props)}
      </p>
      {error === undefined ? null : (
        <p role="alert" className="text-meta text-fail">
          {error}
        </p>
      )}
    </fieldset>
  )
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })

const countryText = (codes: readonly unknown[]): string =>
  codes
    .filter((code): code is string => typeof code === 'string' && /^[A-Z]{2}$/.test(code))
    .map((code) => (code === 'EU' ? 'European Union' : countryNames.of(code)))
    .join(', ')

const CountriesInput = (props: Of<'countries'>) => {
  const { field, value, error, onChange, isLocked = false } = props
  const codes: readonly unknown[] = Array.isArray(value) ? value : []
  const names = countryText(codes)
  return (
    <TextField
      label={field.label}
      help={helpOf(
        props,
        ` Codes such as DE, FR or EU, with commas.${names === '' ? '' : ` Now: ${names}.`}`,
      )}
      error={error}
      value={codes.join(', ')}
      readOnly={isLocked}
      name={field.id}
      onChange={({ target }) => {
        const found = target.value.toUpperCase().split(/,\s*/)
        onChange(found.length === 1 && found[0] === '' ? undefined : found)
      }}
    />
  )
}

const MoneyInput = (props: Of<'money'>) => {
  const { field, value, error, onChange, isLocked = false } = props
  // A cast because what is missing is shown as nothing.
  const { amount = '', currency = 'EUR' } = (value ?? {}) as { amount?: string; currency?: string }
  return (
    <div className="grid grid-cols-[1fr_88px] items-start gap-2">
      <TextField
        label={field.label}
        help={helpOf(props, ' With two decimals, such as 25000.00.')}
        error={error}
        inputMode="decimal"
        value={amount}
        readOnly={isLocked}
        name={field.id}
        onChange={({ target }) => onChange({ amount: target.value, currency })}
      />
      <TextField
        label="Currency"
        aria-label={`${field.label}: currency`}
        value={currency}
        maxLength={3}
        readOnly={isLocked}
        onChange={({ target }) => onChange({ amount, currency: target.value.toUpperCase() })}
      />
    </div>
  )
}

const PlainInput = (props: InputProps) => {
  const { field, value, error, onChange, isLocked = false } = props
  const isOptional = field.type === 'text' && field.absent !== undefined
  return (
    <TextField
      label={isOptional ? `${field.label} (may be left out)` : field.label}
      help={helpOf(props)}
      error={error}
      value={textIn(value)}
      readOnly={isLocked}
      name={field.id}
      {...(field.type === 'text' ? { maxLength: field.charsMax } : {})}
      {...(field.type === 'timezone' ? { list: 'timezones' } : {})}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}

export const FieldInput = (props: InputProps) => {
  const { field, value, error, onChange, isLocked = false } = props
  switch (field.type) {
    case 'count':
      return <CountInput {...props} field={field} />
    case 'duration':
      return <DurationInput {...props} field={field} />
    case 'purposes':
      return <PurposesInput {...props} field={field} />
    case 'countries':
      return <CountriesInput {...props} field={field} />
    case 'money':
      return <MoneyInput {...props} field={field} />
    case 'date':
      return (
        <TextField
          label={field.label}
          help={helpOf(props, field.isEnd ? ' 00:00 UTC of that day.' : '')}
          error={error}
          type="date"
          value={dayOf(value)}
          readOnly={isLocked}
          name={field.id}
          onChange={({ target }) => onChange(instantOf(target.value))}
        />
      )
    case 'choice':
      return (
        <Select
          label={field.label}
          help={helpOf(props)}
          error={error}
          value={textIn(value)}
          disabled={isLocked}
          name={field.id}
          options={field.options.map((one) => ({ value: one.value, label: one.words }))}
          onChange={({ target }) => onChange(target.value)}
        />
      )
    default:
      return <PlainInput {...props} />
  }
}
