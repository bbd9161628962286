/** All that was said of it, newest first; each statement is sealed by the hub and names the one before. */
import { Megaphone, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Statement } from '@weighhouse/formats/agreement/statement.ts'
import { Button, LinkButton } from '../../parts/Button.tsx'
import { HashText } from '../../parts/HashText.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import type { Acting } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import type { Agreement } from '../data.ts'
import { statementText } from '../words.ts'
import { ReportDialog } from './ReportDialog.tsx'

interface ActivityProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly statements: readonly (Statement & { readonly hash: string })[]
  readonly hasMore: boolean
}

export const ActivityTab = ({ acting, agreement, statements, hasMore }: ActivityProps) => {
  const [isReporting, setReporting] = useState(false)
  const named = { org: acting.org, id: agreement.id }
  const nameOf = (org: string): string =>
    agreement.parties.find((one) => one.org === org)?.name ?? 'a party'
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <LinkButton
          to={agreementTo(named, '/evidence')}
          size="small"
          icon={<ShieldCheck size={14} strokeWidth={2} aria-hidden />}
        >
          Check the evidence
        </LinkButton>
        {agreement.inForce === null ? null : (
          <Button
            size="small"
            icon={<Megaphone size={14} strokeWidth={2} aria-hidden />}
            onClick={() => setReporting(true)}
          >
            Report something
          </Button>
        )}
        {isReporting ? (
          <ReportDialog acting={acting} agreement={agreement} onClose={() => setReporting(false)} />
        ) : null}
      </div>
      <ol reversed className="flex flex-col divide-y divide-line">
        {statements.toReversed().map((one) => (
          <li key={one.seq} className="py-2 text-dense">
            <p>
              <span className="me-2 text-meta text-ink-3">{one.seq}</span>
              {statementText(one, nameOf)}
            </p>
            {one.data.reason === undefined ? null : (
              <p className="ps-5 text-ink-2">“{plainName(one.data.reason)}”</p>
            )}
            <p className="flex flex-wrap items-center gap-2 ps-5 text-meta text-ink-3">
              <span>
                {one.actor === null ? 'by the hub' : one.actor.name}, <Time at={one.at} />
              </span>
              <HashText hash={one.hash} kind="sha256" />
            </p>
          </li>
        ))}
      </ol>
      {hasMore ? (
        <p className="text-meta text-ink-3">Newer statements are in the evidence.</p>
      ) : null}
    </div>
  )
}
