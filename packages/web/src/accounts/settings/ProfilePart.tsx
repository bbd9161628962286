/** What others see of a person, and where they belong. */
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { LinkButton } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Facts, Panel } from '../../parts/Panel.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { CardForm } from '../CardForm.tsx'
import { roleWords } from '../roles.ts'
import type { Me } from '../me.ts'

const Orgs = ({ me }: { readonly me: Me }) => {
  const leave = useAct({
    act: (org: string) => hub.leaveOrg({ org }),
    stale: [['me'], ['org']],
    done: (_answer, org) => `You left ${org}.`,
  })
  if (me.orgs.length === 0)
    return (
      <EmptyState isSmall title="You belong to no organisation">
        An administrator of one sends you an invitation, by mail or as a link.
      </EmptyState>
    )
  return (
    <Rows label="Your organisations">
      {me.orgs.map(({ id, name, fullName, role }) => (
        <Row
          key={id}
          lead={<Avatar name={name} kind="org" size={28} />}
          title={<TextLink to={`/${encodeURIComponent(name)}`}>{name}</TextLink>}
          about={fullName === '' ? roleWords[role] : `${fullName} · ${roleWords[role]}`}
        >
          {role === 'admin' || role === 'auditor' ? (
            <LinkButton size="small" to={`/organizations/${encodeURIComponent(name)}/settings`}>
              Settings
            </LinkButton>
          ) : null}
          <Confirm
            label="Leave"
            name={`Leave ${name}`}
            title={`Leave ${name}?`}
            verb={`Leave ${name}`}
            act={() => leave.mutateAsync(name)}
          >
            What you may do because you belong to it ends at once. To come back you need an
            invitation.
          </Confirm>
        </Row>
      ))}
    </Rows>
  )
}

export const ProfilePart = ({ me }: { readonly me: Me }) => (
  <>
    <Panel title="Who you are">
      <Facts
        facts={[
          { name: 'User name', value: me.name },
          { name: 'Mail', value: me.email ?? 'None is known.' },
          ...(me.isAdmin ? [{ name: 'Hub', value: 'You administer this hub.' }] : []),
        ]}
      />
    </Panel>
    <Panel title="What others see">
      <CardForm
        card={me}
        nameLabel="Full name"
        save={(card) => hub.setMyCard(card)}
        stale={[['me'], ['org']]}
      />
    </Panel>
    <Panel title="Your organisations" isFlush>
      <Orgs me={me} />
    </Panel>
  </>
)
