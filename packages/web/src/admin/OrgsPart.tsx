/** Every organisation, and a new one. */
import { useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { usePages } from '../app/act.ts'
import { NewOrg } from '../organisations/OrgsPage.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { LinkButton } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { TextLink } from '../parts/Go.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Listed, Row } from '../parts/Rows.tsx'
import { Time } from '../parts/Time.tsx'

export const OrgsPart = () => {
  const me = useMe()
  const pages = usePages(['orgs'], (page) => hub.listOrgs(page))
  return (
    <>
      <Panel title="Organisations" isFlush>
        <Listed
          label="Organisations"
          pages={pages}
          empty={<EmptyState isSmall title="No organisations yet" />}
          row={({ id, name, fullName, createdAt }) => (
            <Row
              key={id}
              lead={<Avatar name={name} kind="org" size={28} />}
              title={<TextLink to={`/${encodeURIComponent(name)}`}>{name}</TextLink>}
              about={
                <>
                  {fullName === '' ? '' : `${fullName}, `}made <Time at={createdAt} asDay />
                </>
              }
            >
              <LinkButton size="small" to={`/organizations/${encodeURIComponent(name)}/settings`}>
                Settings
              </LinkButton>
            </Row>
          )}
        />
      </Panel>
      {me == null ? null : <NewOrg me={me} />}
    </>
  )
}
