/** Settings of a repo: who sees it, who passes its gate, who was named, its licence and its family, its end. */
import { RepoFrame } from '../RepoFrame.tsx'
import type { Repo } from '../data.ts'
import { repoTo, type RepoPlace, toIn } from '../place.ts'
import { DenyPanel } from '../../parts/DenyPanel.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { type Section, SettingsFrame } from '../../parts/SettingsFrame.tsx'
import { GrantsPanel } from '../../organisations/GrantsPanel.tsx'
import { AccessPart } from './AccessPart.tsx'
import { GatePart } from './GatePart.tsx'
import { GeneralPart } from './GeneralPart.tsx'
import { LicencePart } from './LicencePart.tsx'
import { RequestsPart } from './RequestsPart.tsx'

const sectionsOf = (repo: Repo): readonly Section[] => [
  ...(repo.may.admin
    ? [
        { slug: '', label: 'General', page: <GeneralPart repo={repo} /> },
        { slug: 'gate', label: 'Gate', page: <GatePart repo={repo} /> },
      ]
    : []),
  { slug: 'requests', label: 'Access requests', page: <RequestsPart repo={repo} /> },
  ...(repo.may.admin
    ? [{ slug: 'access', label: 'Who may do what', page: <AccessPart repo={repo} /> }]
    : []),
  ...(repo.may.admin
    ? [
        {
          slug: 'collaborators',
          label: 'Collaborators',
          page: (
            <GrantsPanel
              org={repo.owner}
              targetId={repo.id}
              target={{ kind: 'repo', type: repo.type, name: repo.name }}
              title="Named for this repository"
            />
          ),
        },
      ]
    : []),
  { slug: 'licence', label: 'Licence and lineage', page: <LicencePart repo={repo} /> },
]

const Inside = ({ repo, place }: { readonly repo: Repo; readonly place: RepoPlace }) => {
  if (!repo.may.write) {
    const message = `Settings are for those who write to ${repo.path}.`
    return (
      <div className="mx-auto max-w-[720px] p-6">
        <DenyPanel
          refusal={{ code: 'permission_denied', message, details: {} }}
          title="You cannot change its settings."
        />
      </div>
    )
  }
  const sections = sectionsOf(repo)
  return (
    <SettingsFrame
      of={<TextLink to={repoTo(repo)}>{repo.name}</TextLink>}
      ofName={repo.path}
      to={toIn(repo, 'settings')}
      sections={sections}
      current={place.tail === '' ? (sections[0]?.slug ?? '') : place.tail}
      level={2}
    />
  )
}

export const RepoSettingsPage = () => (
  <RepoFrame tab="settings">{(repo, place) => <Inside repo={repo} place={place} />}</RepoFrame>
)
