/** An organisation as a party of agreements: who it is, what proves it, with what it signs and who does. */
import { DomainsPanel } from './DomainsPanel.tsx'
import { KeysPanel } from './KeysPanel.tsx'
import { ProfilePanel } from './ProfilePanel.tsx'
import { SignatoriesPanel } from './SignatoriesPanel.tsx'

interface PartyProps {
  readonly org: string
  readonly orgId: string
}

export const PartyPart = ({ org, orgId }: PartyProps) => (
  <>
    <p className="-mt-4 text-ink-2">
      Partners see its legal name, its seat and its proved domains. What is changed here is kept in
      the audit trail.
    </p>
    <ProfilePanel org={org} />
    <SignatoriesPanel org={org} />
    <KeysPanel org={org} orgId={orgId} />
    <DomainsPanel org={org} />
  </>
)
