/** The gate: do people have to ask, and of what do they have to agree. */
import { useQuery } from '@tanstack/react-query'
import { ApiError, type Client } from '@weighhouse/contract/client.ts'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Failure } from '../../parts/Failed.tsx'
import { Checkbox, Select } from '../../parts/Field.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { SaveForm } from '../../parts/SaveForm.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { type Repo, repoKey } from '../data.ts'
import { callName, toIn } from '../place.ts'

type Gate = Awaited<ReturnType<Client['getGate']>>

/** As the form offers them: one that opens by an agreement is one at which people ask, too. */
const ways = [
  { value: 'open', label: 'Open: whoever sees it may read its files' },
  { value: 'auto', label: 'Terms: whoever agrees to them is let in' },
  { value: 'manual', label: 'Ask first: you decide about each request' },
  { value: 'agreement', label: 'Agreement: their organisation agrees with its owner first' },
] as const

type Way = (typeof ways)[number]['value']

const wayOf = ({ kind, template }: Gate): Way =>
  template === null ? (kind ?? 'open') : 'agreement'

/** The hub's, and those of the owner where the viewer may know them. */
const useTemplates = (owner: string, isWanted: boolean) =>
  useQuery({
    queryKey: ['agreements', owner, 'gate-templates'],
    enabled: isWanted,
    queryFn: async () => {
      const { items } = await hub.listTemplates()
      const own = await hub.listOwnTemplates({ org: owner }).catch((error: unknown) => {
        if (error instanceof ApiError) return { items: [] }
        throw error
      })
      return [...own.items, ...items].map(({ id, title }) => ({ value: id, label: title }))
    },
  })

const GateForm = ({ repo, gate }: { readonly repo: Repo; readonly gate: Gate }) => {
  const [way, setWay] = useState(() => wayOf(gate))
  const [chosen, setChosen] = useState(gate.template ?? '')
  const [coversMembers, setCovers] = useState(gate.coversMembers)
  const { data: templates = [], error } = useTemplates(repo.owner, way === 'agreement')
  const save = useAct({
    act: () =>
      hub.setGate({
        ...callName(repo),
        kind: way === 'open' ? null : way === 'agreement' ? 'manual' : way,
        template: way === 'agreement' ? chosen : null,
        coversMembers,
      }),
    stale: [repoKey(repo), ['repos']],
    done: 'The gate stands so from now on.',
  })
  const isKnown = chosen === '' || templates.some(({ value }) => value === chosen)
  return (
    <SaveForm
      save={save}
      kind="primary"
      verb="Save the gate"
      reason={way === 'agreement' && chosen === '' ? 'Choose the template first.' : undefined}
    >
      <Select
        label="Who may read its files"
        options={ways}
        value={way}
        onChange={({ target }) =>
          setWay(ways.find(({ value }) => value === target.value)?.value ?? way)
        }
      />
      {way === 'agreement' ? (
        <Select
          label="Template of the agreement"
          options={[
            { value: '', label: 'Choose one' },
            ...templates,
            ...(isKnown ? [] : [{ value: chosen, label: chosen }]),
          ]}
          value={chosen}
          error={error?.message}
          onChange={({ target }) => setChosen(target.value)}
        />
      ) : null}
      <Checkbox
        label="Members of its owner who may only read ask too"
        checked={coversMembers}
        onChange={({ target }) => setCovers(target.checked)}
      />
    </SaveForm>
  )
}

const Gate = ({ repo }: { readonly repo: Repo }) => {
  const { data, error, refetch } = useQuery({
    queryKey: [...repoKey(repo), 'gate'],
    queryFn: () => hub.getGate(callName(repo)),
  })
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton rows={3} />
  return <GateForm key={`${data.kind} ${data.template}`} repo={repo} gate={data} />
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
      <Gate repo={repo} />
    </Panel>
    <Panel title="What people agree to">
      <Terms repo={repo} />
    </Panel>
  </>
)
