/** What stands in the way, above the form: each leads to its question. It has the focus when it comes. */
import { type RefObject, useEffect, useRef } from 'react'
import { Banner } from '../../parts/Banner.tsx'
import { focusField, type Problem } from './problems.ts'

interface SummaryProps {
  readonly problems: readonly Problem[]
  readonly form: RefObject<HTMLFormElement | null>
}

export const ProblemSummary = ({ problems, form }: SummaryProps) => {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problems.length === 0) return
    ref.current?.focus()
    ref.current?.scrollIntoView({ block: 'nearest' })
  }, [problems])
  if (problems.length === 0) return null
  return (
    <div ref={ref} tabIndex={-1} className="scroll-mt-20 rounded-panel outline-offset-2">
      <Banner kind="fail">
        <ul className="flex flex-col gap-1">
          {problems.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              {field === undefined ? (
                message
              ) : (
                <button
                  type="button"
                  onClick={() => focusField(form.current, field)}
                  className="min-h-6 cursor-pointer text-start underline underline-offset-2"
                >
                  {message}
                </button>
              )}
            </li>
          ))}
        </ul>
      </Banner>
    </div>
  )
}
