/** Who owns repos here: an organisation or a person, with what of theirs the viewer may see. */
import { useQuery } from '@tanstack/react-query'
import { ApiError } from '@weighhouse/contract/client.ts'
import { useMe } from '../accounts/me.ts'
import { roleWords } from '../accounts/roles.ts'
import { hub } from '../app/api.ts'
import { useHere } from '../app/here.ts'
import { usePages } from '../app/act.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { LinkButton } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { NotHere } from '../parts/Failed.tsx'
import { TextLink } from '../parts/Go.tsx'
import { Heading, useTitle } from '../parts/Page.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { RepoTable } from '../repos/RepoTable.tsx'

const shownMax = 50

const Owned = ({ owner, type }: { readonly owner: string; readonly type: 'model' | 'dataset' }) => {
  const { data } = useQuery({
    queryKey: ['repos', { type, owner }, 'owner'],
    queryFn: () => hub.listRepos({ type, owner, sort: 'lastModified', limit: shownMax }),
  })
  const title = type === 'model' ? 'Models' : 'Datasets'
  if (data === undefined) return <Skeleton />
  return (
    <section className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between">
        <h2 className="text-card">{title}</h2>
        {data.next === null ? null : (
          <TextLink to={`/${type}s?author=${encodeURIComponent(owner)}`} className="text-dense">
            All of them
          </TextLink>
        )}
      </div>
      {data.items.length === 0 ? (
        <div className="rounded-panel border border-line-2 bg-surface">
          <EmptyState title={`No ${type} here that you can see`} />
        </div>
      ) : (
        <RepoTable caption={title} repos={data.items} />
      )}
    </section>
  )
}

/** Those whom the hub shows the members; others are not offered what it would refuse. */
const insiders = new Set(['admin', 'auditor'])

const People = ({ org }: { readonly org: string }) => {
  const pages = usePages(['org', org, 'members'], (page) => hub.listMembers({ org, ...page }))
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-card">People</h2>
      <ul className="flex flex-wrap gap-x-5 gap-y-2 text-dense">
        {(pages.items ?? []).map(({ id, name, role }) => (
          <li key={id} className="inline-flex items-center gap-2">
            <Avatar name={name} kind="user" size={24} />
            <TextLink to={`/${encodeURIComponent(name)}`}>{name}</TextLink>
            <span className="text-ink-3">{roleWords[role]}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Null for a name that is no organisation: it may be a person's, or nobody's. */
const readOrg = async (org: string) => {
  try {
    return await hub.getOrg({ org })
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

export const OwnerPage = () => {
  const name = decodeURIComponent(useHere().slice(1).replace(/\/$/, ''))
  const me = useMe()
  const { data: org } = useQuery({
    queryKey: ['org', name.toLowerCase(), 'or-none'],
    queryFn: () => readOrg(name),
  })
  const { data: counts } = useQuery({
    queryKey: ['repo-counts', { owner: name }],
    queryFn: () => hub.countRepos({ type: 'model', owner: name }),
  })
  useTitle(name)
  if (org === undefined || me === undefined || counts === undefined) return <Skeleton />
  const isMe = me !== null && me.name.toLowerCase() === name.toLowerCase()
  if (org === null && !isMe && counts.total === 0) return <NotHere isSignedIn={me !== null} />
  const seesInside =
    org !== null &&
    me !== null &&
    (me.isAdmin || me.orgs.some(({ id, role }) => id === org.id && insiders.has(role)))
  const fullName = org?.fullName ?? (isMe ? me.fullName : '')
  return (
    <div className="mx-auto flex max-w-[1392px] flex-col gap-8 px-4 py-6 sm:px-6">
      <header className="flex flex-wrap items-center gap-4">
        <Avatar name={org?.name ?? name} kind={org === null ? 'user' : 'org'} size={56} />
        <div className="min-w-0 flex-1">
          <Heading className="text-head">
            {fullName === '' ? (org?.name ?? name) : fullName}
          </Heading>
          <p className="text-ink-2">
            {[
              fullName === '' || fullName === (org?.name ?? name) ? '' : (org?.name ?? name),
              org?.details ?? '',
            ]
              .filter((one) => one !== '')
              .join(' · ')}
          </p>
          {org?.website == null ? null : (
            <a
              href={org.website}
              rel="noreferrer nofollow"
              className="text-dense text-link hover:underline"
            >
              {org.website}
            </a>
          )}
        </div>
        {isMe ? <LinkButton to="/settings">Settings</LinkButton> : null}
        {org !== null && seesInside ? (
          <LinkButton to={`/organizations/${encodeURIComponent(org.name)}/settings`}>
            Settings
          </LinkButton>
        ) : null}
      </header>
      <Owned owner={name} type="model" />
      <Owned owner={name} type="dataset" />
      {seesInside && org !== null ? <People org={org.name} /> : null}
    </div>
  )
}
