/** All questions of a template, in parts; errors stand at their question. */
import { useMemo } from 'react'
import { Panel } from '../../parts/Panel.tsx'
import { FieldInput } from './FieldInput.tsx'
import { type Field, sectionOf, sections, type Values } from './fields.ts'
import { messageAt, type Problem } from './problems.ts'

interface FormProps {
  readonly fields: readonly Field[]
  readonly values: Values
  readonly onChange: (values: Values) => void
  readonly problems: readonly Problem[]
  /** In a counter-offer some questions are not open. */
  readonly isCounter?: boolean
}

const isWide = ({ id, type }: Field): boolean => type === 'purposes' || id === 'title'

export const FieldsForm = ({
  fields,
  values,
  onChange,
  problems,
  isCounter = false,
}: FormProps) => {
  const timezones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone')], [])
  return (
    <>
      {sections.map((section) => {
        const own = fields.filter((field) => sectionOf(field) === section)
        if (own.length === 0) return null
        return (
          <Panel key={section} title={section}>
            <div className="grid gap-x-5 gap-y-5 sm:grid-cols-2">
              {own.map((field) => (
                <div key={field.id} className={isWide(field) ? 'sm:col-span-2' : ''}>
                  <FieldInput
                    field={field}
                    value={values[field.id]}
                    error={messageAt(problems, field.id)}
                    isLocked={isCounter && !field.isNegotiable}
                    onChange={(value) => onChange({ ...values, [field.id]: value })}
                  />
                </div>
              ))}
            </div>
          </Panel>
        )
      })}
      <datalist id="timezones">
        {timezones.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </datalist>
    </>
  )
}
