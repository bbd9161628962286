/** Who the organisation is in law: agreements name it so. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Client } from '@weighhouse/contract/client.ts'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { stale } from './data.ts'

type Profile = NonNullable<Awaited<ReturnType<Client['getParty']>>['profile']>

const kinds = [
  { value: 'Company', label: 'Company' },
  { value: 'Hospital', label: 'Hospital' },
  { value: 'Academic', label: 'University or research institute' },
  { value: 'NonProfit', label: 'Non-profit' },
  { value: 'PublicBody', label: 'Public body' },
] as const

const Form = ({ org, profile }: { readonly org: string; readonly profile: Profile | null }) => {
  const [wish, setWish] = useState<Profile>(
    profile ?? { legalName: '', seat: '', orgType: 'Company' },
  )
  const save = useAct({
    act: (values: Profile) => hub.describeParty({ org, ...values }),
    done: 'Saved',
    verb: 'Save',
    stale,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate(wish)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="Legal name"
        value={wish.legalName}
        maxLength={200}
        required
        help="As it stands in the register."
        onChange={({ target }) => setWish({ ...wish, legalName: target.value })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Country of the seat"
          value={wish.seat}
          maxLength={2}
          required
          help="Two letters, such as DE."
          onChange={({ target }) => setWish({ ...wish, seat: target.value.toUpperCase() })}
        />
        <Select
          label="Kind"
          value={wish.orgType}
          options={kinds}
          onChange={({ target }) => {
            const found = kinds.find(({ value }) => value === target.value)
            if (found !== undefined) setWish({ ...wish, orgType: found.value })
          }}
        />
      </div>
      <Refused error={save.error} />
      <div>
        <Button type="submit" isBusy={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}

export const ProfilePanel = ({ org }: { readonly org: string }) => {
  const { data, error } = useQuery({
    queryKey: ['party', org, 'profile'],
    queryFn: () => hub.getParty({ org }),
  })
  return (
    <Panel title="In law">
      {error === null ? null : <p className="text-dense text-fail">{error.message}</p>}
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={3} />
        ) : null
      ) : (
        <Form org={org} profile={data.profile} />
      )}
    </Panel>
  )
}
