/** An organisation as a party of agreements: who it is, what proves it, with what it signs and who does. */
import { useLocation } from '@tanstack/react-router'
import { useMe } from '../../accounts/me.ts'
import { basePath } from '../../app/base.ts'
import { NotHere } from '../../parts/Failed.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Column, Heading, useTitle } from '../../parts/Page.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { DomainsPanel } from './DomainsPanel.tsx'
import { KeysPanel } from './KeysPanel.tsx'
import { ProfilePanel } from './ProfilePanel.tsx'
import { SignatoriesPanel } from './SignatoriesPanel.tsx'

export const PartyPage = () => {
  const { pathname } = useLocation()
  const asked = decodeURIComponent(pathname.slice(basePath.length).split('/')[2] ?? '')
  const me = useMe()
  useTitle('As a party', asked)
  if (me === undefined) return <Skeleton />
  const found = me?.orgs.find(({ name }) => name.toLowerCase() === asked.toLowerCase())
  if (found === undefined) return <NotHere isSignedIn={me !== null} />
  const { name: org } = found
  return (
    <Column width={760}>
      <header className="flex flex-col gap-1">
        <p className="text-dense">
          <TextLink to={`/${encodeURIComponent(org)}`}>{org}</TextLink>
        </p>
        <Heading>{org} as a party of agreements</Heading>
        <p className="text-ink-2">
          Partners see its legal name, its seat and its proved domains. What is changed here is kept
          in the audit trail.
        </p>
      </header>
      <ProfilePanel org={org} />
      <SignatoriesPanel org={org} />
      <KeysPanel org={org} orgId={found.id} />
      <DomainsPanel org={org} />
    </Column>
  )
}
