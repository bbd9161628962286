/** The gate: do people have to ask, and of what do they have to agree. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { Checkbox, Select } from '../../parts/Field.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { type Repo, repoKey } from '../data.ts'
import { callName, toIn } from '../place.ts'

type Kind = Repo['gate']

const kinds = [
  { value: '', label: 'Open: whoever sees it may read its files' },
  { value: 'auto', label: 'Terms: whoever agrees to them is let in' },
  { value: 'manual', label: 'Ask first: you decide about each request' },
]

const kindOf = (word: string): Kind => (word === 'auto' || word === 'manual' ? word : null)

const GateForm = ({ repo }: { readonly repo: Repo }) => {
  const [kind, setKind] = useState<Kind>(repo.gate)
  const [covers, setCovers] = useState<boolean>()
  const save = useAct({
    act: () =>
      hub.setGate({
        ...callName(repo),
        kind,
        ...(covers === undefined ? {} : { coversMembers: covers }),
      }),
    stale: [repoKey(repo), ['repos']],
    done: 'The gate stands so from now on.',
  })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Select
        label="Who may read its files"
        options={kinds}
        value={kind ?? ''}
        onChange={({ target }) => setKind(kindOf(target.value))}
      />
      <Checkbox
        label="Members of its owner who may only read ask too"
        checked={covers ?? false}
        onChange={({ target }) => setCovers(target.checked)}
      />
      <Refused error={save.error} />
      <div>
        <Button kind="primary" type="submit" isBusy={save.isPending}>
          Save the gate
        </Button>
      </div>
    </form>
  )
}

const Terms = ({ repo }: { readonly repo: Repo }) => {
  const { data } = useQuery({
    queryKey: [...repoKey(repo), 'terms'],
    queryFn: () => hub.readTerms(callName(repo)),
  })
  if (data === undefined) return <Skeleton rows={3} />
  return (
    <div className="flex flex-col gap-2 text-dense">
      <p className="whitespace-pre-line">{data.text}</p>
      {data.fields.length === 0 ? (
        <p className="text-ink-2">No questions are asked.</p>
      ) : (
        <ul className="list-disc ps-5" aria-label="Questions">
          {data.fields.map(({ name, type, isRequired }) => (
            <li key={name}>
              {name}{' '}
              <span className="text-ink-3">
                ({type}
                {isRequired ? '' : ', may stay empty'})
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="text-ink-2">
        They are written in the front matter of{' '}
        <TextLink to={toIn(repo, 'edit', 'main', 'README.md')} className="underline">
          the card
        </TextLink>
        : <code className="text-code">extra_gated_prompt</code>,{' '}
        <code className="text-code">extra_gated_fields</code>.
      </p>
    </div>
  )
}

export const GatePart = ({ repo }: { readonly repo: Repo }) => (
  <>
    <Panel title="The gate">
      <GateForm key={repo.gate ?? ''} repo={repo} />
    </Panel>
    <Panel title="What people agree to">
      <Terms repo={repo} />
    </Panel>
  </>
)
