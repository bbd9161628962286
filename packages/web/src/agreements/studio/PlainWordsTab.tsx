/** What the receiving side may, may not and must, each with its clause and what backs it. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { CalendarCheck, Check, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Weight } from '../../parts/Weight.tsx'
import { showClause } from './Outline.tsx'
import { type PlainLine, plainWordsOf } from './terms.ts'
import { weightOf } from './weights.ts'

interface GroupProps {
  readonly title: string
  readonly icon: ReactNode
  readonly lines: readonly PlainLine[]
  readonly clauses: AgreementBody['clauses']
}

const Lines = ({ title, icon, lines, clauses }: GroupProps) =>
  lines.length === 0 ? null : (
    <section>
      <h3 className="flex items-center gap-2 text-dense font-semibold">
        {icon}
        {title}
      </h3>
      <ul className="mt-1">
        {lines.map(({ id, text, strength, clause }) => {
          const target = clauses[clause - 1]
          return (
            <li key={id} className="flex items-start gap-2 py-1 text-dense">
              <span className="pt-0.5">
                <Weight kind={weightOf[strength]} size={14} />
              </span>
              <span className="min-w-0 flex-1">{text}</span>
              {target === undefined ? null : (
                <button
                  type="button"
                  aria-label={`Clause ${clause}, ${target.title}`}
                  onClick={() => showClause(target.id)}
                  className="min-h-6 min-w-6 cursor-pointer text-end text-link hover:underline"
                >
                  {clause}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )

const takersOf = ({ parties }: AgreementBody): string => {
  const takers = parties.filter(({ role }) => role === 'consumer' || role === 'member')
  return takers.map(({ name }) => name).join(', ')
}

const giversOf = ({ parties }: AgreementBody): string => {
  const givers = parties.filter(({ role }) => role === 'provider' || role === 'member')
  return givers.map(({ name }) => name).join(', ')
}

export const PlainWordsTab = ({ body }: { readonly body: AgreementBody }) => {
  const { may, mayNot, consumerMust, providerMust } = plainWordsOf(body)
  const taker = takersOf(body)
  const shared = { clauses: body.clauses }
  return (
    <div className="flex flex-col gap-5">
      <Lines
        {...shared}
        title={`${taker} may`}
        icon={<Check size={16} className="text-pass" aria-hidden />}
        lines={may}
      />
      <Lines
        {...shared}
        title={`${taker} may not`}
        icon={<X size={16} className="text-fail" aria-hidden />}
        lines={mayNot}
      />
      <Lines
        {...shared}
        title={`${taker} must`}
        icon={<CalendarCheck size={16} className="text-ink-2" aria-hidden />}
        lines={consumerMust}
      />
      <Lines
        {...shared}
        title={`${giversOf(body)} must`}
        icon={<CalendarCheck size={16} className="text-ink-2" aria-hidden />}
        lines={providerMust}
      />
    </div>
  )
}
