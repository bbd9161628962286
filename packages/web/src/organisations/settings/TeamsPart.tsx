/** Teams: people who are given something together. */
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Time } from '../../parts/Time.tsx'
import { AddByName } from './AddByName.tsx'

const Team = ({ org, team }: { readonly org: string; readonly team: string }) => {
  const key = ['org', org, 'team', team]
  const pages = usePages(key, (page) => hub.listTeamMembers({ org, team, ...page }))
  const add = useAct({
    act: (user: string) => hub.addToTeam({ org, team, user }),
    stale: [key],
    done: (_answer, user) => `${user} is in ${team}.`,
  })
  const remove = useAct({
    act: (user: string) => hub.removeFromTeam({ org, team, user }),
    stale: [key],
    done: (_answer, user) => `${user} is no longer in ${team}.`,
    tellsRefusal: true,
  })
  return (
    <Panel title={`People of ${team}`} isFlush>
      <Listed
        label={`People of ${team}`}
        pages={pages}
        empty={<EmptyState isSmall title="Nobody is in it yet" />}
        row={({ id, name, fullName }) => (
          <Row
            key={id}
            lead={<Avatar name={name} kind="user" size={24} />}
            title={name}
            about={fullName}
          >
            <Button
              size="small"
              aria-label={`Take ${name} out of ${team}`}
              onClick={() => remove.mutate(name)}
            >
              Take out
            </Button>
          </Row>
        )}
      />
      <AddByName label="A member of the organisation" verb="Put into the team" add={add} />
    </Panel>
  )
}

export const TeamsPart = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'teams']
  const [shown, setShown] = useState<string>()
  const pages = usePages(key, (page) => hub.listTeams({ org, ...page }))
  const create = useAct({
    act: (name: string) => hub.createTeam({ org, name }),
    stale: [key],
    done: (_answer, name) => `The team ${name} is there.`,
  })
  const remove = useAct({
    act: (team: string) => hub.deleteTeam({ org, team }),
    stale: [key, ['org', org, 'grants']],
    done: (_answer, team) => `The team ${team} is gone.`,
    onDone: () => setShown(undefined),
  })
  return (
    <>
      <Panel title="Teams" isFlush>
        <Listed
          label="Teams"
          pages={pages}
          empty={
            <EmptyState isSmall title="No teams yet">
              A team is given a role in a repository, and its people have it.
            </EmptyState>
          }
          row={({ id, name, createdAt }) => (
            <Row
              key={id}
              title={name}
              about={
                <>
                  Made <Time at={createdAt} />
                </>
              }
            >
              <Button
                size="small"
                aria-expanded={shown === name}
                aria-label={`People of ${name}`}
                onClick={() => setShown(shown === name ? undefined : name)}
              >
                People
              </Button>
              <Confirm
                label="Delete"
                name={`Delete the team ${name}`}
                title={`Delete the team ${name}?`}
                verb="Delete the team"
                act={() => remove.mutateAsync(name)}
              >
                What was given to it ends for its people.
              </Confirm>
            </Row>
          )}
        />
        <AddByName label="Name of a new team" verb="Create the team" add={create} />
      </Panel>
      {shown === undefined ? null : <Team key={shown} org={org} team={shown} />}
    </>
  )
}
