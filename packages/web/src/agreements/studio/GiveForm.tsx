/** Gives somebody access under the agreement: a project, its purposes, a person, a team or the whole organisation. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Checkbox, Field, Select } from '../../parts/Field.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { type Named, whenSaid } from '../data.ts'
import { purposeLabel } from '@weighhouse/formats/terms/purposes.ts'
import { purposesOf } from './terms.ts'

type Kind = 'user' | 'team' | 'org'

const kinds = [
  { value: 'user', label: 'One person' },
  { value: 'team', label: 'A team' },
  { value: 'org', label: 'The whole organisation' },
]

interface Wish {
  readonly kind: Kind
  readonly name: string
  readonly project: string
  readonly purposes: readonly string[]
  readonly until: string
}

const useGive = ({ org, id }: Named, onDone: () => void) =>
  useAct({
    act: ({ kind, name, project, purposes, until }: Wish) =>
      hub.grantAgreement({
        org,
        id,
        project,
        purposes: [...purposes],
        to: kind === 'org' ? { kind } : { kind, name: name.trim() },
        ...(until === '' ? {} : { until: `${until}T00:00:00.000Z` }),
      }),
    stale: whenSaid,
    done: (_grant, { kind, name }) => `Access given to ${kind === 'org' ? org : name.trim()}`,
    onDone,
  })

interface GiveProps {
  readonly named: Named
  readonly body: AgreementBody
  readonly onDone: () => void
}

export const GiveForm = ({ named, body, onDone }: GiveProps) => {
  const offered = purposesOf(body)
  const [wish, setWish] = useState<Wish>({
    kind: 'user',
    name: '',
    project: '',
    purposes: offered.slice(0, 1),
    until: '',
  })
  const give = useGive(named, onDone)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    give.mutate(wish)
  }
  const toggle = (purpose: string, isOn: boolean): void =>
    setWish({
      ...wish,
      purposes: isOn ? [...wish.purposes, purpose] : wish.purposes.filter((one) => one !== purpose),
    })
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-4 rounded-panel border border-line-2 bg-surface p-4"
    >
      <Select
        label="To"
        value={wish.kind}
        options={kinds}
        // A cast because the options are those of the list.
        onChange={({ target }) => setWish({ ...wish, kind: target.value as Kind })}
      />
      {wish.kind === 'org' ? null : (
        <Field
          label={wish.kind === 'user' ? 'User name' : 'Name of the team'}
          value={wish.name}
          required
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setWish({ ...wish, name: target.value })}
        />
      )}
      <Field
        label="Project"
        value={wish.project}
        required
        maxLength={100}
        help="What it is used for, in your own words: records name it."
        onChange={({ target }) => setWish({ ...wish, project: target.value })}
      />
      {offered.length === 0 ? null : (
        <fieldset>
          <legend className="mb-1 text-dense font-medium">Purposes</legend>
          {offered.map((one) => (
            <Checkbox
              key={one}
              label={purposeLabel(one)}
              checked={wish.purposes.includes(one)}
              onChange={({ target }) => toggle(one, target.checked)}
            />
          ))}
        </fieldset>
      )}
      <Field
        label="Until (may be left out)"
        type="date"
        value={wish.until}
        help="The end of the agreement ends it in any case."
        onChange={({ target }) => setWish({ ...wish, until: target.value })}
      />
      <Refused error={give.error} />
      <div className="flex gap-2">
        <Button kind="primary" size="small" type="submit" isBusy={give.isPending}>
          Give access
        </Button>
        <Button size="small" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
