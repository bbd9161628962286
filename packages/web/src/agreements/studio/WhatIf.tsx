/** Asks the evaluator that decides real requests: what somebody wants, for what, from where, on a day. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { AgreementBody, Clause } from '@weighhouse/formats/agreement/body.ts'
import { purposeLabel } from '@weighhouse/formats/terms/purposes.ts'
import { actions, actionNames } from '@weighhouse/formats/terms/vocabulary.ts'
import { Ban, CircleCheck, FlaskConical } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { hub } from '../../app/api.ts'
import { ClassLabel } from '../../parts/Weight.tsx'
import { Time } from '../../parts/Time.tsx'
import type { Named } from '../data.ts'
import { showClause } from './Outline.tsx'
import { purposesOf } from './terms.ts'

interface Wish {
  readonly org: string
  readonly action: string
  readonly purpose: string
  readonly country: string
  readonly day: string
}

const takersOf = ({ parties }: AgreementBody) =>
  parties.filter(({ role }) => role === 'consumer' || role === 'member')

/** Those that its rules speak of, and one that they hardly do. */
const askedPurposes = (body: AgreementBody): string[] => [
  ...new Set([...purposesOf(body), 'CommercialProduct']),
]

const control =
  'h-[30px] w-full min-w-0 rounded-control border border-control bg-surface px-2 text-dense text-ink'

const useAnswer = ({ org, id }: Named, version: number, wish: Wish) => {
  const { purpose, country, day } = wish
  return useQuery({
    queryKey: ['agreements', org, id, 'what-if', version, purpose, country, day, wish.org],
    queryFn: () =>
      hub.whatIf({
        org,
        id,
        version,
        party: wish.org,
        ...(purpose === '' ? {} : { purposes: [purpose] }),
        ...(/^[A-Z]{2}$/.test(country) ? { country } : {}),
        at: [`${day}T12:00:00.000Z`],
      }),
    placeholderData: keepPreviousData,
    enabled: day !== '',
  })
}

interface AnswerProps {
  readonly cell: {
    code: string
    clause: string | null
    needed: string | null
    actual: string | null
    until: string | null
  }
  readonly clause: { readonly number: number; readonly clause: Clause } | undefined
}

const Answer = ({ cell, clause }: AnswerProps) => {
  const isAllowed = cell.code === 'OK_AGREEMENT'
  if (isAllowed) {
    return (
      <div className="rounded-panel border border-pass-line bg-pass-soft p-3 text-dense">
        <p className="flex items-center gap-2 font-semibold text-pass">
          <CircleCheck size={16} aria-hidden />
          Allowed
        </p>
        {cell.until === null ? null : (
          <p className="mt-1">
            Until <Time at={cell.until} asDay />.
          </p>
        )}
      </div>
    )
  }
  return (
    <div className="rounded-panel border border-fail-line bg-fail-soft p-3 text-dense">
      <p className="flex items-center gap-2 font-semibold text-fail">
        <Ban size={16} aria-hidden />
        Denied{clause === undefined ? '' : `, clause ${clause.number}`}
      </p>
      <p className="mt-1">
        {cell.needed === null
          ? 'No clause permits it.'
          : `Needed: ${cell.needed}. Found: ${cell.actual ?? 'nothing'}.`}
      </p>
      {clause === undefined ? null : (
        <p className="mt-2 flex flex-wrap items-center gap-2">
          <button
            type="button"
            onClick={() => showClause(clause.clause.id)}
            className="min-h-6 cursor-pointer text-link underline"
          >
            {clause.clause.title}
          </button>
          <ClassLabel strength={clause.clause.strength} />
        </p>
      )}
      <p className="mt-1 text-meta text-ink-2">{cell.code}</p>
    </div>
  )
}

interface RowProps {
  readonly label: string
  readonly children: ReactNode
}

const Row = ({ label, children }: RowProps) => (
  <label className="grid grid-cols-[64px_1fr] items-center gap-2 text-dense text-ink-2">
    {label}
    {children}
  </label>
)

const Form = ({
  body,
  wish,
  onChange,
}: {
  readonly body: AgreementBody
  readonly wish: Wish
  readonly onChange: (wish: Wish) => void
}) => (
  <div className="flex flex-col gap-2">
    <Row label="Someone">
      <select
        className={control}
        value={wish.org}
        onChange={({ target }) => onChange({ ...wish, org: target.value })}
      >
        {takersOf(body).map(({ name }) => (
          <option key={name} value={name}>
            of {name}
          </option>
        ))}
      </select>
    </Row>
    <Row label="wants to">
      <select
        className={control}
        value={wish.action}
        onChange={({ target }) => onChange({ ...wish, action: target.value })}
      >
        {actionNames.map((one) => (
          <option key={one} value={one}>
            {actions[one].words}
          </option>
        ))}
      </select>
    </Row>
    <Row label="for">
      <select
        className={control}
        value={wish.purpose}
        onChange={({ target }) => onChange({ ...wish, purpose: target.value })}
      >
        <option value="">no purpose on record</option>
        {askedPurposes(body).map((one) => (
          <option key={one} value={one}>
            {purposeLabel(one)}
          </option>
        ))}
      </select>
    </Row>
    <Row label="from">
      <input
        className={control}
        value={wish.country}
        maxLength={2}
        placeholder="its seat, or a country such as FR"
        onChange={({ target }) => onChange({ ...wish, country: target.value.toUpperCase() })}
      />
    </Row>
    <Row label="on">
      <input
        type="date"
        className={control}
        value={wish.day}
        onChange={({ target }) => onChange({ ...wish, day: target.value })}
      />
    </Row>
  </div>
)

interface WhatIfProps {
  readonly named: Named
  readonly version: number
  readonly body: AgreementBody
}

export const WhatIf = ({ named, version, body }: WhatIfProps) => {
  const [wish, setWish] = useState<Wish>(() => ({
    org: takersOf(body)[0]?.name ?? '',
    action: 'download',
    purpose: askedPurposes(body)[0] ?? '',
    country: '',
    day: body.from.slice(0, 10),
  }))
  const { data, error } = useAnswer(named, version, wish)
  const row = data?.rows.find(({ action }) => action === wish.action)
  const cell = row?.cells[0]
  const number = body.clauses.findIndex(({ id }) => id === cell?.clause)
  const clause = body.clauses[number]
  return (
    <section aria-label="What if" className="border-t border-line bg-page p-4">
      <h3 className="mb-3 flex items-center gap-2 text-dense font-semibold">
        <FlaskConical size={16} strokeWidth={1.75} aria-hidden />
        What if
        <span className="text-meta font-normal text-ink-3">
          runs the same engine as real requests
        </span>
      </h3>
      <Form body={body} wish={wish} onChange={setWish} />
      <div className="mt-3" role="status">
        {error === null ? null : <p className="text-dense text-fail">{error.message}</p>}
        {cell === undefined ? null : (
          <Answer
            cell={cell}
            clause={clause === undefined ? undefined : { number: number + 1, clause }}
          />
        )}
      </div>
    </section>
  )
}
