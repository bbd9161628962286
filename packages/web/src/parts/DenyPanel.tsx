/** A refusal, explained: the sentence, the clause with what was needed and found, who can fix it, and what may be done now. */
import { ShieldX } from 'lucide-react'
import type { ReactNode } from 'react'
import { LinkButton } from './Button.tsx'
import { CopyButton } from './CopyButton.tsx'
import { Facts } from './Panel.tsx'
import { TextLink } from './Go.tsx'

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined

const who: Readonly<Record<string, string>> = {
  provider: 'the organisation that provides it',
  your_organisation: 'an administrator of your organisation, in the agreement',
  you: 'you, in the agreement',
}

const factsOf = ({ details }: Refusal) => {
  const agreement = textOf(details['agreement'])
  const title = textOf(details['title']) ?? agreement
  const clause = textOf(details['clause'])
  const needed = textOf(details['needed'])
  const actual = textOf(details['actual'])
  const fixer = textOf(details['who'])
  return [
    ...(agreement === undefined
      ? []
      : [
          {
            name: 'Agreement',
            value: (
              <>
                <TextLink to={`/agreements/${encodeURIComponent(agreement)}`}>{title}</TextLink>
                {clause === undefined ? '' : `, clause ${clause}`}
              </>
            ),
          },
        ]),
    ...(needed === undefined ? [] : [{ name: 'Needed', value: needed }]),
    ...(actual === undefined ? [] : [{ name: 'Found', value: actual }]),
    ...(fixer === undefined ? [] : [{ name: 'Who can fix it', value: who[fixer] ?? fixer }]),
  ]
}

interface DenyProps {
  readonly refusal: Refusal
  /** The first words: "You cannot download report-triage." */
  readonly title: string
  readonly actions?: ReactNode
}

/** Where the organisation of whoever was refused agrees with the owner. */
const AgreementLink = ({ to }: { readonly to: string }) => (
  <LinkButton size="small" to={to}>
    {to.startsWith('/agreements/new') ? 'Begin an agreement' : 'Open the agreement'}
  </LinkButton>
)

export const DenyPanel = ({ refusal, title, actions }: DenyProps) => {
  const leadsTo = textOf(refusal.details['agreementPath'])
  const facts = factsOf(refusal)
  const support = JSON.stringify({ code: refusal.code, ...refusal.details }, null, 2)
  return (
    <section
      className="rounded-panel border border-fail-line bg-fail-soft p-4"
      aria-label="Why this is refused"
    >
      <h2 className="flex items-center gap-2 text-card text-fail">
        <ShieldX size={16} strokeWidth={1.75} aria-hidden />
        {title}
      </h2>
      <p className="mt-2 text-dense">{refusal.message}</p>
      {facts.length === 0 ? null : (
        <div className="mt-3">
          <Facts facts={facts} />
        </div>
      )}
      {actions === undefined && leadsTo === undefined ? null : (
        <div className="mt-3 flex flex-wrap gap-2">
          {actions}
          {leadsTo === undefined ? null : <AgreementLink to={leadsTo} />}
        </div>
      )}
      <details className="mt-3 text-meta text-ink-2">
        <summary className="cursor-pointer">Details</summary>
        <div className="mt-2 flex items-start gap-2">
          <pre
            className="min-w-0 flex-1 overflow-x-auto rounded-control bg-surface p-2"
            tabIndex={0}
          >
            {support}
          </pre>
          <CopyButton text={support} label="Copy for support" />
        </div>
      </details>
    </section>
  )
}
