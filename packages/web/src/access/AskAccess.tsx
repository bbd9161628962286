/** Asking for what stands behind a gate: the owner's terms, what they want to know, and where the request stands. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Client } from '@weighhouse/contract/client.ts'
import { useMe } from '../accounts/me.ts'
import { useAct } from '../app/act.ts'
import { hub } from '../app/api.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { Checkbox, Field, Select } from '../parts/Field.tsx'
import { Refused } from '../parts/Refused.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { type Repo, repoKey } from '../repos/data.ts'
import { callName } from '../repos/place.ts'

type Terms = Awaited<ReturnType<Client['readTerms']>>
type Wanted = Terms['fields'][number]
type Answers = Readonly<Record<string, string | boolean>>

interface OneProps {
  readonly field: Wanted
  readonly value: string | boolean | undefined
  readonly onChange: (value: string | boolean) => void
}

const OneField = ({ field, value, onChange }: OneProps): ReactNode => {
  const { name, type, isRequired, options } = field
  const text = typeof value === 'string' ? value : ''
  switch (type) {
    case 'checkbox':
      return (
        <Checkbox
          label={name}
          checked={value === true}
          required={isRequired}
          onChange={(event) => onChange(event.target.checked)}
        />
      )
    case 'select':
      return (
        <Select
          label={name}
          value={text}
          required={isRequired}
          onChange={(event) => onChange(event.target.value)}
          options={[{ value: '', label: 'Choose' }, ...options]}
        />
      )
    case 'date_picker':
      return (
        <Field
          label={name}
          type="date"
          value={text}
          required={isRequired}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    default:
      return (
        <Field
          label={name}
          value={text}
          required={isRequired}
          maxLength={type === 'country' ? 2 : 2_000}
          onChange={(event) => onChange(event.target.value)}
          {...(type === 'country' ? { help: 'Two letters, such as NL.' } : {})}
        />
      )
  }
}

interface FormProps {
  readonly repo: Repo
  readonly terms: Terms
  readonly onDone: () => void
}

const Form = ({ repo, terms, onDone }: FormProps) => {
  const [answers, setAnswers] = useState<Answers>({})
  const orgs = useMe()?.orgs ?? []
  const [agreeing, setAgreeing] = useState(orgs[0]?.name)
  const byAgreement = terms.template !== null
  const ask = useAct({
    act: () =>
      hub.askAccess({
        ...callName(repo),
        fields: { ...answers },
        termsSha256: terms.sha256,
        ...(byAgreement && agreeing !== undefined ? { agreeing } : {}),
      }),
    stale: [repoKey(repo), ['inbox']],
    done: ({ state }) =>
      state === 'accepted' ? 'You have access.' : `Asked. ${repo.owner} decides.`,
    onDone,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    ask.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Refused error={ask.error} />
      {terms.prompt === null ? null : (
        <p className="whitespace-pre-wrap text-dense">{terms.prompt}</p>
      )}
      {terms.description === null ? null : (
        <p className="text-dense whitespace-pre-wrap text-ink-2">{terms.description}</p>
      )}
      <details className="text-dense">
        <summary className="cursor-pointer text-ink-2">All that you agree to</summary>
        <pre
          className="mt-2 max-h-60 overflow-auto rounded-control bg-sunken p-3 font-sans text-dense whitespace-pre-wrap"
          tabIndex={0}
        >
          {terms.text}
        </pre>
      </details>
      {byAgreement ? (
        <p className="text-dense">
          It opens by an agreement between your organisation and {repo.owner}, who sees that you
          wait for it.
        </p>
      ) : null}
      {byAgreement && orgs.length > 1 ? (
        <Select
          label="Your organisation"
          value={agreeing ?? ''}
          options={orgs.map(({ name }) => ({ value: name, label: name }))}
          onChange={({ target }) => setAgreeing(target.value)}
        />
      ) : null}
      {terms.fields.map((field) => (
        <OneField
          key={field.name}
          field={field}
          value={answers[field.name]}
          onChange={(value) => setAnswers({ ...answers, [field.name]: value })}
        />
      ))}
      <p className="text-meta text-ink-3">
        Your name and mail address are shared with the owner of {repo.path}.
      </p>
      <div className="flex justify-end">
        <Button kind="primary" type="submit" isBusy={ask.isPending}>
          {terms.button ?? 'Agree and ask'}
        </Button>
      </div>
    </form>
  )
}

/** The button of the refusal; the window behind it holds the terms. */
export const AskAccess = ({ repo }: { readonly repo: Repo }) => {
  const me = useMe()
  const [isOpen, setOpen] = useState(false)
  const { data: terms } = useQuery({
    queryKey: [...repoKey(repo), 'terms'],
    queryFn: () => hub.readTerms(callName(repo)),
    enabled: isOpen,
  })
  if (me == null) return null
  return (
    <>
      <Button kind="primary" size="small" onClick={() => setOpen(true)}>
        Ask for access
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={terms?.heading ?? `Access to ${repo.path}`}
        width={560}
      >
        {terms === undefined ? (
          <Skeleton />
        ) : (
          <Form repo={repo} terms={terms} onDone={() => setOpen(false)} />
        )}
      </Dialog>
    </>
  )
}
