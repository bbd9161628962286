/** Resource groups: repositories that membership alone does not open. */
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { repoTo, splitPath } from '../../repos/place.ts'
import { GrantsPanel } from '../GrantsPanel.tsx'
import { AddByName } from './AddByName.tsx'

interface GroupName {
  readonly id: string
  readonly name: string
}

const Group = ({ org, group }: { readonly org: string; readonly group: GroupName }) => {
  const key = ['org', org, 'group', group.name]
  const at = { org, group: group.name }
  const pages = usePages(key, (page) => hub.listGroupRepos({ ...at, ...page }))
  const put = useAct({
    act: (name: string) =>
      name.startsWith('datasets/')
        ? hub.putInGroup({ ...at, type: 'dataset', name: name.slice('datasets/'.length) })
        : hub.putInGroup({ ...at, type: 'model', name }),
    stale: [key],
    done: (_answer, name) => `${name} is in ${group.name}.`,
  })
  const take = useAct({
    act: (repo: { type: string; name: string }) => hub.takeOutOfGroup({ ...at, ...repo }),
    stale: [key],
    done: (_answer, { name }) => `${name} is out of ${group.name}.`,
    tellsRefusal: true,
  })
  return (
    <>
      <Panel title={`Repositories of ${group.name}`} isFlush>
        <Listed
          label={`Repositories of ${group.name}`}
          pages={pages}
          empty={<EmptyState isSmall title="Nothing is in it yet" />}
          row={({ id, type, path }) => (
            <Row
              key={id}
              title={<TextLink to={repoTo({ type, path })}>{path}</TextLink>}
              about={type}
            >
              <Button
                size="small"
                aria-label={`Take ${path} out of ${group.name}`}
                onClick={() => take.mutate({ type, name: splitPath(path).name })}
              >
                Take out
              </Button>
            </Row>
          )}
        />
        <AddByName
          label="A repository of the organisation"
          help="Its name without the owner; datasets/name for a dataset."
          verb="Put into the group"
          add={put}
        />
      </Panel>
      <GrantsPanel
        org={org}
        targetId={group.id}
        target={{ kind: 'group', name: group.name }}
        title={`Who may use ${group.name}`}
      />
    </>
  )
}

export const GroupsPart = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'groups']
  const [shown, setShown] = useState<GroupName>()
  const pages = usePages(key, (page) => hub.listGroups({ org, ...page }))
  const create = useAct({
    act: (name: string) => hub.createGroup({ org, name }),
    stale: [key],
    done: (_answer, name) => `The group ${name} is there.`,
  })
  const remove = useAct({
    act: (group: string) => hub.deleteGroup({ org, group }),
    stale: [key],
    done: (_answer, group) => `The group ${group} is gone.`,
    onDone: () => setShown(undefined),
  })
  return (
    <>
      <Panel title="Resource groups" isFlush>
        <Listed
          label="Resource groups"
          pages={pages}
          empty={
            <EmptyState isSmall title="No groups yet">
              What is put into a group is open to those who are named for it, and to administrators.
            </EmptyState>
          }
          row={({ id, name }) => (
            <Row key={id} title={name}>
              <Button
                size="small"
                aria-expanded={shown?.id === id}
                aria-label={`What is in ${name}`}
                onClick={() => setShown(shown?.id === id ? undefined : { id, name })}
              >
                Open
              </Button>
              <Confirm
                label="Delete"
                name={`Delete the group ${name}`}
                title={`Delete the group ${name}?`}
                verb="Delete the group"
                act={() => remove.mutateAsync(name)}
              >
                What was in it is open to all members again, by their roles.
              </Confirm>
            </Row>
          )}
        />
        <AddByName label="Name of a new group" verb="Create the group" add={create} />
      </Panel>
      {shown === undefined ? null : <Group key={shown.id} org={org} group={shown} />}
    </>
  )
}
