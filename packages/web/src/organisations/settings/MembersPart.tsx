/** Who belongs to an organisation, in which role, until when; and who is invited. */
import { type FormEvent, useState } from 'react'
import { asRole, type Role, roleOptions, roleWords, shortRoles } from '../../accounts/roles.ts'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Time } from '../../parts/Time.tsx'
import { InvitationsPanel } from './InvitationsPanel.tsx'
import { endOfDay } from './days.ts'

const AddMember = ({ org }: { readonly org: string }) => {
  const [wish, setWish] = useState<{ user: string; role: Role; until: string }>({
    user: '',
    role: 'read',
    until: '',
  })
  const add = useAct({
    act: () =>
      hub.setMember({
        org,
        user: wish.user.trim(),
        role: wish.role,
        ...(wish.until === '' ? {} : { expiresAt: endOfDay(wish.until) }),
      }),
    stale: [['org', org, 'members']],
    done: () => `${wish.user.trim()} is a member.`,
    onDone: () => setWish({ ...wish, user: '', until: '' }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <form
      onSubmit={submit}
      className="grid items-start gap-3 border-t border-line p-4 sm:grid-cols-[1fr_1fr_auto]"
    >
      <Field
        label="User name"
        required
        autoComplete="off"
        spellCheck={false}
        value={wish.user}
        onChange={({ target }) => setWish({ ...wish, user: target.value })}
        error={add.error?.message}
      />
      <Select
        label="Role"
        options={roleOptions}
        value={wish.role}
        onChange={({ target }) => setWish({ ...wish, role: asRole(target.value) })}
      />
      <Field
        label="Until"
        type="date"
        value={wish.until}
        onChange={({ target }) => setWish({ ...wish, until: target.value })}
      />
      <div>
        <Button type="submit" isBusy={add.isPending}>
          Add the member
        </Button>
      </div>
    </form>
  )
}

export const MembersPart = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'members']
  const pages = usePages(key, (page) => hub.listMembers({ org, ...page }))
  const change = useAct({
    act: (wish: { user: string; role: Role; expiresAt: string | null }) =>
      hub.setMember({ org, ...wish }),
    stale: [key, ['me']],
    done: (_answer, { user, role }) => `${user} is ${roleWords[role].toLowerCase()} now.`,
    tellsRefusal: true,
  })
  const remove = useAct({
    act: (user: string) => hub.removeMember({ org, user }),
    stale: [key, ['me']],
    done: (_answer, user) => `${user} is no member any more.`,
  })
  return (
    <>
      <Panel title="Members" isFlush>
        <Listed
          label="Members"
          pages={pages}
          empty={<EmptyState isSmall title="Nobody" />}
          row={({ id, name, fullName, role, since, expiresAt }) => (
            <Row
              key={id}
              lead={<Avatar name={name} kind="user" size={28} />}
              title={<TextLink to={`/${encodeURIComponent(name)}`}>{name}</TextLink>}
              about={
                <>
                  {fullName === '' || fullName === name ? '' : `${fullName}, `}
                  since <Time at={since} asDay />
                  {expiresAt === null ? null : (
                    <>
                      , until <Time at={expiresAt} asDay />
                    </>
                  )}
                </>
              }
            >
              <select
                aria-label={`Role of ${name}`}
                value={role}
                className="h-[30px] rounded-control border border-control bg-surface px-2 text-dense pointer-coarse:h-11"
                onChange={({ target }) =>
                  change.mutate({ user: name, role: asRole(target.value), expiresAt })
                }
              >
                {shortRoles.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
              <Confirm
                label="Remove"
                name={`Remove ${name}`}
                title={`Remove ${name} from ${org}?`}
                verb={`Remove ${name}`}
                act={() => remove.mutateAsync(name)}
              >
                What they may do because they belong to {org} ends at once.
              </Confirm>
            </Row>
          )}
        />
        <AddMember org={org} />
      </Panel>
      {pages.items === undefined ? null : <InvitationsPanel org={org} />}
    </>
  )
}
