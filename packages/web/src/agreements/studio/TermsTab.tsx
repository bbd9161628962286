/** The members that are no clause, and the whole text as it is signed. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Facts } from '../../parts/Panel.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName, plural } from '../../parts/words.ts'
import { repoTo } from '../../repos/place.ts'

const endRules = {
  survive: 'may be kept and used on',
  delete: 'are deleted with the model',
  windDown: 'are wound down',
} as const

const factsOf = (body: AgreementBody) => [
  {
    name: 'About',
    value: (
      <ul>
        {body.scope.repos.map(({ id, type, path }) => (
          <li key={id} className="truncate">
            <TextLink to={repoTo({ type, path })}>{path}</TextLink>
          </li>
        ))}
      </ul>
    ),
  },
  { name: 'From', value: <Time at={body.from} asDay /> },
  { name: 'To', value: body.to === null ? 'no end' : <Time at={body.to} asDay /> },
  { name: 'Notice', value: plural(body.noticeDays, 'day') },
  { name: 'Months in', value: body.timezone },
  {
    name: 'Derived models',
    value: `${endRules[body.derivativesOnEnd.rule]}${body.derivativesOnEnd.rule === 'windDown' ? ` in ${plural(body.derivativesOnEnd.days, 'day')}` : ''}`,
  },
  { name: 'Results belong to', value: body.ownership.results },
  { name: 'Law', value: plainName(body.governingLaw) },
  {
    name: 'Text that wins',
    value: body.precedence === 'machine' ? 'this one' : `the paper ${body.paperRef ?? ''}`,
  },
  {
    name: 'Signed by',
    value: body.signing === undefined ? 'one of each side' : 'two of each side',
  },
  { name: 'Legal', value: plainName(body.contacts.legal) },
  { name: 'Technical', value: plainName(body.contacts.technical) },
  { name: 'Incidents', value: plainName(body.contacts.incident) },
]

export const TermsTab = ({ body }: { readonly body: AgreementBody }) => {
  const terms = JSON.stringify(body.terms, null, 2)
  return (
    <div className="flex flex-col gap-4">
      <Facts facts={factsOf(body)} />
      <details className="text-dense">
        <summary className="cursor-pointer">Terms as they are evaluated</summary>
        <div className="mt-2 flex items-start gap-1">
          <pre
            tabIndex={0}
            translate="no"
            dir="ltr"
            className="max-h-96 min-w-0 flex-1 overflow-auto rounded-control bg-sunken p-2 text-[11px]/[16px]"
          >
            {terms}
          </pre>
          <CopyButton text={terms} label="Copy the terms" />
        </div>
      </details>
    </div>
  )
}
