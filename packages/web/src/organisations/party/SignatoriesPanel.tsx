/** Who may sign for the organisation: one administrator names, a second one confirms. */
import { useQuery } from '@tanstack/react-query'
import type { Client } from '@weighhouse/contract/client.ts'
import { type FormEvent, useState } from 'react'
import { signatoriesQuery } from '../../agreements/data.ts'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import { stale } from './data.ts'

type Signatory = Awaited<ReturnType<Client['listSignatories']>>['items'][number]
type Side = 'provider' | 'consumer'

const stateWords = {
  named: 'Waits for a second administrator',
  in_force: 'May sign',
  not_yet: 'Not yet',
  over: 'Over',
} as const

const Row = ({ org, one }: { readonly org: string; readonly one: Signatory }) => {
  const named = { org, id: one.id }
  const confirm = useAct({
    act: () => hub.confirmSignatory(named),
    done: `${one.user} may sign for ${org}`,
    verb: 'Confirm',
    stale,
  })
  const end = useAct({
    act: () => hub.endSignatory(named),
    done: `${one.user} may no longer sign`,
    verb: 'End the authority',
    stale,
  })
  return (
    <li className="flex flex-col gap-3 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <Avatar name={one.user} kind="user" size={24} />
        <span className="min-w-0 flex-1">
          <strong className="font-semibold">
            {plainName(one.fullName === '' ? one.user : one.fullName)}
          </strong>
          , {plainName(one.title)}
          <span className="block text-meta text-ink-3">
            {one.sides.length === 2
              ? 'gives and receives'
              : one.sides[0] === 'provider'
                ? 'when it gives'
                : 'when it receives'}
            , until <Time at={one.to} asDay />
          </span>
        </span>
        <Tag>{stateWords[one.state]}</Tag>
        {one.state === 'named' ? (
          <Button
            size="small"
            isBusy={confirm.isPending}
            aria-label={`Confirm ${one.user}`}
            onClick={() => confirm.mutate()}
          >
            Confirm
          </Button>
        ) : null}
        {one.state === 'over' ? null : (
          <Confirm
            label="End"
            name={`End the authority of ${one.user}`}
            title={`End the authority of ${one.user}?`}
            verb="End the authority"
            act={() => end.mutateAsync()}
          >
            From now on {one.user} may not sign for {org}. What was signed before stays signed.
          </Confirm>
        )}
      </div>
      <Refused error={confirm.error} />
    </li>
  )
}

interface Wish {
  readonly user: string
  readonly title: string
  readonly sides: 'both' | Side
  readonly to: string
}

const sides = [
  { value: 'both', label: 'Both, when it gives and when it receives' },
  { value: 'provider', label: 'When it gives' },
  { value: 'consumer', label: 'When it receives' },
] as const

const empty: Wish = { user: '', title: '', sides: 'both', to: '' }

const NameForm = ({ org }: { readonly org: string }) => {
  const [wish, setWish] = useState(empty)
  const name = useAct({
    act: (values: Wish) =>
      hub.nameSignatory({
        org,
        user: values.user.trim(),
        title: values.title.trim(),
        sides: values.sides === 'both' ? ['provider', 'consumer'] : [values.sides],
        to: `${values.to}T00:00:00.000Z`,
      }),
    done: 'Named. A second administrator confirms.',
    verb: 'Name the signatory',
    stale,
    onDone: () => setWish(empty),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    name.mutate(wish)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 border-t border-line pt-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="User name"
          value={wish.user}
          required
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setWish({ ...wish, user: target.value })}
        />
        <Field
          label="Title"
          value={wish.title}
          required
          maxLength={100}
          help="Such as Managing Director: it stands beside the signature."
          onChange={({ target }) => setWish({ ...wish, title: target.value })}
        />
        <Select
          label="Signs"
          value={wish.sides}
          options={sides}
          onChange={({ target }) => {
            const found = sides.find(({ value }) => value === target.value)
            if (found !== undefined) setWish({ ...wish, sides: found.value })
          }}
        />
        <Field
          label="Until"
          type="date"
          value={wish.to}
          required
          onChange={({ target }) => setWish({ ...wish, to: target.value })}
        />
      </div>
      <Refused error={name.error} />
      <div>
        <Button type="submit" isBusy={name.isPending}>
          Name the signatory
        </Button>
      </div>
    </form>
  )
}

export const SignatoriesPanel = ({ org }: { readonly org: string }) => {
  const { data, error } = useQuery(signatoriesQuery(org))
  return (
    <Panel title="Signatories" aside="one administrator names, another confirms">
      <div className="flex flex-col gap-3">
        {error === null ? null : <p className="text-dense text-fail">{error.message}</p>}
        {data?.length === 0 ? (
          <p className="text-dense text-ink-2">Nobody may sign for {org} yet.</p>
        ) : null}
        <ul className="divide-y divide-line">
          {data?.map((one) => (
            <Row key={one.id} org={org} one={one} />
          ))}
        </ul>
        <NameForm org={org} />
      </div>
    </Panel>
  )
}
