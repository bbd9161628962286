/** Templates to begin with: the hub's and the organisation's own, each with what backs its clauses. */
import { FileText } from 'lucide-react'
import { Go } from '../../parts/Go.tsx'
import { StrengthBar } from '../../parts/StrengthBar.tsx'
import { plural } from '../../parts/words.ts'
import type { Template } from '../data.ts'
import { strengthsOf, strengthWords } from '../words.ts'

const CardOf = ({ template, to }: { readonly template: Template; readonly to: string }) => {
  const counts = strengthsOf(template.clauses)
  return (
    <li className="relative flex flex-col gap-3 rounded-panel border border-line-2 bg-surface p-4 shadow-quiet hover:border-control has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus">
      <h3 className="text-card">
        <Go to={to} className="outline-none after:absolute after:inset-0">
          {template.title}
        </Go>
      </h3>
      <p className="flex-1 text-dense text-ink-2">{template.summary}</p>
      <div className="flex flex-col gap-1.5">
        <StrengthBar counts={counts} />
        <p className="text-meta text-ink-3">{strengthWords(counts)}</p>
      </div>
      <p className="flex items-center justify-between border-t border-line pt-2 text-meta text-ink-3">
        <span className="inline-flex items-center gap-1">
          <FileText size={14} strokeWidth={2} aria-hidden />
          {plural(template.fields.length, 'question')}
        </span>
        <span>
          {template.signing === 'countersigned'
            ? 'Two people sign for each side'
            : 'One person signs for each side'}
        </span>
      </p>
    </li>
  )
}

interface GalleryProps {
  readonly title: string
  readonly templates: readonly Template[]
  readonly toOf: (template: Template) => string
}

export const Gallery = ({ title, templates, toOf }: GalleryProps) => (
  <section className="flex flex-col gap-3">
    <h2 className="text-section">{title}</h2>
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {templates.map((template) => (
        <CardOf key={template.id} template={template} to={toOf(template)} />
      ))}
    </ul>
  </section>
)
