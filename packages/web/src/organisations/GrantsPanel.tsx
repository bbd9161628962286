/** Who was named for a repository or for a group of them, beside those whose role covers it. */
import type { Client } from '@weighhouse/contract/client.ts'
import { type FormEvent, useState } from 'react'
import { asRole, type Role, roleOptions, roleWords } from '../accounts/roles.ts'
import { hub } from '../app/api.ts'
import { useAct, usePages } from '../app/act.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Field, Select } from '../parts/Field.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Listed, Row } from '../parts/Rows.tsx'
import { Tag } from '../parts/Tag.tsx'
import { Time } from '../parts/Time.tsx'
import { endOfDay } from './settings/days.ts'

type Target = Parameters<Client['putGrant']>[0]['target']

interface GrantsProps {
  readonly org: string
  readonly targetId: string
  readonly target: Target
  readonly title: string
}

const kinds = [
  { value: 'user', label: 'A person' },
  { value: 'team', label: 'A team' },
] as const

interface Wish {
  readonly kind: 'user' | 'team'
  readonly name: string
  readonly role: Role
  readonly until: string
}

const NewGrant = ({ org, target, targetId }: Omit<GrantsProps, 'title'>) => {
  const [wish, setWish] = useState<Wish>({ kind: 'user', name: '', role: 'read', until: '' })
  const put = useAct({
    act: () =>
      hub.putGrant({
        org,
        target,
        grantee: { kind: wish.kind, name: wish.name.trim() },
        role: wish.role,
        ...(wish.until === '' ? {} : { expiresAt: endOfDay(wish.until) }),
      }),
    stale: [['org', org, 'grants', targetId]],
    done: () => `${wish.name.trim()} is named.`,
    onDone: () => setWish({ ...wish, name: '' }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    put.mutate()
  }
  return (
    <form
      onSubmit={submit}
      className="grid items-start gap-3 border-t border-line p-4 sm:grid-cols-2"
    >
      <Select
        label="Whom"
        options={kinds}
        value={wish.kind}
        onChange={({ target: { value } }) =>
          setWish({ ...wish, kind: value === 'team' ? 'team' : 'user' })
        }
      />
      <Field
        label="Name"
        required
        autoComplete="off"
        spellCheck={false}
        value={wish.name}
        onChange={({ target: { value } }) => setWish({ ...wish, name: value })}
        error={put.error?.message}
      />
      <Select
        label="As"
        options={roleOptions}
        value={wish.role}
        onChange={({ target: { value } }) => setWish({ ...wish, role: asRole(value) })}
      />
      <Field
        label="Until"
        type="date"
        value={wish.until}
        onChange={({ target: { value } }) => setWish({ ...wish, until: value })}
      />
      <div>
        <Button type="submit" isBusy={put.isPending}>
          Name them
        </Button>
      </div>
    </form>
  )
}

export const GrantsPanel = ({ org, targetId, target, title }: GrantsProps) => {
  const key = ['org', org, 'grants', targetId]
  const pages = usePages(key, (page) => hub.listGrants({ org, target: targetId, ...page }))
  const end = useAct({
    act: (grantee: string) => hub.deleteGrant({ org, target: targetId, grantee }),
    stale: [key],
    done: 'That has ended.',
    tellsRefusal: true,
  })
  return (
    <Panel title={title} isFlush>
      <Listed
        label={title}
        pages={pages}
        empty={<EmptyState isSmall title="Nobody is named beside the members" />}
        row={({ grantee, role, isOutside, grantedAt, expiresAt }) => (
          <Row
            key={grantee.id}
            lead={
              <Avatar
                name={grantee.name}
                kind={grantee.kind === 'team' ? 'org' : 'user'}
                size={28}
              />
            }
            title={
              <span className="flex flex-wrap items-center gap-2">
                {grantee.name}
                {grantee.kind === 'team' ? <Tag>Team</Tag> : null}
                {isOutside ? <Tag>From outside</Tag> : null}
              </span>
            }
            about={
              <>
                {roleWords[role]}, since <Time at={grantedAt} asDay />
                {expiresAt === null ? null : (
                  <>
                    , until <Time at={expiresAt} asDay />
                  </>
                )}
              </>
            }
          >
            <Button
              size="small"
              aria-label={`End what ${grantee.name} was given`}
              onClick={() => end.mutate(grantee.id)}
            >
              End
            </Button>
          </Row>
        )}
      />
      <NewGrant org={org} target={target} targetId={targetId} />
    </Panel>
  )
}
