/** The panel beside the text: what it means, its terms, its people, what was said. The address says which: `?panel=people`. */
import { useLocation } from '@tanstack/react-router'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Statement } from '@weighhouse/formats/agreement/statement.ts'
import { Tabs } from '../../parts/Tabs.tsx'
import type { Acting } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import type { Agreement } from '../data.ts'
import { UseTab } from '../duties/UseTab.tsx'
import { ActivityTab } from './ActivityTab.tsx'
import { PeopleTab } from './PeopleTab.tsx'
import { PlainWordsTab } from './PlainWordsTab.tsx'
import { TermsTab } from './TermsTab.tsx'
import { WhatIf } from './WhatIf.tsx'

const panels = [
  { value: 'words', label: 'Plain words' },
  { value: 'terms', label: 'Terms' },
  { value: 'people', label: 'People' },
  { value: 'use', label: 'Use' },
  { value: 'activity', label: 'Activity' },
] as const

interface PanelProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly body: AgreementBody
  readonly version: number
  readonly statements: readonly (Statement & { readonly hash: string })[]
  readonly hasMore: boolean
}

export const SidePanel = ({
  acting,
  agreement,
  body,
  version,
  statements,
  hasMore,
}: PanelProps) => {
  const search: Readonly<Record<string, string | undefined>> = useLocation().search
  const named = { org: acting.org, id: agreement.id }
  const panel = panels.find(({ value }) => value === search['panel'])?.value ?? 'words'
  const { changes } = search
  const kept = changes === undefined ? {} : { changes }
  return (
    <>
      <div className="sticky top-0 z-10 border-b border-line bg-surface px-4">
        <Tabs
          label="About this agreement"
          tabs={panels.map(({ value, label }) => ({
            to: agreementTo(named, '', value === 'words' ? kept : { ...kept, panel: value }),
            label,
            isCurrent: panel === value,
            ...(value === 'activity' ? { count: statements.length } : {}),
          }))}
        />
      </div>
      <div className="flex-1 p-4">
        {panel === 'words' ? <PlainWordsTab body={body} /> : null}
        {panel === 'terms' ? <TermsTab body={body} /> : null}
        {panel === 'people' ? (
          <PeopleTab acting={acting} agreement={agreement} body={body} />
        ) : null}
        {panel === 'use' ? <UseTab acting={acting} agreement={agreement} /> : null}
        {panel === 'activity' ? (
          <ActivityTab
            acting={acting}
            agreement={agreement}
            statements={statements}
            hasMore={hasMore}
          />
        ) : null}
      </div>
      {panel === 'words' ? <WhatIf named={named} version={version} body={body} /> : null}
    </>
  )
}
