/** Invitations: by mail, or by a link that somebody passes on. */
import { type FormEvent, useState } from 'react'
import { asRole, type Role, roleOptions, roleWords } from '../../accounts/roles.ts'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { hubUrl } from '../../app/base.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { Once } from '../../parts/Once.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Time } from '../../parts/Time.tsx'
import { endOfDay } from './days.ts'

const lives = [
  { value: '86400', label: 'One day' },
  { value: '604800', label: 'One week' },
  { value: '2592000', label: '30 days' },
]

interface Wish {
  readonly email: string
  readonly role: Role
  readonly life: string
  readonly until: string
}

const Invite = ({
  org,
  onMade,
}: {
  readonly org: string
  readonly onMade: (link: string) => void
}) => {
  const [wish, setWish] = useState<Wish>({ email: '', role: 'read', life: '604800', until: '' })
  const invite = useAct({
    act: () =>
      hub.createInvitation({
        org,
        role: wish.role,
        lifeSeconds: Number(wish.life),
        ...(wish.email.trim() === '' ? {} : { email: wish.email.trim() }),
        ...(wish.until === '' ? {} : { memberUntil: endOfDay(wish.until) }),
      }),
    stale: [['org', org, 'invitations']],
    onDone: ({ secret }) => {
      setWish({ ...wish, email: '' })
      onMade(`${hubUrl}/join/${secret}`)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    invite.mutate()
  }
  return (
    <form
      onSubmit={submit}
      className="grid items-start gap-3 border-t border-line p-4 sm:grid-cols-2"
    >
      <Field
        label="Mail address"
        type="email"
        help="They get the link by mail where the hub sends mail. Empty: you pass the link on."
        value={wish.email}
        onChange={({ target }) => setWish({ ...wish, email: target.value })}
        error={invite.error?.message}
      />
      <Select
        label="As"
        options={roleOptions}
        value={wish.role}
        onChange={({ target }) => setWish({ ...wish, role: asRole(target.value) })}
      />
      <Select
        label="The invitation lasts"
        options={lives}
        value={wish.life}
        onChange={({ target }) => setWish({ ...wish, life: target.value })}
      />
      <Field
        label="Member until"
        type="date"
        value={wish.until}
        onChange={({ target }) => setWish({ ...wish, until: target.value })}
      />
      <div>
        <Button kind="primary" type="submit" isBusy={invite.isPending}>
          Invite
        </Button>
      </div>
    </form>
  )
}

export const InvitationsPanel = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'invitations']
  const [link, setLink] = useState<string>()
  const pages = usePages(key, (page) => hub.listInvitations({ org, ...page }))
  const revoke = useAct({
    act: (id: string) => hub.revokeInvitation({ org, id }),
    stale: [key],
    done: 'The invitation is taken back.',
    tellsRefusal: true,
  })
  return (
    <Panel title="Invitations" isFlush>
      <Listed
        label="Invitations"
        pages={pages}
        empty={<EmptyState isSmall title="No invitation is open" />}
        row={({ id, email, role, createdAt, expiresAt }) => (
          <Row
            key={id}
            title={email ?? 'A link that was passed on'}
            about={
              <>
                {roleWords[role]}, invited <Time at={createdAt} />, until{' '}
                <Time at={expiresAt} asDay />
              </>
            }
          >
            <Button
              size="small"
              aria-label={`Take back the invitation of ${email ?? 'a link'}`}
              onClick={() => revoke.mutate(id)}
            >
              Take back
            </Button>
          </Row>
        )}
      />
      <Invite org={org} onMade={setLink} />
      {link === undefined ? null : (
        <Once
          title="The invitation"
          secret={link}
          label="the link"
          onClose={() => setLink(undefined)}
        >
          Whoever is signed in and opens this link may become a member of {org}, once. It is shown
          once: copy it now.
        </Once>
      )}
    </Panel>
  )
}
