/** The organisations of this hub; its administrators make new ones here. */
import { type FormEvent, useState } from 'react'
import { type Me, useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useAct, usePages } from '../app/act.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Field } from '../parts/Field.tsx'
import { TextLink, useGo } from '../parts/Go.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Listed, Row } from '../parts/Rows.tsx'

export const NewOrg = ({ me }: { readonly me: Me }) => {
  const go = useGo()
  const [name, setName] = useState('')
  const [owner, setOwner] = useState(me.name)
  const create = useAct({
    act: () => hub.createOrg({ name: name.trim(), owner: owner.trim() }),
    stale: [['orgs'], ['me']],
    done: (org) => `${org.name} is there.`,
    onDone: (org) => go(`/${encodeURIComponent(org.name)}`),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Panel title="New organisation">
      <form onSubmit={submit} className="flex flex-wrap items-start gap-3">
        <div className="min-w-48 flex-1">
          <Field
            label="Name"
            help="As it stands in addresses."
            required
            maxLength={96}
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={({ target }) => setName(target.value)}
            error={create.error?.message}
          />
        </div>
        <div className="min-w-48 flex-1">
          <Field
            label="First administrator"
            required
            autoComplete="off"
            spellCheck={false}
            value={owner}
            onChange={({ target }) => setOwner(target.value)}
          />
        </div>
        <Button kind="primary" type="submit" isBusy={create.isPending} className="sm:mt-[26px]">
          Create it
        </Button>
      </form>
    </Panel>
  )
}

export const OrgsPage = () => {
  const me = useMe()
  useTitle('Organisations')
  const pages = usePages(['orgs'], (page) => hub.listOrgs(page))
  return (
    <Column width={840}>
      <Heading>Organisations</Heading>
      <Panel isFlush>
        <Listed
          label="Organisations"
          pages={pages}
          empty={
            <EmptyState title="No organisations yet">
              An administrator of this hub creates the first one.
            </EmptyState>
          }
          row={({ id, name, fullName, details }) => (
            <Row
              key={id}
              lead={<Avatar name={name} kind="org" size={32} />}
              title={
                <TextLink to={`/${encodeURIComponent(name)}`}>
                  {fullName === '' ? name : fullName}
                </TextLink>
              }
              about={[fullName === '' || fullName === name ? '' : name, details]
                .filter((one) => one !== null && one !== '')
                .join(' · ')}
            />
          )}
        />
      </Panel>
      {me?.isAdmin === true ? <NewOrg me={me} /> : null}
    </Column>
  )
}
