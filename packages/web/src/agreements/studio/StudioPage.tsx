/** One agreement: its clauses, its text, what it means, and what comes next for this side. */
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Statement } from '@weighhouse/formats/agreement/statement.ts'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import type { Me } from '../../accounts/me.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Banner } from '../../parts/Banner.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { Go } from '../../parts/Go.tsx'
import { Heading, useTitle } from '../../parts/Page.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { plainName } from '../../parts/words.ts'
import { type Acting, ActingFrame, useAgreementId } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import {
  type Agreement,
  agreementQuery,
  diffQuery,
  statementsQuery,
  type Version,
  versionQuery,
} from '../data.ts'
import { GivenOne } from '../given/GivenPage.tsx'
import { roleWords, stateWords, stepsOf } from '../words.ts'
import { ActionBar } from './ActionBar.tsx'
import { FindingsNote } from './Findings.tsx'
import { findingsByClause } from './findings.ts'
import { showClause, Outline } from './Outline.tsx'
import { Paper, type Redline } from './Paper.tsx'
import { SidePanel } from './SidePanel.tsx'
import { Stepper } from './Stepper.tsx'

const Header = ({
  acting,
  agreement,
  statements,
}: {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly statements: readonly Statement[]
}) => (
  <header className="border-b border-line bg-surface px-4 pt-4 sm:px-6">
    <p className="flex items-center gap-1.5 text-dense text-ink-2">
      <Go
        to={`/agreements?as=${encodeURIComponent(acting.org)}`}
        className="inline-flex items-center gap-1.5 hover:underline"
      >
        <ArrowLeft size={14} strokeWidth={2} aria-hidden />
        Agreements
      </Go>
      <span aria-hidden>/</span>
      <code className="text-meta" translate="no">
        {agreement.id}
      </code>
    </p>
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-1.5">
      <Heading className="text-head">{plainName(agreement.title)}</Heading>
      <ul className="flex flex-wrap items-center gap-x-3 gap-y-1 text-dense" aria-label="Parties">
        {agreement.parties.map(({ org, name, role }, i) => (
          <li key={org} className="inline-flex items-center gap-1.5">
            {i === 0 || agreement.parties.length > 2 ? null : (
              <ArrowRight size={14} strokeWidth={2} className="me-1.5 text-ink-3" aria-hidden />
            )}
            <Avatar name={name} kind="org" size={20} />
            {name}
            <span className="text-ink-2">{roleWords[role] ?? role}</span>
          </li>
        ))}
      </ul>
    </div>
    <Stepper steps={stepsOf(agreement, statements)} />
  </header>
)

/** The version that was on the table before the one that is, or that is in force. */
const versionBefore = (
  agreement: Agreement,
  statements: readonly Statement[],
): number | undefined => {
  const { candidate, inForce } = agreement
  if (candidate === null) return undefined
  const shown = statements
    .filter(({ kind }) => kind === 'proposed' || kind === 'countered')
    .flatMap(({ data }) => data.version ?? [])
    .filter((version) => version < candidate.version)
  return shown.at(-1) ?? inForce?.version
}

const useRedline = (
  acting: Acting,
  agreement: Agreement,
  statements: readonly Statement[],
): { redline: Redline | undefined; compare: { isOn: boolean; to: string } | undefined } => {
  const named = { org: acting.org, id: agreement.id }
  const search: Readonly<Record<string, string | undefined>> = useLocation().search
  const { candidate, parties, may } = agreement
  const before = versionBefore(agreement, statements)
  const { data } = useQuery({
    ...diffQuery(named, before ?? 0, candidate?.version ?? 0),
    enabled: before !== undefined && candidate !== null,
    retry: false,
  })
  if (data === undefined || candidate === null) return { redline: undefined, compare: undefined }
  const isOn = search['changes'] !== 'off'
  const by = parties.find(({ org }) => org === candidate.author)?.name ?? ''
  const counterTo = may.includes('countered') ? agreementTo(named, '/write') : undefined
  const panel = search['panel']
  const more = panel === undefined ? {} : { panel }
  return {
    redline: isOn ? { diff: data, by, counterTo } : undefined,
    compare: { isOn, to: agreementTo(named, '', isOn ? { ...more, changes: 'off' } : more) },
  }
}

const isShown = (version: number | undefined): version is number => version !== undefined

/** Steps through the clauses from where the focus is. */
const stepClause = (body: AgreementBody, by: 1 | -1): void => {
  const at = document.activeElement?.closest('section[id^="clause-"]')?.id.slice('clause-'.length)
  const now = body.clauses.findIndex(({ id }) => id === at)
  const next = body.clauses[now === -1 ? 0 : now + by]
  if (next !== undefined) showClause(next.id)
}

interface StudioProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly statements: readonly (Statement & { readonly hash: string })[]
  readonly hasMore: boolean
}

const membersText: Readonly<Record<string, string>> = {
  title: 'the title',
  from: 'the first day',
  to: 'the end',
  noticeDays: 'the notice',
  scope: 'what it covers',
  governingLaw: 'the law',
  contacts: 'the contacts',
  parties: 'what the hub says of the parties',
  ownership: 'who owns results',
  derivativesOnEnd: 'what becomes of derived models',
  precedence: 'which text wins',
  paperRef: 'the contract on paper',
  timezone: 'the time zone',
}

