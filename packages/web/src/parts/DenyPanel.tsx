/** A refusal, explained: the sentence, the clause with what was needed and found, who can fix it, and what may be done now. */
import { ShieldX } from 'lucide-react'
import type { ReactNode } from 'react'
import { agreementTo } from '../agreements/place.ts'
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

const names = (text: string): ReactNode =>
  text.split(', ').map((name, at) => (
    <span key={name}>
      {at === 0 ? '' : ', '}
      <TextLink to={`/${encodeURIComponent(name)}`}>{name}</TextLink>
    </span>
  ))

/** Who can do something about it, by name. */
const fixerOf = ({ details }: Refusal): ReactNode => {
  const org = textOf(details['org'])
  const providers = textOf(details['providers'])
  switch (details['who']) {
    case 'provider':
      return providers === undefined ? 'the organisation that provides it' : names(providers)
    case 'your_organisation':
      return <>an administrator of {org === undefined ? 'your organisation' : names(org)}</>
    case 'you':
      return 'you'
    default:
      return undefined
  }
}

/** Those who only keep to it are led to what it lets them do; whoever administers the organisation finds the agreement itself there. */
const agreementOf = ({ details }: Refusal): string | undefined => {
  const id = textOf(details['agreement'])
  if (id === undefined) return undefined
  return agreementTo({ org: textOf(details['org']), id }, '/use')
}

const factsOf = (refusal: Refusal) => {
  const { details } = refusal
  const agreement = textOf(details['agreement'])
  const title = textOf(details['title']) ?? agreement
  const clause = textOf(details['clause'])
  const needed = textOf(details['needed'])
  const actual = textOf(details['actual'])
  const to = agreementOf(refusal)
  const fixer = fixerOf(refusal)
  return [
    ...(to === undefined
      ? []
      : [
          {
            name: 'Agreement',
            value: (
              <>
                <TextLink to={to}>{title}</TextLink>
                {clause === undefined ? '' : `, clause ${clause}`}
              </>
            ),
          },
        ]),
    ...(needed === undefined ? [] : [{ name: 'Needed', value: needed }]),
    ...(actual === undefined ? [] : [{ name: 'Found', value: actual }]),
    ...(fixer === undefined ? [] : [{ name: 'Who can fix it', value: fixer }]),
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
  const accepting =
    refusal.details['reason'] === 'USER_ASSENT_REQUIRED' ? agreementOf(refusal) : undefined
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
      {actions === undefined && leadsTo === undefined && accepting === undefined ? null : (
        <div className="mt-3 flex flex-wrap gap-2">
          {actions}
          {accepting === undefined ? null : (
            <LinkButton size="small" kind="primary" to={accepting}>
              Read and accept
            </LinkButton>
          )}
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
