/** Holds: what stands above everybody's rights in a repository, placed and lifted with a reason. */
import { type FormEvent, useState } from 'react'
import { hub } from '../app/api.ts'
import { useAct, usePages } from '../app/act.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Refused } from '../parts/Refused.tsx'
import { Field, Select } from '../parts/Field.tsx'
import { TextLink } from '../parts/Go.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Listed, Row } from '../parts/Rows.tsx'
import { Tag } from '../parts/Tag.tsx'
import { callName, parseRepoPlace, repoTo } from '../repos/place.ts'

const key = ['admin', 'holds']

const kinds = [
  { value: 'legal_hold', label: 'Legal hold: nothing is read, changed or deleted' },
  { value: 'takedown', label: 'Takedown: nothing is given out any more' },
  { value: 'quarantine', label: 'Quarantine: listed, not read' },
] as const

const words = {
  legal_hold: 'Legal hold',
  takedown: 'Taken down',
  quarantine: 'Quarantine',
} as const

type Kind = (typeof kinds)[number]['value']

const PlaceHold = ({ lifted }: { readonly lifted: string }) => {
  const [wish, setWish] = useState<{ where: string; kind: Kind | ''; reason: string }>({
    where: lifted,
    kind: lifted === '' ? 'legal_hold' : '',
    reason: '',
  })
  const place = useAct({
    act: () =>
      hub.setHold({
        ...callName(parseRepoPlace(`/${wish.where.trim().replace(/^\/+/, '')}`)),
        kind: wish.kind === '' ? null : wish.kind,
        reason: wish.reason.trim(),
      }),
    stale: [key, ['repo'], ['repos']],
    done: wish.kind === '' ? 'The hold is lifted.' : 'The hold stands.',
    onDone: () => setWish({ where: '', kind: 'legal_hold', reason: '' }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    place.mutate()
  }
  return (
    <Panel title="Place or lift a hold">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Repository"
          help="owner/name of a model, datasets/owner/name of a dataset."
          required
          autoComplete="off"
          spellCheck={false}
          value={wish.where}
          onChange={({ target }) => setWish({ ...wish, where: target.value })}
        />
        <Select
          label="Hold"
          options={[...kinds, { value: '', label: 'None: lift the one there is' }]}
          value={wish.kind}
          onChange={({ target }) =>
            setWish({
              ...wish,
              kind: kinds.find(({ value }) => value === target.value)?.value ?? '',
            })
          }
        />
        <Field
          label="Reason"
          help="It is written into the trail."
          required
          maxLength={2000}
          value={wish.reason}
          onChange={({ target }) => setWish({ ...wish, reason: target.value })}
        />
        <Refused error={place.error} />
        <div>
          <Button kind="danger" type="submit" isBusy={place.isPending}>
            {wish.kind === '' ? 'Lift the hold' : 'Place the hold'}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

export const HoldsPart = () => {
  const [lifted, setLifted] = useState('')
  const pages = usePages(key, (page) => hub.listHolds(page))
  return (
    <>
      <Panel title="In force" isFlush>
        <Listed
          label="Holds in force"
          pages={pages}
          empty={<EmptyState isSmall title="Nothing is held" />}
          row={({ type, path, kind }) => (
            <Row
              key={`${type} ${path}`}
              lead={<Tag>{words[kind]}</Tag>}
              title={<TextLink to={repoTo({ type, path })}>{path}</TextLink>}
            >
              <Button
                size="small"
                aria-label={`Lift the hold on ${path}`}
                onClick={() => setLifted(repoTo({ type, path }).slice(1))}
              >
                Lift
              </Button>
            </Row>
          )}
        />
      </Panel>
      <PlaceHold key={lifted} lifted={lifted} />
    </>
  )
}
