/** Domains that the organisation has proved to be its own: a partner sees them beside its name. */
import { useQuery } from '@tanstack/react-query'
import type { Client } from '@weighhouse/contract/client.ts'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub, queries } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Field } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { Weight } from '../../parts/Weight.tsx'
import { plainName } from '../../parts/words.ts'
import { stale } from './data.ts'

type Domain = Awaited<ReturnType<Client['listDomains']>>['items'][number]

const words = { pending: 'Not proved yet', verified: 'Proved', lost: 'The proof has gone' } as const
const weights = { pending: 'dashed', verified: 'solid', lost: 'failed' } as const

const Copyable = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <div className="flex items-center gap-2 text-dense">
    <span className="w-20 shrink-0 text-ink-3">{label}</span>
    <code
      className="min-w-0 flex-1 overflow-x-auto rounded-control bg-sunken px-2 py-1 text-code"
      dir="ltr"
      tabIndex={0}
    >
      {text}
    </code>
    <CopyButton text={text} label={`Copy: ${label}`} />
  </div>
)

const HowTo = ({ domain }: { readonly domain: Domain }) => (
  <div className="flex flex-col gap-2">
    <p className="text-dense text-ink-2">
      Put this text into the name service, or as a line into a file of your web site. Then have it
      checked.
    </p>
    <Copyable label="TXT of" text={domain.textName} />
    <Copyable label="or file" text={domain.fileUrl} />
    <Copyable label="the text" text={domain.proof} />
    {domain.problem === null ? null : (
      <p className="text-dense text-warn">{plainName(domain.problem)}</p>
    )}
  </div>
)

/** What was not found is written down too: a proof may have gone. */
const lookAgain = (): void => void queries.invalidateQueries({ queryKey: ['party'] })

const Row = ({ org, domain }: { readonly org: string; readonly domain: Domain }) => {
  const named = { org, domain: domain.domain }
  const verify = useAct({
    act: () => hub.verifyDomain(named),
    done: `${domain.domain} is proved.`,
    verb: 'Check now',
    stale,
  })
  const remove = useAct({
    act: () => hub.removeDomain(named),
    done: `${domain.domain} is removed`,
    verb: 'Remove',
    stale,
  })
  return (
    <li className="flex flex-col gap-3 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <Weight kind={weights[domain.state]} />
        <strong className="min-w-0 flex-1 truncate font-semibold">{domain.domain}</strong>
        <Tag>{words[domain.state]}</Tag>
        {domain.verifiedAt === null ? null : (
          <span className="text-meta text-ink-3">
            <Time at={domain.verifiedAt} />
          </span>
        )}
        <Button
          size="small"
          isBusy={verify.isPending}
          onClick={() => verify.mutate(undefined, { onError: lookAgain })}
        >
          Check now
        </Button>
        <Confirm
          label="Remove"
          name={`Remove ${domain.domain}`}
          title={`Remove ${domain.domain}?`}
          verb="Remove the domain"
          act={() => remove.mutateAsync()}
        >
          Partners no longer see it beside the name of {org}. To have it again, it is proved anew.
        </Confirm>
      </div>
      {domain.state === 'verified' ? null : <HowTo domain={domain} />}
      <Refused error={verify.error} />
    </li>
  )
}

export const DomainsPanel = ({ org }: { readonly org: string }) => {
  const [name, setName] = useState('')
  const { data, error } = useQuery({
    queryKey: ['party', org, 'domains'],
    queryFn: () => hub.listDomains({ org }),
  })
  const add = useAct({
    act: (domain: string) => hub.addDomain({ org, domain }),
    done: 'Added',
    verb: 'Add the domain',
    stale,
    onDone: () => setName(''),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate(name.trim())
  }
  return (
    <Panel title="Domains">
      <div className="flex flex-col gap-3">
        {error === null ? null : <p className="text-dense text-fail">{error.message}</p>}
        {data?.items.length === 0 ? (
          <p className="text-dense text-ink-2">
            None yet. A proved domain shows partners that it is you.
          </p>
        ) : null}
        <ul className="divide-y divide-line">
          {data?.items.map((domain) => (
            <Row key={domain.domain} org={org} domain={domain} />
          ))}
        </ul>
        <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
          <div className="min-w-0 flex-1">
            <Field
              label="Another domain"
              value={name}
              required
              autoComplete="off"
              spellCheck={false}
              placeholder="lab.example"
              onChange={({ target }) => setName(target.value)}
            />
          </div>
          <Button type="submit" isBusy={add.isPending}>
            Add
          </Button>
        </form>
        <Refused error={add.error} />
      </div>
    </Panel>
  )
}
