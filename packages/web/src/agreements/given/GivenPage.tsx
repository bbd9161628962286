/**
 * An agreement for those who keep to it: what they were let do and until when, what they may and may not, the text itself, and the
 * restrictions to accept. Nothing here is negotiated.
 */
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import type { Me } from '../../accounts/me.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Banner } from '../../parts/Banner.tsx'
import { LinkButton } from '../../parts/Button.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Heading, useTitle } from '../../parts/Page.tsx'
import { Facts, Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import { repoTo } from '../../repos/place.ts'
import { ActingFrame, useAgreementId } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import { givenQuery, type Named } from '../data.ts'
import { Paper } from '../studio/Paper.tsx'
import { PlainWordsTab } from '../studio/PlainWordsTab.tsx'
import { purposeLabel } from '@weighhouse/formats/terms/purposes.ts'
import { roleWords, stateWords } from '../words.ts'
import { AcceptPanel } from './AcceptPanel.tsx'
import { askWords } from './words.ts'

type Whole = Awaited<ReturnType<NonNullable<ReturnType<typeof givenQuery>['queryFn']>>>

const Head = ({ given, mayManage }: { readonly given: Whole; readonly mayManage: boolean }) => (
  <header className="border-b border-line bg-surface">
    <div className="mx-auto flex max-w-[1248px] flex-col gap-2 px-4 py-4 sm:px-6">
      <p className="text-dense">
        <TextLink to="/agreements/given">Agreements you use</TextLink>
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Heading className="text-head">{plainName(given.title)}</Heading>
        <Tag>{stateWords(given.state)}</Tag>
        <div className="flex-1" />
        {mayManage ? (
          // Who administers and is not let in comes to let somebody in.
          <LinkButton
            size="small"
            to={agreementTo(given, '', given.grants.length === 0 ? { panel: 'people' } : {})}
          >
            Open the agreement
          </LinkButton>
        ) : null}
      </div>
      <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-dense" aria-label="Parties">
        {given.parties.map(({ org, name, role }) => (
          <li key={org} className="inline-flex items-center gap-1.5">
            <Avatar name={name} kind="org" size={20} />
            {name} <span className="text-ink-2">{roleWords[role] ?? role}</span>
          </li>
        ))}
      </ul>
    </div>
  </header>
)

const Grants = ({ given }: { readonly given: Whole }) => (
  <Panel title={`What ${given.org} lets you do`}>
    {given.grants.length === 0 ? (
      <p className="text-dense">{askWords(given)}</p>
    ) : (
      <ul className="flex flex-col gap-4">
        {given.grants.map(({ project, purposes, environment, isForOneToken, to }, at) => (
          <li key={`${project}/${at}`}>
            <Facts
              facts={[
                { name: 'Project', value: plainName(project) },
                ...(purposes.length === 0
                  ? []
                  : [{ name: 'For', value: purposes.map(purposeLabel).join(', ') }]),
                ...(environment === null ? [] : [{ name: 'Where', value: plainName(environment) }]),
                ...(isForOneToken ? [{ name: 'By', value: 'one of your tokens alone' }] : []),
                {
                  name: 'Until',
                  value:
                    (to ?? given.to) === null ? 'no end' : <Time at={to ?? given.to ?? ''} asDay />,
                },
              ]}
            />
          </li>
        ))}
      </ul>
    )}
  </Panel>
)

const Covered = ({ text }: { readonly text: NonNullable<Whole['text']> }) => (
  <Panel title="What it is about">
    <ul className="flex flex-col gap-1 text-dense">
      {text.body.scope.repos.map((repo) => (
        <li key={`${repo.type}/${repo.path}`} className="truncate">
          <TextLink to={repoTo(repo)}>{repo.path}</TextLink>
        </li>
      ))}
    </ul>
  </Panel>
)

const stopped: Readonly<Record<string, string>> = {
  suspended: 'It is suspended: nobody gets anything by it until it is resumed.',
  expired: 'It has ended. What you still owe stands in its text.',
  terminated: 'It was ended early. What you still owe stands in its text.',
  rescinded: 'It was undone by its parties.',
}

const GivenWhole = ({ given, me }: { readonly given: Whole; readonly me: Me }) => {
  const { text } = given
  const stop = stopped[given.state]
  const role = me.orgs.find(({ name }) => name.toLowerCase() === given.org.toLowerCase())?.role
  return (
    <>
      <Head given={given} mayManage={role === 'admin' || role === 'auditor'} />
      <div className="mx-auto grid max-w-[1248px] gap-6 px-4 py-6 sm:px-6 lg:grid-cols-[minmax(0,1fr)_376px]">
        <aside aria-label="For you" className="flex min-w-0 flex-col gap-5 lg:order-last">
          {stop === undefined ? null : <Banner kind="warn">{stop}</Banner>}
          <Grants given={given} />
          {text === undefined ? null : (
            <>
              <AcceptPanel given={given} text={text} />
              <Panel title="In plain words">
                <PlainWordsTab body={text.body} />
              </Panel>
              <Covered text={text} />
            </>
          )}
        </aside>
        {text === undefined ? (
          <p className="text-ink-2">Its text is for those whom {given.org} lets use it.</p>
        ) : (
          <div className="min-w-0">
            <Paper body={text.body} />
          </div>
        )}
      </div>
    </>
  )
}

/** The address names the organisation; without it, it is the viewer's first. */
export const GivenOne = ({ me }: { readonly me: Me }) => {
  const id = useAgreementId()
  const { as }: Readonly<Record<string, string | undefined>> = useLocation().search
  const named: Named = { org: as ?? me.orgs[0]?.name ?? me.name, id }
  const { data, error, refetch } = useQuery(givenQuery(named))
  useTitle(data?.title ?? '', 'Agreements')
  if (error !== null) return <Failed error={error} isSignedIn onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton rows={12} />
  return <GivenWhole given={data} me={me} />
}

const one = (me: Me) => <GivenOne me={me} />

export const GivenPage = () => (
  <ActingFrame otherwise={one}>{({ me }) => <GivenOne me={me} />}</ActingFrame>
)
