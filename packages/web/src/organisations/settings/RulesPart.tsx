/** What an organisation asks of its own people: of their tokens, of heavy acts, of what they take from others. */
import type { Client } from '@weighhouse/contract/client.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Failure } from '../../parts/Failed.tsx'
import { Checkbox, Field, TextArea } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { SaveForm } from '../../parts/SaveForm.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'

type Policy = Awaited<ReturnType<Client['getPolicy']>>
type Taking = Awaited<ReturnType<Client['getTakingRules']>>

const daySeconds = 86_400

const PolicyForm = ({ org, policy }: { readonly org: string; readonly policy: Policy }) => {
  const [days, setDays] = useState(
    policy.tokenLifeSecondsMax === null ? '' : String(policy.tokenLifeSecondsMax / daySeconds),
  )
  const [wish, setWish] = useState(policy)
  const save = useAct({
    act: () =>
      hub.setPolicy({
        org,
        needsTokenApproval: wish.needsTokenApproval,
        needsTwoPeople: wish.needsTwoPeople,
        tokenLifeSecondsMax: days === '' ? null : Math.round(Number(days) * daySeconds),
      }),
    stale: [['org', org, 'policy']],
    done: 'The rules hold from now on.',
  })
  return (
    <SaveForm save={save} kind="primary" verb="Save the rules">
      <Field
        label="Tokens live at most, in days"
        help="Older tokens, and those without an end, are refused at what this organisation owns. Empty: any."
        type="number"
        min="1"
        step="any"
        value={days}
        onChange={({ target }) => setDays(target.value)}
      />
      <Checkbox
        label="Members’ tokens need the approval of an administrator"
        checked={wish.needsTokenApproval}
        onChange={({ target }) => setWish({ ...wish, needsTokenApproval: target.checked })}
      />
      <Checkbox
        label="Heavy acts need a second person"
        checked={wish.needsTwoPeople}
        onChange={({ target }) => setWish({ ...wish, needsTwoPeople: target.checked })}
      />
      <p className="text-meta text-ink-3">
        With a second person, deleting, publishing and loosening these rules wait under Approvals.
      </p>
    </SaveForm>
  )
}

const wordsIn = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '')

/** Each is a list of words; an empty one asks for nothing. */
const takingFields = [
  {
    name: 'formatsDenied',
    label: 'Formats that are not taken',
    help: 'Such as pickle, apart by commas. Empty: all are taken.',
  },
  {
    name: 'licencesAllowed',
    label: 'Licences that are taken',
    help: 'Such as apache-2.0, mit. Empty: any, and none stated.',
  },
  {
    name: 'countriesAllowed',
    label: 'Countries of owners that are taken from',
    help: 'Two letters each, such as NL, DE. Empty: any.',
  },
] as const

const TakingForm = ({ org, rules }: { readonly org: string; readonly rules: Taking }) => {
  const [wish, setWish] = useState({
    formatsDenied: rules.formatsDenied.join(', '),
    licencesAllowed: rules.licencesAllowed.join(', '),
    countriesAllowed: rules.countriesAllowed.join(', '),
  })
  const save = useAct({
    act: () =>
      hub.setTakingRules({
        org,
        formatsDenied: wordsIn(wish.formatsDenied),
        licencesAllowed: wordsIn(wish.licencesAllowed),
        countriesAllowed: wordsIn(wish.countriesAllowed),
      }),
    stale: [['org', org, 'taking']],
    done: 'The rules hold from now on.',
  })
  return (
    <SaveForm save={save} verb="Save what is taken">
      {takingFields.map(({ name, label, help }) => (
        <TextArea
          key={name}
          label={label}
          help={help}
          rows={2}
          spellCheck={false}
          value={wish[name]}
          onChange={({ target }) => setWish({ ...wish, [name]: target.value })}
        />
      ))}
    </SaveForm>
  )
}

export const RulesPart = ({ org }: { readonly org: string }) => {
  const policy = useQuery({
    queryKey: ['org', org, 'policy'],
    queryFn: () => hub.getPolicy({ org }),
  })
  const taking = useQuery({
    queryKey: ['org', org, 'taking'],
    queryFn: () => hub.getTakingRules({ org }),
  })
  if (policy.error !== null) return <Failure error={policy.error} />
  if (taking.error !== null) return <Failure error={taking.error} />
  if (policy.data === undefined || taking.data === undefined) return <Skeleton />
  return (
    <>
      <Panel title="Tokens and heavy acts">
        <PolicyForm key={JSON.stringify(policy.data)} org={org} policy={policy.data} />
      </Panel>
      <Panel title="What our people take from others">
        <TakingForm key={JSON.stringify(taking.data)} org={org} rules={taking.data} />
      </Panel>
    </>
  )
}
