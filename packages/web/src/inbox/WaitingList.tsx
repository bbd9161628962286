/** What waits for somebody: each a sentence with the button that answers it. */
import { CalendarClock, FileSignature, Hand } from 'lucide-react'
import type { ReactNode } from 'react'
import { agreementTo } from '../agreements/place.ts'
import { dutyName } from '../agreements/duties/words.ts'
import { LinkButton } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { TextLink } from '../parts/Go.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { Time } from '../parts/Time.tsx'
import { plainName } from '../parts/words.ts'
import type { Waiting } from './waiting.ts'

const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type Told = Waiting['agreements'][number]

/** The nearest to an end that the organisation could say. */
const stepOf = ({ may, others }: Told): { verb: string; about: string } => {
  const names = others.join(', ')
  if (may.includes('signed')) return { verb: 'Sign', about: `with ${names} waits to be signed` }
  if (may.includes('agreed')) return { verb: 'Answer', about: `${names} waits for an answer` }
  if (may.includes('proposed'))
    return { verb: 'Propose', about: `written, and not proposed to ${names} yet` }
  return { verb: 'Write', about: `with ${names}, has no text yet` }
}

const AgreementRow = ({ told }: { readonly told: Told }) => {
  const { verb, about } = stepOf(told)
  const to = agreementTo(told, verb === 'Sign' ? '/sign' : '')
  return (
    <Row
      lead={<FileSignature {...icon} className="text-ink-3" />}
      title={<TextLink to={agreementTo(told)}>{plainName(told.title)}</TextLink>}
      about={
        <>
          {about} · for {told.org}, since <Time at={told.since} />
        </>
      }
    >
      <LinkButton size="small" to={to} label={`${verb}: ${plainName(told.title)}`}>
        {verb}
      </LinkButton>
    </Row>
  )
}

const DutyRow = ({ duty }: { readonly duty: Waiting['duties'][number] }) => {
  const verb = duty.isToAnswer ? 'Look at it' : 'Show it is done'
  const name = dutyName(duty.name)
  return (
    <Row
      lead={<CalendarClock {...icon} className={duty.isOverdue ? 'text-fail' : 'text-ink-3'} />}
      title={
        <TextLink to={`/agreements/duties?as=${encodeURIComponent(duty.org)}`}>{name}</TextLink>
      }
      about={
        <>
          {plainName(duty.title)} ·{' '}
          {duty.isToAnswer ? `shown to ${duty.org}` : `${duty.org} owes it`}
          {duty.due === null || duty.isToAnswer ? null : (
            <>
              , {duty.isOverdue ? 'overdue since' : 'due'} <Time at={duty.due} asDay />
            </>
          )}
        </>
      }
    >
      <LinkButton
        size="small"
        to={`/agreements/duties?as=${encodeURIComponent(duty.org)}`}
        label={`${verb}: ${name}, ${plainName(duty.title)}`}
      >
        {verb}
      </LinkButton>
    </Row>
  )
}

const RequestRows = ({ waiting }: { readonly waiting: Waiting }): ReactNode =>
  waiting.requests.map(({ id, account, repo, createdAt }) => (
    <Row
      key={id}
      lead={<Hand {...icon} className="text-ink-3" />}
      title={`${account.name} asks for ${repo.path}`}
      about={<Time at={createdAt} />}
    >
      <LinkButton size="small" to="/inbox" label={`Decide about ${account.name}, ${repo.path}`}>
        Decide
      </LinkButton>
    </Row>
  ))

export const WaitingList = ({ waiting }: { readonly waiting: Waiting }) => {
  const { agreements, duties, requests } = waiting
  const isEmpty = agreements.length + duties.length + requests.length === 0
  return (
    <Panel title="Waits for you" isFlush>
      {isEmpty ? (
        <EmptyState isSmall title="Nothing waits for you" />
      ) : (
        <Rows label="Waits for you">
          {duties
            .filter(({ isOverdue }) => isOverdue)
            .map((duty, at) => (
              <DutyRow key={`${duty.agreement}/${at}`} duty={duty} />
            ))}
          {agreements.map((told) => (
            <AgreementRow key={`${told.id}/${told.org}`} told={told} />
          ))}
          <RequestRows waiting={waiting} />
          {duties
            .filter(({ isOverdue }) => !isOverdue)
            .map((duty, at) => (
              <DutyRow key={`${duty.agreement}/${at}`} duty={duty} />
            ))}
        </Rows>
      )}
    </Panel>
  )
}
