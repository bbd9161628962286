/** What an organisation owes and is owed under all its agreements, by date: the late first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Heading, useTitle } from '../../parts/Page.tsx'
import { Pager } from '../../parts/Pager.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time, useNow } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import { type Acting, ActingFrame, ActingSelect } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import { type Answer, AnswerDialog } from './AnswerDialog.tsx'
import { type Duty, dutiesQuery } from './data.ts'
import { ShowDialog } from './ShowDialog.tsx'
import { dutyName, stateWords, type When, whenOf, whenWords } from './words.ts'

type Open = { readonly duty: Duty; readonly what: Answer | 'show' }

const order: readonly When[] = ['overdue', 'answer', 'soon', 'undated', 'later', 'settled']

interface RowProps {
  readonly acting: Acting
  readonly duty: Duty
  readonly onOpen: (open: Open) => void
}

const Acts = ({ acting, duty, onOpen }: RowProps) => {
  const isOurs = duty.debtor === acting.orgId
  const isOwed = duty.state === 'open' || duty.state === 'overdue'
  const label = (word: string): string => `${word}: ${dutyName(duty.name)}, ${duty.title}`
  const button = (what: Answer | 'show', word: string) => (
    <Button size="small" aria-label={label(word)} onClick={() => onOpen({ duty, what })}>
      {word}
    </Button>
  )
  if (isOurs) return isOwed ? button('show', 'Show it is done') : null
  if (duty.state === 'fulfilled') {
    return (
      <>
        {button('accept', 'Accept')}
        {button('dispute', 'Dispute')}
      </>
    )
  }
  return isOwed ? button('waive', 'Waive') : null
}

const Row = (props: RowProps) => {
  const { acting, duty } = props
  const isLate = duty.state === 'overdue'
  return (
    <li data-row className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">{dutyName(duty.name)}</p>
        <p className="text-meta text-ink-3">
          {duty.debtor === acting.orgId ? 'You owe it' : 'You are owed it'} ·{' '}
          <TextLink to={agreementTo({ org: acting.org, id: duty.agreement })}>
            {plainName(duty.title)}
          </TextLink>
          {duty.suspends && isLate ? ' · the agreement is suspended until it is done' : null}
        </p>
        {duty.reason === null ? null : (
          <p className="text-meta text-ink-2">“{plainName(duty.reason)}”</p>
        )}
      </div>
      <span className={`w-32 text-dense ${isLate ? 'font-medium text-fail' : 'text-ink-2'}`}>
        {duty.dueAt === null ? 'no date' : <Time at={duty.dueAt} />}
      </span>
      <Tag>{stateWords[duty.state]}</Tag>
      <span className="flex gap-2">
        <Acts {...props} />
      </span>
    </li>
  )
}

const List = ({ acting }: { readonly acting: Acting }) => {
  const [open, setOpen] = useState<Open>()
  const list = useInfiniteQuery(dutiesQuery(acting.org))
  const nowMs = useNow()
  if (list.error !== null)
    return <Failed error={list.error} isSignedIn onRetry={() => void list.refetch()} />
  if (list.data === undefined) return <Skeleton />
  const all = list.data.pages.flatMap(({ items }) => items)
  const close = (): void => setOpen(undefined)
  if (all.length === 0) {
    return (
      <div className="rounded-panel border border-line-2 bg-surface">
        <EmptyState title="Nothing is owed">
          Duties begin when an agreement comes into force, when something is reported, and when it
          ends.
        </EmptyState>
      </div>
    )
  }
  return (
    <>
      {order.map((when) => {
        const rows = all.filter((duty) => whenOf(duty, nowMs) === when)
        if (rows.length === 0) return null
        return (
          <Panel key={when} title={whenWords[when]} aside={rows.length} isFlush>
            <ul className="divide-y divide-line">
              {rows.map((duty) => (
                <Row key={duty.id} acting={acting} duty={duty} onOpen={setOpen} />
              ))}
            </ul>
          </Panel>
        )
      })}
      {list.hasNextPage ? (
        <Pager
          shown={all.length}
          hasMore
          isBusy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      ) : null}
      {open === undefined ? null : open.what === 'show' ? (
        <ShowDialog acting={acting} duty={open.duty} onClose={close} />
      ) : (
        <AnswerDialog org={acting.org} duty={open.duty} answer={open.what} onClose={close} />
      )}
    </>
  )
}

export const DutiesPage = () => {
  useTitle('Duties', 'Agreements')
  return (
    <ActingFrame>
      {(acting) => (
        <div className="mx-auto flex max-w-[1072px] flex-col gap-5 px-4 py-6 sm:px-6">
          <header className="flex flex-wrap items-center gap-3">
            <div>
              <p className="text-dense">
                <TextLink to={`/agreements?as=${encodeURIComponent(acting.org)}`}>
                  Agreements
                </TextLink>
              </p>
              <Heading>Duties of {acting.org}</Heading>
            </div>
            <div className="flex-1" />
            <ActingSelect acting={acting} />
          </header>
          <List acting={acting} />
        </div>
      )}
    </ActingFrame>
  )
}
