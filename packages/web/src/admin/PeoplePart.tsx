/** Everybody with an account: new ones, links for those who lost their password, the end of access. */
import type { Client } from '@weighhouse/contract/client.ts'
import { type FormEvent, useState } from 'react'
import { hub } from '../app/api.ts'
import { useAct, usePages } from '../app/act.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Checkbox, Field } from '../parts/Field.tsx'
import { Once } from '../parts/Once.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Listed, Row } from '../parts/Rows.tsx'
import { Tag } from '../parts/Tag.tsx'
import { Time } from '../parts/Time.tsx'

type User = Awaited<ReturnType<Client['listUsers']>>['items'][number]

const key = ['admin', 'users']

interface Link {
  readonly name: string
  readonly url: string
}

const nothing = { name: '', email: '', isAdmin: false }

const NewUser = ({ onLink }: { readonly onLink: (link: Link) => void }) => {
  const [wish, setWish] = useState(nothing)
  const create = useAct({
    act: async () => {
      const { name } = await hub.createUser({
        name: wish.name.trim(),
        isAdmin: wish.isAdmin,
        ...(wish.email.trim() === '' ? {} : { email: wish.email.trim() }),
      })
      return { name, ...(await hub.offerRecovery({ name })) }
    },
    stale: [key],
    onDone: (link) => {
      setWish(nothing)
      onLink(link)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Panel title="New person">
      <form onSubmit={submit} className="grid items-start gap-3 sm:grid-cols-2">
        <Field
          label="User name"
          required
          autoComplete="off"
          spellCheck={false}
          value={wish.name}
          onChange={({ target }) => setWish({ ...wish, name: target.value })}
          error={create.error?.message}
        />
        <Field
          label="Mail address"
          type="email"
          autoComplete="off"
          value={wish.email}
          onChange={({ target }) => setWish({ ...wish, email: target.value })}
        />
        <Checkbox
          label="Administers this hub"
          checked={wish.isAdmin}
          onChange={({ target }) => setWish({ ...wish, isAdmin: target.checked })}
        />
        <div className="sm:text-end">
          <Button kind="primary" type="submit" isBusy={create.isPending}>
            Create the account
          </Button>
        </div>
      </form>
    </Panel>
  )
}

const UserRow = ({
  user,
  onLink,
}: {
  readonly user: User
  readonly onLink: (link: Link) => void
}) => {
  const { name } = user
  const offer = useAct({
    act: () => hub.offerRecovery({ name }),
    stale: [],
    onDone: ({ url }) => onLink({ name, url }),
    tellsRefusal: true,
  })
  const disable = useAct({
    act: () => hub.disableUser({ name }),
    stale: [key],
    done: `${name} is shut out.`,
  })
  return (
    <Row
      lead={<Avatar name={name} kind="user" size={28} />}
      title={
        <span className="flex flex-wrap items-center gap-2">
          {name}
          {user.isAdmin ? <Tag>Administers the hub</Tag> : null}
          {user.isDisabled ? <Tag>Shut out</Tag> : null}
        </span>
      }
      about={
        <>
          {[user.fullName, user.email]
            .filter((one) => one !== null && one !== '' && one !== name)
            .join(', ')}{' '}
          since <Time at={user.createdAt} asDay />
        </>
      }
    >
      {user.isDisabled ? null : (
        <>
          <Button
            size="small"
            aria-label={`New password for ${name}`}
            isBusy={offer.isPending}
            onClick={() => offer.mutate()}
          >
            New password
          </Button>
          <Confirm
            label="Shut out"
            name={`Shut out ${name}`}
            title={`Shut ${name} out?`}
            verb={`Shut out ${name}`}
            word={name}
            act={() => disable.mutateAsync()}
          >
            Sessions and tokens end at once. What they made stays.
          </Confirm>
        </>
      )}
    </Row>
  )
}

export const PeoplePart = () => {
  const [link, setLink] = useState<Link>()
  const [word, setWord] = useState('')
  const pages = usePages(key, (page) => hub.listUsers({ limit: 500, ...page }))
  const wanted = word.trim().toLowerCase()
  const isWanted = ({ name, fullName, email }: User): boolean =>
    [name, fullName, email ?? ''].some((one) => one.toLowerCase().includes(wanted))
  const items = pages.items?.filter(isWanted)
  return (
    <>
      <Panel
        title="People"
        isFlush
        aside={
          <input
            type="search"
            aria-label="Search people"
            placeholder="Name or mail"
            value={word}
            onChange={({ target }) => setWord(target.value)}
            className="h-[30px] rounded-control border border-control bg-surface px-2.5 text-dense text-ink placeholder:text-ink-3"
          />
        }
      >
        <Listed
          label="People"
          pages={{ ...pages, items }}
          empty={<EmptyState isSmall title="Nobody is called so" />}
          row={(user) => <UserRow key={user.id} user={user} onLink={setLink} />}
        />
      </Panel>
      <NewUser onLink={setLink} />
      {link === undefined ? null : (
        <Once
          title={`A link for ${link.name}`}
          secret={link.url}
          label="the link"
          onClose={() => setLink(undefined)}
        >
          Give it to {link.name}, and to nobody else: by it they set a password. It works once,
          until tomorrow.
        </Once>
      )}
    </>
  )
}
