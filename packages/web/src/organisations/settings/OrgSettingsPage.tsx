/** Settings of an organisation: its people, its programs, its rules, its trail. What one may not see, the hub refuses. */
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { ApiError, type Client } from '@weighhouse/contract/client.ts'
import { useMe } from '../../accounts/me.ts'
import { hub } from '../../app/api.ts'
import { basePath } from '../../app/base.ts'
import { Trail } from '../../audit/Trail.tsx'
import { LinkButton } from '../../parts/Button.tsx'
import { DenyPanel } from '../../parts/DenyPanel.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { NeedSignIn } from '../../parts/NeedSignIn.tsx'
import { Column, Heading, useTitle } from '../../parts/Page.tsx'
import { type Section, SettingsFrame } from '../../parts/SettingsFrame.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { PartyPart } from '../party/PartyPart.tsx'
import { ApprovalsPart } from './ApprovalsPart.tsx'
import { DirectoryPart } from './DirectoryPart.tsx'
import { GroupsPart } from './GroupsPart.tsx'
import { MembersPart } from './MembersPart.tsx'
import { ProfilePart } from './ProfilePart.tsx'
import { RulesPart } from './RulesPart.tsx'
import { ServicesPart } from './ServicesPart.tsx'
import { SsoPart } from './SsoPart.tsx'
import { TeamsPart } from './TeamsPart.tsx'

type Org = Awaited<ReturnType<Client['getOrg']>>

const sectionsOf = ({ id, name: org }: Org): readonly Section[] => [
  { slug: '', label: 'Profile', page: <ProfilePart org={org} /> },
  { slug: 'party', label: 'As a party', page: <PartyPart org={org} orgId={id} /> },
  { slug: 'members', label: 'Members', page: <MembersPart org={org} /> },
  { slug: 'teams', label: 'Teams', page: <TeamsPart org={org} /> },
  { slug: 'groups', label: 'Resource groups', page: <GroupsPart org={org} /> },
  { slug: 'rules', label: 'Rules', page: <RulesPart org={org} /> },
  { slug: 'approvals', label: 'Approvals', page: <ApprovalsPart org={org} /> },
  { slug: 'services', label: 'Service accounts', page: <ServicesPart org={org} /> },
  { slug: 'single-sign-on', label: 'Single sign-on', page: <SsoPart of={{ org }} /> },
  { slug: 'directory', label: 'Directory', page: <DirectoryPart org={org} /> },
  { slug: 'audit', label: 'Audit trail', page: <Trail of={{ kind: 'org', org }} />, isWide: true },
]

const NotTheirs = ({ org, refusal }: { readonly org: string; readonly refusal: ApiError }) => {
  useTitle('Settings', org)
  const message = `Administrators of ${org} change its settings, and its auditors read them. Ask one of them.`
  const { code, details } = refusal
  return (
    <Column width={720}>
      <Heading>Settings of {org}</Heading>
      <DenyPanel refusal={{ code, details, message }} title="You cannot see its settings." />
      <div>
        <LinkButton to={`/${encodeURIComponent(org)}`}>See {org}</LinkButton>
      </div>
    </Column>
  )
}

export const OrgSettingsPage = () => {
  const me = useMe()
  const { pathname } = useLocation()
  const [, , name = '', , current = ''] = pathname.slice(basePath.length).split('/')
  const org = decodeURIComponent(name)
  const { data, error } = useQuery({
    queryKey: ['org', org.toLowerCase()],
    queryFn: () => hub.getOrg({ org }),
  })
  // Whoever may not see its people may see none of its settings, and change nothing here.
  const looks = useQuery({
    queryKey: ['org', org, 'looks'],
    queryFn: () => hub.listMembers({ org, limit: 1 }),
    enabled: me != null,
  })
  if (me === null) return <NeedSignIn title="Settings" />
  if (error !== null) return <Failed error={error} isSignedIn={me !== undefined} />
  if (me === undefined || data === undefined || looks.isPending) return <Skeleton />
  if (looks.error instanceof ApiError && looks.error.status === 403)
    return <NotTheirs org={data.name} refusal={looks.error} />
  return (
    <SettingsFrame
      of={<TextLink to={`/${encodeURIComponent(data.name)}`}>{data.name}</TextLink>}
      ofName={data.name}
      to={`/organizations/${encodeURIComponent(data.name)}/settings`}
      sections={sectionsOf(data)}
      current={current}
    />
  )
}
