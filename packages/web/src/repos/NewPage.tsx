/** A new repo: whose, its name, who sees it, under which licence. */
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Me, useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useDeed } from '../app/deed.ts'
import { useHere } from '../app/here.ts'
import { Button } from '../parts/Button.tsx'
import { signInHere } from '../parts/Failed.tsx'
import { Field, Select } from '../parts/Field.tsx'
import { useGo } from '../parts/Go.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { licenseWords } from '../parts/words.ts'
import { repoTo } from './place.ts'

const licenses = [
  '',
  'apache-2.0',
  'mit',
  'bsd-3-clause',
  'cc-by-4.0',
  'cc-by-nc-4.0',
  'cc-by-sa-4.0',
  'gpl-3.0',
  'openrail',
  'other',
]
const writers = new Set(['admin', 'maintainer', 'write', 'contributor'])

const sights = [
  { value: 'private', label: 'Private: its owner’s people, and whom you share it with' },
  { value: 'internal', label: 'Internal: everyone with an account on this hub' },
  { value: 'public', label: 'Public: everyone, without signing in' },
] as const

type Sight = (typeof sights)[number]['value']

const Form = ({ me, type }: { readonly me: Me; readonly type: 'model' | 'dataset' }) => {
  const go = useGo()
  const cache = useQueryClient()
  const owners = [
    me.name,
    ...me.orgs.filter(({ role }) => writers.has(role)).map(({ name }) => name),
  ]
  const [wish, setWish] = useState<{
    owner: string
    name: string
    visibility: Sight
    license: string
  }>({
    owner: owners[1] ?? me.name,
    name: '',
    visibility: 'private',
    license: '',
  })
  const make = useDeed({
    mutationFn: () => {
      const { license, ...rest } = wish
      return hub.createRepo({
        type,
        ...rest,
        name: rest.name.trim(),
        ...(license === '' ? {} : { license }),
      })
    },
    onSuccess: async (made) => {
      await cache.invalidateQueries({ queryKey: ['repos'] })
      go(repoTo(made))
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Select
        label="Owner"
        value={wish.owner}
        onChange={(event) => setWish({ ...wish, owner: event.target.value })}
        options={owners.map((value) => ({ value, label: value }))}
      />
      <Field
        label="Name"
        value={wish.name}
        onChange={(event) => setWish({ ...wish, name: event.target.value })}
        required
        maxLength={96}
        autoComplete="off"
        spellCheck={false}
        help="Letters, digits, dots, hyphens and underscores."
        error={make.error?.message}
      />
      <Select
        label="Who sees it"
        value={wish.visibility}
        onChange={(event) => {
          const found = sights.find(({ value }) => value === event.target.value)
          if (found !== undefined) setWish({ ...wish, visibility: found.value })
        }}
        options={sights}
      />
      <Select
        label="Licence"
        value={wish.license}
        onChange={(event) => setWish({ ...wish, license: event.target.value })}
        options={licenses.map((value) => ({
          value,
          label: value === '' ? 'None stated yet' : licenseWords(value),
        }))}
      />
      <div>
        <Button kind="primary" type="submit" isBusy={make.isPending}>
          Create the {type}
        </Button>
      </div>
    </form>
  )
}

export const NewPage = () => {
  const me = useMe()
  const type = useHere() === '/new-dataset' ? 'dataset' : 'model'
  useTitle(`New ${type}`)
  if (me === undefined) return <Skeleton />
  return (
    <Column>
      <Heading>New {type}</Heading>
      {me === null ? (
        <p>
          <a href={signInHere()} className="text-link underline">
            Sign in
          </a>{' '}
          to create one.
        </p>
      ) : (
        <Form me={me} type={type} />
      )}
    </Column>
  )
}
