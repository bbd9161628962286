/** Months of use as the hub has sealed them: what was counted, who does not accept it, and what a side that gives takes off. */
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { HashText } from '../../parts/HashText.tsx'
import { grouped, plainName } from '../../parts/words.ts'
import type { Acting } from '../Acting.tsx'
import type { Agreement } from '../data.ts'
import { SayDialog } from '../SayDialog.tsx'
import type { Usage } from './data.ts'
import { isCorrectable, lineWords, type UsageLine, usageLines } from './words.ts'

interface MonthProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly usage: Usage
  /** Whose use it is. */
  readonly of: string
}

const DisputeDialog = ({
  acting,
  agreement,
  usage: { month },
  of,
  onClose,
}: MonthProps & { readonly onClose: () => void }) => (
  <SayDialog
    title={`Dispute the use in ${month}`}
    verb="Dispute"
    isGrave
    needsReason
    act={(reason) => hub.disputeUsage({ org: acting.org, id: agreement.id, month, of, reason })}
    onClose={onClose}
  >
    <p className="text-dense">
      What {of} used in {month} stays as it is sealed; that you dispute it is written down beside
      it.
    </p>
  </SayDialog>
)

const CorrectDialog = ({
  acting,
  agreement,
  usage: { month },
  of,
  lines,
  onClose,
}: MonthProps & {
  readonly lines: readonly UsageLine[]
  readonly onClose: () => void
}) => {
  const [chosen, setChosen] = useState(0)
  const [less, setLess] = useState('')
  const line = lines[chosen]
  const count = Number(less)
  const isCount = Number.isSafeInteger(count) && count >= 1
  return (
    <SayDialog
      title={`Correct the use in ${month}`}
      verb="Take it off"
      needsReason
      missing={isCount ? undefined : 'Say how much less it was: a whole number from 1.'}
      act={(reason) => {
        if (line === undefined || !isCorrectable(line)) return Promise.resolve()
        const { project, operand } = line
        const what = { month, of, project, operand, less: count, reason }
        return hub.correctUsage({ org: acting.org, id: agreement.id, ...what })
      }}
      onClose={onClose}
    >
      <p className="text-dense">
        {of} may use as much again. The month stays as it is sealed; the correction stands beside it
        in the record.
      </p>
      <Select
        label="What was counted too high"
        value={String(chosen)}
        options={lines.map((one, i) => ({ value: String(i), label: lineWords(one) }))}
        onChange={({ target }) => setChosen(Number(target.value))}
      />
      <Field
        label="How much less it was"
        type="number"
        min={1}
        max={line?.amount}
        value={less}
        onChange={({ target }) => setLess(target.value)}
      />
    </SayDialog>
  )
}

const Month = (props: MonthProps) => {
  const { acting, agreement, usage, of } = props
  const [open, setOpen] = useState<'dispute' | 'correct'>()
  const lines = usageLines(usage.envelope)
  const own = agreement.parties.find(({ org }) => org === acting.orgId)
  const gives = own?.role !== 'consumer' && own?.org !== usage.org
  const canCorrect = gives && lines.some(isCorrectable)
  const close = (): void => setOpen(undefined)
  return (
    <li className="flex flex-col gap-1 py-2 text-dense">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1">
          {usage.month}, {of}
        </span>
        <HashText hash={usage.sha256} kind="sha256" />
        {usage.disputed === null ? (
          <Button
            size="tight"
            aria-label={`Dispute ${usage.month}`}
            onClick={() => setOpen('dispute')}
          >
            Dispute
          </Button>
        ) : null}
        {canCorrect ? (
          <Button
            size="tight"
            aria-label={`Correct ${usage.month}`}
            onClick={() => setOpen('correct')}
          >
            Correct
          </Button>
        ) : null}
      </div>
      {usage.disputed === null ? null : (
        <p className="text-meta text-warn">Disputed: “{plainName(usage.disputed)}”</p>
      )}
      <ul className="text-meta text-ink-2">
        {lines.map((one) => (
          <li key={`${one.project} ${one.operand}`}>
            {lineWords(one)}: {grouped(one.amount)}
          </li>
        ))}
      </ul>
      {open === 'dispute' ? <DisputeDialog {...props} onClose={close} /> : null}
      {open === 'correct' ? (
        <CorrectDialog {...props} lines={lines.filter(isCorrectable)} onClose={close} />
      ) : null}
    </li>
  )
}

interface MonthsProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly items: readonly Usage[]
  readonly nameOf: (org: string) => string
}

export const Months = ({ acting, agreement, items, nameOf }: MonthsProps) => (
  <section>
    <h3 className="text-dense font-semibold">Months, sealed by the hub</h3>
    {items.length === 0 ? (
      <p className="mt-1 text-dense text-ink-2">No month is over yet.</p>
    ) : null}
    <ul className="divide-y divide-line">
      {items.map((one) => (
        <Month
          key={`${one.month} ${one.org}`}
          acting={acting}
          agreement={agreement}
          usage={one}
          of={nameOf(one.org)}
        />
      ))}
    </ul>
  </section>
)