const ChangeNote = ({
  redline,
  changed,
}: {
  readonly redline: Redline
  readonly changed: ReadonlySet<string>
}) => {
  const { diff, by } = redline
  const members = diff.members.map(({ member }) => membersText[member] ?? member)
  // One whose rule alone was changed is marked too.
  const clauses = changed.size
  const said = [
    ...(clauses === 0 ? [] : [`${clauses} ${clauses === 1 ? 'clause' : 'clauses'}`]),
    ...members,
  ]
  return (
    <Banner>
      {by} changes {said.length === 0 ? 'nothing that is read' : said.join(', ')}. Marked in the
      text: what is gone and what is new.
    </Banner>
  )
}

const Text = ({
  acting,
  agreement,
  statements,
  hasMore,
  text: { body, version, findings },
}: StudioProps & { readonly text: Version }) => {
  const { redline, compare } = useRedline(acting, agreement, statements)
  useShortcut(']', 'Next clause', () => stepClause(body, 1))
  useShortcut('[', 'Previous clause', () => stepClause(body, -1))
  const changed = new Set(
    redline === undefined
      ? []
      : [
          ...redline.diff.clauses.map(({ id }) => id),
          ...redline.diff.terms.map(({ clause }) => clause),
        ],
  )
  const pointedOut = findingsByClause(body, findings)
  return (
    <>
      <div className="grid min-h-0 flex-1 lg:grid-cols-[250px_minmax(0,1fr)_384px]">
        <div className="border-e border-line bg-surface max-lg:hidden lg:relative lg:overflow-y-auto">
          <Outline body={body} changed={changed} findings={pointedOut} />
        </div>
        <div
          className="relative min-w-0 bg-page lg:overflow-y-auto lg:px-6 lg:py-4"
          tabIndex={0}
          role="region"
          aria-label="The text of the agreement"
        >
          <div className="mx-auto mb-4 flex max-w-[776px] flex-col gap-2 empty:hidden max-lg:px-4 max-lg:pt-4">
            {redline === undefined ? null : <ChangeNote redline={redline} changed={changed} />}
            <FindingsNote body={body} findings={pointedOut} />
          </div>
          <Paper body={body} redline={redline} findings={pointedOut} />
        </div>
        <aside
          aria-label="What it means"
          className="flex min-h-0 flex-col border-s border-line bg-surface max-lg:border-t lg:relative lg:overflow-y-auto"
        >
          <SidePanel
            acting={acting}
            agreement={agreement}
            body={body}
            version={version}
            statements={statements}
            hasMore={hasMore}
          />
        </aside>
      </div>
      <ActionBar acting={acting} agreement={agreement} compare={compare} />
    </>
  )
}

const Studio = (props: StudioProps) => {
  const { acting, agreement } = props
  const named = { org: acting.org, id: agreement.id }
  // A draft of the other side is theirs: what is in force is shown then.
  const isTheirDraft = agreement.talk === 'draft' && agreement.candidate?.author !== acting.orgId
  const candidate = isTheirDraft ? undefined : agreement.candidate?.version
  const lastSaid = props.statements.findLast(({ data }) => data.version !== undefined)?.data.version
  const version = candidate ?? agreement.inForce?.version ?? lastSaid
  const { data, error } = useQuery({
    ...versionQuery(named, version ?? 0),
    enabled: isShown(version),
    retry: false,
    // When a new version comes in, nothing that is open goes away while its text is on its way.
    placeholderData: (old, query) => (query?.queryKey[2] === agreement.id ? old : undefined),
  })
  return (
    <div className="flex flex-col lg:h-[calc(100dvh-53px)]">
      <Header acting={acting} agreement={agreement} statements={props.statements} />
      {isShown(version) && error === null ? (
        data === undefined ? (
          <Skeleton rows={12} />
        ) : (
          <Text {...props} text={data} />
        )
      ) : (
        <>
          <div className="flex-1">
            <EmptyState
              title={isShown(version) ? 'This text is not yours to read' : 'Nothing is written yet'}
            >
              {isShown(version)
                ? error?.message
                : `It is ${stateWords(agreement.state).toLowerCase()}.`}
            </EmptyState>
          </div>
          <ActionBar acting={acting} agreement={agreement} compare={undefined} />
        </>
      )}
    </div>
  )
}

const Page = ({ acting }: { readonly acting: Acting }) => {
  const id = useAgreementId()
  const named = { org: acting.org, id }
  const { data, error, refetch } = useQuery(agreementQuery(named))
  const said = useQuery(statementsQuery(named))
  useTitle(data?.title ?? '', 'Agreements')
  const problem = error ?? said.error
  if (problem !== null) return <Failed error={problem} isSignedIn onRetry={() => void refetch()} />
  if (data === undefined || said.data === undefined) return <Skeleton rows={12} />
  const { statements, hasMore } = said.data
  return <Studio acting={acting} agreement={data} statements={statements} hasMore={hasMore} />
}

const asReader = (me: Me) => <GivenOne me={me} />

export const StudioPage = () => (
  <ActingFrame otherwise={asReader}>{(acting) => <Page acting={acting} />}</ActingFrame>
)
