/** What was used of what an agreement counts: bars with the marks at which the hub gives notice, and the months it has sealed. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { HashText } from '../../parts/HashText.tsx'
import { grouped, plainName } from '../../parts/words.ts'
import type { Agreement, Named } from '../data.ts'
import { SayDialog } from '../SayDialog.tsx'
import { type Meter, metersQuery, type Usage, usageQuery } from './data.ts'
import { marks, operandName, percentOf } from './words.ts'

const Bar = ({ meter, name }: { readonly meter: Meter; readonly name: string }) => {
  const percent = percentOf(meter)
  const said = `${grouped(meter.used)}${meter.most === null ? '' : ` of ${grouped(meter.most)}`}`
  return (
    <li className="py-2 text-dense">
      <p className="flex justify-between gap-2">
        <span>
          {operandName(meter.operand)}, {name}
          {meter.period === 'all' ? '' : `, ${meter.period}`}
        </span>
        <span className="whitespace-nowrap">{said}</span>
      </p>
      {percent === undefined ? null : (
        <div
          className="relative mt-1 h-2.5 overflow-hidden rounded-bar border border-control"
          role="img"
          aria-label={`${percent} % used`}
        >
          <span
            className={`absolute inset-y-0 start-0 ${percent >= 95 ? 'bg-fail' : percent >= 80 ? 'bg-warn' : 'bg-solid'}`}
            style={{ width: `${percent}%` }}
          />
          {marks.map((mark) => (
            <span
              key={mark}
              className="absolute inset-y-0 w-px bg-control"
              style={{ insetInlineStart: `calc(${mark}% - 1px)` }}
            />
          ))}
        </div>
      )}
      {percent === undefined ? null : (
        <p className="mt-0.5 text-meta text-ink-3">{percent} %, notice at 80, 95 and 100 %</p>
      )}
    </li>
  )
}

const DisputeDialog = ({
  named,
  usage,
  of,
  onClose,
}: {
  readonly named: Named
  readonly usage: Usage
  readonly of: string
  readonly onClose: () => void
}) => (
  <SayDialog
    title={`Dispute the use in ${usage.month}`}
    verb="Dispute"
    isGrave
    needsReason
    act={(reason) => hub.disputeUsage({ ...named, month: usage.month, of, reason })}
    onClose={onClose}
  >
    <p className="text-dense">
      What {of} used in {usage.month} stays as it is sealed; that you dispute it is written down
      beside it.
    </p>
  </SayDialog>
)

const Months = ({
  named,
  items,
  nameOf,
}: {
  readonly named: Named
  readonly items: readonly Usage[]
  readonly nameOf: (org: string) => string
}) => {
  const [disputing, setDisputing] = useState<Usage>()
  return (
    <section>
      <h3 className="text-dense font-semibold">Months, sealed by the hub</h3>
      {items.length === 0 ? (
        <p className="mt-1 text-dense text-ink-2">No month is over yet.</p>
      ) : null}
      <ul className="divide-y divide-line">
        {items.map((one) => (
          <li
            key={`${one.month} ${one.org}`}
            className="flex flex-wrap items-center gap-2 py-2 text-dense"
          >
            <span className="min-w-0 flex-1">
              {one.month}, {nameOf(one.org)}
              {one.disputed === null ? null : (
                <span className="block text-meta text-warn">
                  Disputed: “{plainName(one.disputed)}”
                </span>
              )}
            </span>
            <HashText hash={one.sha256} kind="sha256" />
            {one.disputed === null ? (
              <Button
                size="tight"
                aria-label={`Dispute ${one.month}`}
                onClick={() => setDisputing(one)}
              >
                Dispute
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {disputing === undefined ? null : (
        <DisputeDialog
          named={named}
          usage={disputing}
          of={nameOf(disputing.org)}
          onClose={() => setDisputing(undefined)}
        />
      )}
    </section>
  )
}

export const UseTab = ({
  named,
  agreement,
}: {
  readonly named: Named
  readonly agreement: Agreement
}) => {
  const meters = useQuery(metersQuery(named))
  const usage = useQuery(usageQuery(named))
  const nameOf = (org: string): string =>
    agreement.parties.find((one) => one.org === org)?.name ?? 'a party'
  const error = meters.error ?? usage.error
  return (
    <div className="flex flex-col gap-5">
      {error === null ? null : <Banner kind="warn">{error.message}</Banner>}
      <section>
        <h3 className="text-dense font-semibold">Counted</h3>
        {meters.data?.length === 0 ? (
          <p className="mt-1 text-dense text-ink-2">
            Nothing was used of what this agreement counts.
          </p>
        ) : null}
        <ul>
          {meters.data?.map((meter) => (
            <Bar
              key={`${meter.org} ${meter.operand} ${meter.period}`}
              meter={meter}
              name={nameOf(meter.org)}
            />
          ))}
        </ul>
      </section>
      <Months named={named} items={usage.data ?? []} nameOf={nameOf} />
    </div>
  )
}
