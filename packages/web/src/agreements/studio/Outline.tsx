/** The clauses in a column: what backs each, and which were changed. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { TriangleAlert } from 'lucide-react'
import { StrengthBar } from '../../parts/StrengthBar.tsx'
import { Weight } from '../../parts/Weight.tsx'
import { plural } from '../../parts/words.ts'
import { strengthsOf, strengthWords } from '../words.ts'
import type { ByClause } from './findings.ts'
import { weightOf } from './weights.ts'

interface OutlineProps {
  readonly body: AgreementBody
  /** Ids of clauses that differ from what was on the table before. */
  readonly changed: ReadonlySet<string>
  readonly findings: ByClause
}

const strengthText = { E: 'Enforced', M: 'Metered', A: 'Attested', N: 'Narrative' } as const

export const clauseAnchor = (id: string): string => `clause-${id}`

/** Goes there without a new entry in the history of the page's state. */
export const showClause = (id: string): void => {
  const found = document.querySelector<HTMLElement>(`#${CSS.escape(clauseAnchor(id))}`)
  found?.scrollIntoView({ behavior: 'smooth', block: 'start' })
  found?.focus({ preventScroll: true })
}

export const Outline = ({ body, changed, findings }: OutlineProps) => {
  const counts = strengthsOf(body.clauses)
  return (
    <nav aria-label="Clauses" className="flex flex-col gap-3 py-4">
      <header className="flex flex-col gap-1.5 px-4">
        <p className="flex items-baseline justify-between gap-2">
          <span className="text-card">{plural(body.clauses.length, 'clause')}</span>
          <span className="truncate text-meta text-ink-3">
            {body.template.id} {body.template.version}
            {body.template.altered === true ? ', altered' : ''}
          </span>
        </p>
        <StrengthBar counts={counts} />
        <p className="text-meta text-ink-3">{strengthWords(counts)}</p>
      </header>
      <ol>
        {body.clauses.map(({ id, title, strength }, i) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => showClause(id)}
              className="flex min-h-(--row-tree) w-full cursor-pointer items-center gap-2 px-4 py-1 text-start text-dense hover:bg-hover focus-visible:-outline-offset-2"
            >
              <span className="w-5 shrink-0 text-end text-meta whitespace-nowrap text-ink-3">
                {i + 1}
              </span>
              <Weight kind={weightOf[strength]} size={14} label={strengthText[strength]} />
              <span className="min-w-0 flex-1 truncate">{title}</span>
              {findings.has(id) ? (
                <TriangleAlert
                  size={14}
                  strokeWidth={2}
                  className="shrink-0 text-warn"
                  role="img"
                  aria-label="the hub points something out"
                />
              ) : null}
              {changed.has(id) ? (
                <span
                  className="size-2 shrink-0 rounded-full bg-accent"
                  role="img"
                  aria-label="changed"
                />
              ) : null}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
