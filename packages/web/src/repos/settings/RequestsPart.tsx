/** Who asked to pass the gate of a repo, and what was decided. */
import { type FormEvent, useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Field } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed } from '../../parts/Rows.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { endOfDay } from '../../organisations/settings/days.ts'
import { RequestRow, useRequestKeys } from '../../inbox/RequestRow.tsx'
import { type Repo, repoKey } from '../data.ts'
import { callName } from '../place.ts'

type State = 'pending' | 'accepted' | 'rejected'

const states: readonly { readonly value: State; readonly label: string }[] = [
  { value: 'pending', label: 'Waiting' },
  { value: 'accepted', label: 'Let in' },
  { value: 'rejected', label: 'Refused' },
]

const Give = ({ repo }: { readonly repo: Repo }) => {
  const [wish, setWish] = useState({ account: '', until: '' })
  const give = useAct({
    act: () =>
      hub.giveAccess({
        ...callName(repo),
        account: wish.account.trim(),
        ...(wish.until === '' ? {} : { expiresAt: endOfDay(wish.until) }),
      }),
    stale: [[...repoKey(repo), 'requests']],
    done: () => `${wish.account.trim()} may read it.`,
    onDone: () => setWish({ account: '', until: '' }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    give.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3 border-t border-line p-4">
      <div className="min-w-48 flex-1">
        <Field
          label="Let in a person or an organisation"
          required
          autoComplete="off"
          spellCheck={false}
          value={wish.account}
          onChange={({ target }) => setWish({ ...wish, account: target.value })}
          error={give.error?.message}
        />
      </div>
      <Field
        label="Until"
        type="date"
        value={wish.until}
        onChange={({ target }) => setWish({ ...wish, until: target.value })}
      />
      <Button type="submit" isBusy={give.isPending}>
        Let in
      </Button>
    </form>
  )
}

export const RequestsPart = ({ repo }: { readonly repo: Repo }) => {
  useRequestKeys()
  const [state, setState] = useState<State>('pending')
  const pages = usePages([...repoKey(repo), 'requests', state], (page) =>
    hub.listAccess({ ...callName(repo), state, ...page }),
  )
  return (
    <Panel
      title="Access requests"
      isFlush
      aside={<Segmented label="Which" options={states} value={state} onChange={setState} />}
    >
      <Listed
        label="Access requests"
        pages={pages}
        empty={
          <EmptyState isSmall title="No requests">
            {repo.gate === null ? 'It has no gate: nobody has to ask.' : ''}
          </EmptyState>
        }
        row={(request) => <RequestRow key={request.id} repo={repo} request={request} />}
      />
      {repo.gate === null ? null : <Give repo={repo} />}
    </Panel>
  )
}
