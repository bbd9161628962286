/** What was used of what an agreement counts: bars with the marks at which the hub gives notice, and the months it has sealed. */
import { useQuery } from '@tanstack/react-query'
import { Banner } from '../../parts/Banner.tsx'
import { grouped } from '../../parts/words.ts'
import type { Acting } from '../Acting.tsx'
import type { Agreement } from '../data.ts'
import { type Meter, metersQuery, usageQuery } from './data.ts'
import { Months } from './Months.tsx'
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

export const UseTab = ({
  acting,
  agreement,
}: {
  readonly acting: Acting
  readonly agreement: Agreement
}) => {
  const named = { org: acting.org, id: agreement.id }
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
      <Months acting={acting} agreement={agreement} items={usage.data ?? []} nameOf={nameOf} />
    </div>
  )
}
