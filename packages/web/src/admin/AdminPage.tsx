/** The hub, for those who run it. */
import { useLocation } from '@tanstack/react-router'
import { useMe } from '../accounts/me.ts'
import { basePath } from '../app/base.ts'
import { Trail } from '../audit/Trail.tsx'
import { SsoPart } from '../organisations/settings/SsoPart.tsx'
import { DenyPanel } from '../parts/DenyPanel.tsx'
import { NeedSignIn } from '../parts/NeedSignIn.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'
import { type Section, SettingsFrame } from '../parts/SettingsFrame.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { HealthPart } from './HealthPart.tsx'
import { HoldsPart } from './HoldsPart.tsx'
import { JobsPart } from './JobsPart.tsx'
import { OrgsPart } from './OrgsPart.tsx'
import { PeoplePart } from './PeoplePart.tsx'
import { StoragePart } from './StoragePart.tsx'

const sections: readonly Section[] = [
  { slug: '', label: 'Overview', page: <HealthPart /> },
  { slug: 'people', label: 'People', page: <PeoplePart />, isWide: true },
  { slug: 'organisations', label: 'Organisations', page: <OrgsPart /> },
  { slug: 'storage', label: 'Storage', page: <StoragePart />, isWide: true },
  { slug: 'jobs', label: 'Jobs', page: <JobsPart />, isWide: true },
  { slug: 'holds', label: 'Holds', page: <HoldsPart /> },
  { slug: 'sign-in', label: 'Sign-in', page: <SsoPart of="hub" /> },
  { slug: 'audit', label: 'Audit trail', page: <Trail of={{ kind: 'hub' }} />, isWide: true },
]

const Denied = () => {
  useTitle('Admin')
  const message = 'Only an administrator of this hub may manage it.'
  return (
    <Column width={720}>
      <Heading>Admin</Heading>
      <DenyPanel
        refusal={{ code: 'permission_denied', message, details: { who: 'admin' } }}
        title="You cannot manage this hub."
      />
    </Column>
  )
}

export const AdminPage = () => {
  const me = useMe()
  const { pathname } = useLocation()
  if (me === undefined) return <Skeleton />
  if (me === null) return <NeedSignIn title="Admin" />
  if (!me.isAdmin) return <Denied />
  return (
    <SettingsFrame
      of={location.host}
      ofName="the hub"
      to="/admin"
      sections={sections}
      current={pathname.slice(basePath.length).split('/')[2] ?? ''}
    />
  )
}
