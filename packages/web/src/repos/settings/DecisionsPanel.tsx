/** A steward's decisions about findings: who read the licence otherwise, why, until when. */
import type { Client } from '@weighhouse/contract/client.ts'
import { type FormEvent, useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Checkbox, Field, TextArea } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { endOfDay } from '../../organisations/settings/days.ts'
import { type Repo, repoKey } from '../data.ts'
import { callName } from '../place.ts'

type Finding = Awaited<ReturnType<Client['licence']>>['findings'][number]

interface PanelProps {
  readonly repo: Repo
  readonly findings: readonly Finding[]
}

const NewDecision = ({ repo, findings }: PanelProps) => {
  const [covers, setCovers] = useState<readonly string[]>([])
  const [wish, setWish] = useState({ reason: '', counsel: '', until: '' })
  const decide = useAct({
    act: () =>
      hub.decideLicence({
        ...callName(repo),
        covers: [...covers],
        reason: wish.reason.trim(),
        expiresAt: endOfDay(wish.until),
        ...(wish.counsel.trim() === '' ? {} : { counsel: wish.counsel.trim() }),
      }),
    stale: [repoKey(repo)],
    done: 'The decision holds, and is in the trail.',
    onDone: () => setCovers([]),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (covers.length > 0) decide.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 border-t border-line p-4">
      <fieldset>
        <legend className="text-dense font-medium">Findings that are decided about</legend>
        {findings.map(({ key, sentence }) => (
          <Checkbox
            key={key}
            label={sentence}
            checked={covers.includes(key)}
            onChange={({ target }) =>
              setCovers(target.checked ? [...covers, key] : covers.filter((one) => one !== key))
            }
          />
        ))}
      </fieldset>
      <TextArea
        label="Reason"
        required
        maxLength={2000}
        rows={2}
        value={wish.reason}
        onChange={({ target }) => setWish({ ...wish, reason: target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Counsel"
          help="Who read the licence otherwise; needed where it forbids."
          maxLength={200}
          value={wish.counsel}
          onChange={({ target }) => setWish({ ...wish, counsel: target.value })}
        />
        <Field
          label="Until"
          type="date"
          required
          value={wish.until}
          onChange={({ target }) => setWish({ ...wish, until: target.value })}
          error={decide.error?.message}
        />
      </div>
      <div>
        <Button
          type="submit"
          isBusy={decide.isPending}
          reason={covers.length === 0 ? 'Choose at least one finding.' : undefined}
        >
          Decide
        </Button>
      </div>
    </form>
  )
}

export const DecisionsPanel = ({ repo, findings }: PanelProps) => {
  const pages = usePages([...repoKey(repo), 'licence-decisions'], async () => ({
    ...(await hub.licenceDecisions(callName(repo))),
    next: null,
  }))
  const end = useAct({
    act: (decision: string) => hub.endLicenceDecision({ ...callName(repo), decision }),
    stale: [repoKey(repo)],
    done: 'The decision has ended.',
  })
  return (
    <Panel title="A steward’s decisions" isFlush>
      <Listed
        label="A steward’s decisions"
        pages={pages}
        empty={<EmptyState isSmall title="Nothing was decided" />}
        row={({ id, reason, counsel, createdAt, expiresAt, isInForce }) => (
          <Row
            key={id}
            lead={<Tag>{isInForce ? 'In force' : 'Ended'}</Tag>}
            title={reason}
            about={
              <>
                {counsel === null ? '' : `${counsel}, `}
                <Time at={createdAt} asDay /> until <Time at={expiresAt} asDay />
              </>
            }
          >
            {isInForce ? (
              <Confirm
                label="End"
                title="End this decision?"
                verb="End it"
                act={() => end.mutateAsync(id)}
              >
                What it covered counts again, at once.
              </Confirm>
            ) : null}
          </Row>
        )}
      />
      {findings.length === 0 ? null : <NewDecision repo={repo} findings={findings} />}
    </Panel>
  )
}
