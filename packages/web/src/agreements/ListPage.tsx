/** Agreements of an organisation: those that wait for it first, each with its next step. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { CalendarCheck, FileCheck2, Plus } from 'lucide-react'
import { Avatar } from '../parts/Avatar.tsx'
import { LinkButton } from '../parts/Button.tsx'
import { type Column, DataTable } from '../parts/DataTable.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Go, useGo } from '../parts/Go.tsx'
import { Heading, useTitle } from '../parts/Page.tsx'
import { Pager } from '../parts/Pager.tsx'
import { Segmented } from '../parts/Segmented.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { StrengthBar } from '../parts/StrengthBar.tsx'
import { Time } from '../parts/Time.tsx'
import { plainName } from '../parts/words.ts'
import { type Acting, ActingFrame, ActingSelect } from './Acting.tsx'
import { agreementTo } from './place.ts'
import { type Agreement, agreementsQuery, countsQuery, type Phase, versionQuery } from './data.ts'
import { GivenList } from './given/GivenList.tsx'
import {
  aboutWords,
  nextStep,
  othersOf,
  phases,
  stateWords,
  strengthsOf,
  strengthWords,
} from './words.ts'

/** The newest text that the organisation may read. */
const shownVersion = ({ candidate, inForce }: Agreement): number | undefined =>
  candidate?.version ?? inForce?.version

const useBody = (one: Agreement, org: string) => {
  const version = shownVersion(one)
  return useQuery({
    ...versionQuery({ org, id: one.id }, version ?? 0),
    enabled: version !== undefined,
    retry: false,
  }).data?.body
}

const About = ({ one, org }: { readonly one: Agreement; readonly org: string }) => {
  const body = useBody(one, org)
  return <span className="block truncate">{body === undefined ? '' : aboutWords(body)}</span>
}

const Bar = ({ one, org }: { readonly one: Agreement; readonly org: string }) => {
  const body = useBody(one, org)
  if (body === undefined) return null
  const counts = strengthsOf(body.clauses)
  return <StrengthBar counts={counts} label={strengthWords(counts)} />
}

const columnsFor = (org: string): readonly Column<Agreement>[] => [
  {
    name: 'Agreement',
    cell: (one) => (
      <span className="block min-w-0">
        <Go
          to={agreementTo({ org, id: one.id })}
          className="block truncate text-body font-medium hover:underline"
        >
          {plainName(one.title)}
        </Go>
        <span className="flex min-w-0 items-center gap-1.5 text-meta text-ink-3">
          {othersOf(one, org).map((name) => (
            <span key={name} className="inline-flex items-center gap-1 truncate">
              <Avatar name={name} kind="org" size={16} />
              {name}
            </span>
          ))}
          <span className="md:hidden">· {stateWords(one.state)}</span>
        </span>
      </span>
    ),
  },
  { name: 'Models', width: 'w-[20%]', from: 'lg', cell: (one) => <About one={one} org={org} /> },
  { name: 'Backed by', width: 'w-28', from: 'lg', cell: (one) => <Bar one={one} org={org} /> },
  { name: 'State', width: 'w-28', from: 'md', cell: (one) => stateWords(one.state) },
  {
    name: 'Until',
    width: 'w-28',
    from: 'md',
    cell: (one) =>
      one.to === null ? <span className="text-ink-3">–</span> : <Time at={one.to} asDay />,
  },
  {
    name: 'Next step',
    width: 'w-[26%]',
    cell: (one) => (
      <span className={one.phase === 'needs' ? 'font-medium' : 'text-ink-2'}>
        {nextStep(one, org)}
      </span>
    ),
  },
]

const emptyWords: Readonly<Record<Phase, string>> = {
  needs: 'Nothing waits for you',
  talk: 'Nothing is being talked about',
  force: 'No agreement is in force',
  ended: 'No agreement has ended',
}

