/** What comes next for this side, always in sight: the state in words, the digest both sides see, and the acts. */
import { CircleDot, Fingerprint, GitCompare, Pencil, PenLine } from 'lucide-react'
import { useState } from 'react'
import { Button, LinkButton } from '../../parts/Button.tsx'
import { Menu } from '../../parts/Menu.tsx'
import { Time } from '../../parts/Time.tsx'
import type { Acting } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import type { Agreement } from '../data.ts'
import { hashGroups, nextStep } from '../words.ts'
import { kindOf } from '../write/kind.ts'
import { type Reasoned, reasonedActs, reasonedWords } from './acts.ts'
import { AgreeDialog, EndDialog, ProposeDialog, ReasonDialog } from './Dialogs.tsx'

/** With the agreement as it was then: whoever agrees, agrees to what was read, and the hub refuses when it stands otherwise. */
interface Open {
  readonly act: 'propose' | 'agree' | Reasoned
  readonly agreement: Agreement
}

const writeWords = { draft: 'Edit the draft', counter: 'Counter', amend: 'Amend' } as const

interface BarProps {
  readonly acting: Acting
  readonly agreement: Agreement
  /** Turns the marks of changes on and off; absent where nothing is compared. */
  readonly compare: { readonly isOn: boolean; readonly to: string } | undefined
}

const Status = ({ acting, agreement }: Omit<BarProps, 'compare'>) => {
  const onTable = agreement.candidate ?? agreement.inForce
  return (
    <p className="flex min-w-0 flex-1 flex-wrap items-center max-md:basis-full gap-x-3 gap-y-1 text-dense text-ink-2">
      <span className="inline-flex items-center gap-2 font-semibold text-ink">
        <CircleDot size={16} strokeWidth={1.75} aria-hidden />
        {nextStep(agreement, acting.org)}
      </span>
      {agreement.offerUntil === null ? null : (
        <span>
          Offer lapses on <Time at={agreement.offerUntil} asDay />
        </span>
      )}
      {onTable === null ? null : (
        <span className="inline-flex items-center gap-1.5" title={onTable.sha256}>
          <Fingerprint size={14} strokeWidth={2} aria-hidden />
          {agreement.talk === 'draft' ? 'Only you see' : 'Both sides see'}
          <code className="text-code" translate="no" dir="ltr">
            {hashGroups(onTable.sha256).slice(0, 3).join(' ')}
          </code>
        </span>
      )}
    </p>
  )
}

/** Those that are rare or grave stand in a menu, unless nothing else is there to do. */
const Reasons = ({
  acts,
  onOpen,
}: {
  readonly acts: readonly Reasoned[]
  readonly onOpen: (act: Reasoned) => void
}) => {
  const isUsual = (act: Reasoned): boolean =>
    act === 'suspended' || act === 'resumed' || act === 'withdrawn'
  const shown = acts.filter(isUsual)
  const rest = acts.filter((act) => !isUsual(act))
  return (
    <>
      {rest.length === 0 ? null : (
        <Menu
          items={rest.map((act) => ({
            kind: 'act',
            label: reasonedWords[act].button,
            onSelect: () => onOpen(act),
          }))}
          trigger={<Button>More</Button>}
        />
      )}
      {shown.map((act) => (
        <Button key={act} onClick={() => onOpen(act)}>
          {reasonedWords[act].button}
        </Button>
      ))}
    </>
  )
}

const Dialogs = ({
  acting,
  open,
  onClose,
}: {
  readonly acting: Acting
  readonly open: Open
  readonly onClose: () => void
}) => {
  const { act, agreement } = open
  const { candidate } = agreement
  const shared = { named: { org: acting.org, id: agreement.id }, agreement, onClose }
  if (act === 'propose') {
    return candidate === null ? null : <ProposeDialog {...shared} candidate={candidate} />
  }
  if (act === 'agree') {
    return candidate === null ? null : <AgreeDialog {...shared} candidate={candidate} />
  }
  if (act === 'terminated') return <EndDialog {...shared} />
  return <ReasonDialog {...shared} act={act} />
}

export const ActionBar = ({ acting, agreement, compare }: BarProps) => {
  const [open, setOpen] = useState<Open>()
  const begin = (act: Open['act']): void => setOpen({ act, agreement })
  const named = { org: acting.org, id: agreement.id }
  const { may } = agreement
  const kind = kindOf(agreement)
  return (
    <section
      aria-label="What comes next"
      className="sticky bottom-0 z-20 flex flex-wrap items-center gap-3 border-t border-line bg-surface px-4 py-3 sm:px-6"
    >
      <Status acting={acting} agreement={agreement} />
      <div className="flex flex-wrap items-center gap-2">
        {compare === undefined ? null : (
          <LinkButton to={compare.to} icon={<GitCompare size={14} strokeWidth={2} aria-hidden />}>
            {compare.isOn ? 'Hide changes' : 'Show changes'}
          </LinkButton>
        )}
        <Reasons acts={reasonedActs(agreement, acting.orgId)} onOpen={begin} />
        {kind === undefined ? null : (
          <LinkButton
            to={agreementTo(named, '/write')}
            icon={<Pencil size={14} strokeWidth={2} aria-hidden />}
          >
            {writeWords[kind]}
          </LinkButton>
        )}
        {may.includes('proposed') ? (
          <Button kind="primary" onClick={() => begin('propose')}>
            Propose
          </Button>
        ) : null}
        {may.includes('agreed') ? (
          <Button kind="primary" onClick={() => begin('agree')}>
            Agree, then sign
          </Button>
        ) : null}
        {may.includes('signed') ? (
          <LinkButton
            kind="primary"
            to={agreementTo(named, '/sign')}
            icon={<PenLine size={14} strokeWidth={2} aria-hidden />}
          >
            Sign
          </LinkButton>
        ) : null}
      </div>
      {open === undefined ? null : (
        <Dialogs acting={acting} open={open} onClose={() => setOpen(undefined)} />
      )}
    </section>
  )
}
