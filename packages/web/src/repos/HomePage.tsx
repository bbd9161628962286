/** Where people arrive: what is theirs, what is new, and how their clients reach the hub. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { hubQuery, type Me, useMe } from '../accounts/me.ts'
import { roleWords } from '../accounts/roles.ts'
import { hub } from '../app/api.ts'
import { hubUrl } from '../app/base.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { LinkButton } from '../parts/Button.tsx'
import { CodeBlock } from '../parts/CodeBlock.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Failure } from '../parts/Failed.tsx'
import { Go, TextLink, useGo } from '../parts/Go.tsx'
import { Heading, useTitle } from '../parts/Page.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { useWaiting } from '../inbox/waiting.ts'
import { WaitingList } from '../inbox/WaitingList.tsx'
import { RepoTable } from './RepoTable.tsx'

const newest = 8

const Newest = ({
  type,
  title,
}: {
  readonly type: 'model' | 'dataset'
  readonly title: string
}) => {
  const { data } = useQuery({
    queryKey: ['repos', { type }, 'newest'],
    queryFn: () => hub.listRepos({ type, sort: 'lastModified', limit: newest }),
  })
  const to = type === 'model' ? '/models' : '/datasets'
  return (
    <section className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between">
        <h2 className="text-card">{title}</h2>
        <TextLink to={to} className="text-dense">
          All {type}s
        </TextLink>
      </div>
      {data === undefined ? (
        <Skeleton />
      ) : data.items.length === 0 ? (
        <div className="rounded-panel border border-line-2 bg-surface">
          <EmptyState title={`No ${type}s yet`}>
            What people push, and you may see, is listed here.
          </EmptyState>
        </div>
      ) : (
        <RepoTable caption={title} repos={data.items} />
      )}
    </section>
  )
}

const clients = `export HF_ENDPOINT=${hubUrl}
hf auth login`

const Own = ({ me }: { readonly me: Me }) => (
  <Panel title="Yours">
    <ul className="flex flex-col gap-1 text-dense">
      <li>
        <Go
          to={`/${me.name}`}
          className="flex min-h-8 items-center gap-2 rounded-control px-2 hover:bg-hover"
        >
          <Avatar name={me.name} kind="user" size={20} />
          {me.name}
        </Go>
      </li>
      {me.orgs.map(({ name, role }) => (
        <li key={name}>
          <Go
            to={`/${name}`}
            className="flex min-h-8 items-center gap-2 rounded-control px-2 hover:bg-hover"
          >
            <Avatar name={name} kind="org" size={20} />
            <span className="flex-1 truncate">{name}</span>
            <span className="text-meta text-ink-3">{roleWords[role]}</span>
          </Go>
        </li>
      ))}
    </ul>
    {me.orgs.length === 0 ? (
      <p className="px-2 pt-2 text-meta text-ink-3">You are in no organisation yet.</p>
    ) : null}
  </Panel>
)

const Waits = () => {
  const { waiting, error } = useWaiting()
  if (error !== null) return <Failure error={error} />
  return waiting === undefined ? <Skeleton rows={3} /> : <WaitingList waiting={waiting} />
}

export const HomePage = () => {
  useTitle()
  const me = useMe()
  const go = useGo()
  const facts = useQuery(hubQuery).data
  const isNew = facts?.isSetUp === false
  useEffect(() => {
    if (isNew) go('/setup')
  }, [isNew, go])
  return (
    <div className="mx-auto grid max-w-[1392px] gap-8 px-4 py-6 sm:px-6 lg:grid-cols-[minmax(0,1fr)_320px]">
      <div className="flex min-w-0 flex-col gap-8">
        <div>
          <Heading className="text-head">
            {me == null
              ? 'AI models, shared under terms that hold'
              : `Hello, ${me.fullName || me.name}`}
          </Heading>
          <p className="mt-1 max-w-2xl text-ink-2">
            {me == null
              ? 'Organisations share models here with each other, with the clients they already use. You see what is open to everyone; sign in for what is shared with you.'
              : 'What waits for you, and what changed last among all that you may see.'}
          </p>
        </div>
        {me == null ? null : <Waits />}
        <Newest type="model" title="Models, newest first" />
        <Newest type="dataset" title="Datasets, newest first" />
      </div>
      <aside aria-label="You and your clients" className="flex min-w-0 flex-col gap-4">
        {me == null ? null : <Own me={me} />}
        <Panel title="Use it from your client" isFlush>
          <CodeBlock code={clients} label="the set-up of clients" isNarrow />
          <p className="border-t border-line px-4 py-3 text-meta text-ink-3">
            hf, huggingface_hub, transformers, datasets, @huggingface/hub and llama.cpp work with
            this address.
          </p>
        </Panel>
        {me == null ? null : <LinkButton to="/new">New model</LinkButton>}
      </aside>
    </div>
  )
}