const NewButton = ({ org, kind }: { readonly org: string; readonly kind: 'primary' | 'quiet' }) => (
  <LinkButton
    to={`/agreements/new?as=${encodeURIComponent(org)}`}
    kind={kind}
    icon={<Plus size={14} strokeWidth={2} aria-hidden />}
  >
    New agreement
  </LinkButton>
)

const isPhase = (text: string | undefined): text is Phase =>
  phases.some(({ value }) => value === text)

const Phases = ({
  org,
  phase,
  counts,
}: {
  readonly org: string
  readonly phase: Phase
  readonly counts: Readonly<Record<Phase, number>>
}) => {
  const go = useGo()
  return (
    <div className="overflow-x-auto p-px [scrollbar-width:none]">
      <Segmented
        label="State"
        value={phase}
        options={phases.map(({ value, label }) => ({ value, label: `${label} ${counts[value]}` }))}
        onChange={(value) => go(`/agreements?as=${encodeURIComponent(org)}&state=${value}`)}
      />
    </div>
  )
}

const Rows = ({ org, phase }: { readonly org: string; readonly phase: Phase }) => {
  const list = useInfiniteQuery(agreementsQuery(org, phase))
  if (list.error !== null)
    return <Failed error={list.error} isSignedIn onRetry={() => void list.refetch()} />
  if (list.data === undefined) return <Skeleton />
  const rows = list.data.pages.flatMap(({ items }) => items)
  if (rows.length === 0) {
    return (
      <div className="rounded-panel border border-line-2 bg-surface">
        <EmptyState title={emptyWords[phase]} />
      </div>
    )
  }
  return (
    <DataTable
      caption={`Agreements of ${org}`}
      columns={columnsFor(org)}
      rows={rows}
      keyOf={({ id }) => id}
      toOf={({ id }) => agreementTo({ org, id })}
      size="two"
      foot={
        list.hasNextPage ? (
          <Pager
            shown={rows.length}
            hasMore
            isBusy={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        ) : undefined
      }
    />
  )
}

const List = ({ acting }: { readonly acting: Acting }) => {
  const { org } = acting
  const search: Readonly<Record<string, string | undefined>> = useLocation().search
  const { data: counts, error, refetch } = useQuery(countsQuery(org))
  if (error !== null) return <Failed error={error} isSignedIn onRetry={() => void refetch()} />
  if (counts === undefined) return <Skeleton />
  const first = phases.find(({ value }) => counts[value] > 0)?.value
  if (first === undefined) {
    return (
      <div className="rounded-panel border border-line-2 bg-surface">
        <EmptyState title="No agreements yet" action={<NewButton org={org} kind="primary" />}>
          Start with a template: “A partner uses a model for research”. Nothing is shown to the
          other side before you propose it.
        </EmptyState>
      </div>
    )
  }
  const { state } = search
  const phase = isPhase(state) ? state : first
  return (
    <>
      <Phases org={org} phase={phase} counts={counts} />
      <Rows org={org} phase={phase} />
    </>
  )
}

const asReader = () => <GivenList />

export const ListPage = () => {
  useTitle('Agreements')
  return (
    <ActingFrame otherwise={asReader}>
      {(acting) => (
        <div className="mx-auto flex max-w-[1392px] flex-col gap-5 px-4 py-6 sm:px-6">
          <header className="flex flex-wrap items-center gap-3">
            <Heading>Agreements</Heading>
            <div className="flex-1" />
            <ActingSelect acting={acting} />
            <LinkButton
              to={`/agreements/duties?as=${encodeURIComponent(acting.org)}`}
              icon={<CalendarCheck size={14} strokeWidth={2} aria-hidden />}
            >
              Duties
            </LinkButton>
            <LinkButton
              to="/agreements/given"
              icon={<FileCheck2 size={14} strokeWidth={2} aria-hidden />}
            >
              Those you use
            </LinkButton>
            <NewButton org={acting.org} kind="primary" />
          </header>
          <List acting={acting} />
        </div>
      )}
    </ActingFrame>
  )
}
