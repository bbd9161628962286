/** Who sees a repo, where it stands, its end. */
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { useGo } from '../../parts/Go.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SaveForm } from '../../parts/SaveForm.tsx'
import { type Repo, repoKey } from '../data.ts'
import { callName, repoTo } from '../place.ts'

type Sight = Repo['visibility']

const sights: readonly { readonly value: Sight; readonly label: string }[] = [
  { value: 'private', label: 'Private: its owner’s people, and whom you share it with' },
  { value: 'internal', label: 'Internal: everyone with an account on this hub' },
  { value: 'public', label: 'Public: everyone, without signing in' },
]

const SightForm = ({ repo }: { readonly repo: Repo }) => {
  const [visibility, setVisibility] = useState<Sight>(repo.visibility)
  const save = useAct({
    act: () => hub.changeRepo({ ...callName(repo), visibility }),
    stale: [repoKey(repo), ['repos']],
    done: 'Saved.',
  })
  return (
    <SaveForm
      save={save}
      verb="Save who sees it"
      reason={visibility === repo.visibility ? 'It is so already.' : undefined}
    >
      <Select
        label="Who sees it"
        options={sights}
        value={visibility}
        onChange={({ target }) =>
          setVisibility(sights.find(({ value }) => value === target.value)?.value ?? visibility)
        }
      />
    </SaveForm>
  )
}

const MoveForm = ({ repo }: { readonly repo: Repo }) => {
  const [to, setTo] = useState({ toOwner: repo.owner, toName: repo.name })
  const go = useGo()
  const move = useAct({
    act: () => hub.moveRepo({ ...callName(repo), ...to }),
    stale: [['repos']],
    done: ({ path }) => `It is called ${path} now. The old name leads there.`,
    onDone: ({ path }) => go(repoTo({ type: repo.type, path })),
  })
  const isSame = to.toOwner === repo.owner && to.toName === repo.name
  return (
    <SaveForm save={move} verb="Move it" reason={isSame ? 'That is its name already.' : undefined}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Owner"
          required
          value={to.toOwner}
          spellCheck={false}
          onChange={({ target }) => setTo({ ...to, toOwner: target.value })}
        />
        <Field
          label="Name"
          required
          value={to.toName}
          spellCheck={false}
          onChange={({ target }) => setTo({ ...to, toName: target.value })}
        />
      </div>
    </SaveForm>
  )
}

export const GeneralPart = ({ repo }: { readonly repo: Repo }) => {
  const go = useGo()
  const end = useAct({
    act: () => hub.deleteRepo(callName(repo)),
    stale: [['repos'], ['repo-counts']],
    done: `${repo.path} is deleted.`,
    onDone: () => go(`/${encodeURIComponent(repo.owner)}`),
  })
  return (
    <>
      <Panel title="Visibility">
        <SightForm key={repo.visibility} repo={repo} />
      </Panel>
      <Panel title="Name and owner">
        <MoveForm repo={repo} />
      </Panel>
      <Panel title="Slow and final" isFlush>
        <Rows label="Final">
          <Row
            title="Delete it"
            about="Its files, its history, its requests. Shared bytes stay for others."
          >
            <Confirm
              label="Delete"
              title={`Delete ${repo.path}?`}
              word={repo.path}
              verb="Delete it"
              act={() => end.mutateAsync()}
            >
              Clients are refused from now on. This cannot be taken back.
            </Confirm>
          </Row>
        </Rows>
      </Panel>
    </>
  )
}
