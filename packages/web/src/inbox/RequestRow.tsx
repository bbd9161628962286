/** One request for access, and the decision about it. */
import type { Client } from '@weighhouse/contract/client.ts'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { hub } from '../app/api.ts'
import { useAct } from '../app/act.ts'
import { pressInRow, stepRow, useShortcut } from '../app/shortcuts.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { Refused } from '../parts/Refused.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { Field } from '../parts/Field.tsx'
import { Facts } from '../parts/Panel.tsx'
import { Row } from '../parts/Rows.tsx'
import { Time } from '../parts/Time.tsx'
import { endOfDay } from '../organisations/settings/days.ts'
import { repoKey } from '../repos/data.ts'
import { callName, type RepoName } from '../repos/place.ts'

export type AccessRequest = Awaited<ReturnType<Client['listAccess']>>['items'][number]

const answerWords = (value: string | boolean): string =>
  value === true ? 'Yes' : value === false ? 'No' : value

interface DecideProps {
  readonly repo: RepoName
  readonly request: AccessRequest
  readonly state: 'accepted' | 'rejected'
  readonly onClose: () => void
}

/** What was asked, and the reason or the end of what is answered. */
const Decide = ({ repo, request, state, onClose }: DecideProps) => {
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const formId = useId()
  const who = request.account.name
  const isYes = state === 'accepted'
  const decide = useAct({
    act: () =>
      hub.decideAccess({
        ...callName(repo),
        id: request.id,
        state,
        ...(!isYes && reason.trim() !== '' ? { reason: reason.trim() } : {}),
        ...(isYes && until !== '' ? { expiresAt: endOfDay(until) } : {}),
      }),
    stale: [[...repoKey(repo), 'requests'], ['inbox']],
    done: isYes ? `${who} is let in.` : `${who} is refused.`,
    onDone: onClose,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    decide.mutate()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isYes ? `Let ${who} in?` : `Refuse ${who}?`}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            kind={isYes ? 'primary' : 'danger'}
            type="submit"
            form={formId}
            isBusy={decide.isPending}
          >
            {isYes ? 'Let them in' : 'Refuse'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <Facts
          facts={Object.entries(request.fields).map(([name, value]) => ({
            name,
            value: answerWords(value),
          }))}
        />
        {isYes ? (
          <Field
            label="Until"
            type="date"
            help="Empty: without end."
            value={until}
            onChange={({ target }) => setUntil(target.value)}
          />
        ) : (
          <Field
            label="Reason"
            help="They read it."
            maxLength={200}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
        <Refused error={decide.error} />
      </form>
    </Dialog>
  )
}

/** Keys for a list of requests: once on a page. */
export const useRequestKeys = (): void => {
  useShortcut('a', 'Let in', () => pressInRow('let-in'))
  useShortcut('r', 'Refuse', () => pressInRow('refuse'))
  useShortcut('n', 'Next request', () => stepRow(1))
}

interface RowProps {
  readonly repo: RepoName
  readonly request: AccessRequest
  /** Where it was asked, in lists of several repos. */
  readonly where?: ReactNode
}

export const RequestRow = ({ repo, request, where }: RowProps) => {
  const [asked, setAsked] = useState<'accepted' | 'rejected'>()
  const { account, state, createdAt, reviewedBy, expiresAt, reason, isGrant } = request
  return (
    <>
      <Row
        lead={<Avatar name={account.name} kind={account.kind} size={28} />}
        title={
          <>
            {account.fullName === '' || account.fullName === account.name
              ? account.name
              : `${account.fullName} (${account.name})`}
            {where === undefined ? null : <span className="font-normal"> for {where}</span>}
          </>
        }
        about={
          <>
            {isGrant ? 'Let in without asking' : (account.email ?? 'Asked')},{' '}
            <Time at={createdAt} />
            {reviewedBy === null ? '' : `, decided by ${reviewedBy}`}
            {expiresAt === null ? null : (
              <>
                , until <Time at={expiresAt} asDay />
              </>
            )}
            {reason === null ? '' : `: ${reason}`}
          </>
        }
      >
        {state === 'accepted' ? null : (
          <Button
            size="small"
            aria-label={`Let ${account.name} in`}
            data-press="let-in"
            onClick={() => setAsked('accepted')}
          >
            Let in
          </Button>
        )}
        {state === 'rejected' ? null : (
          <Button
            size="small"
            kind="danger"
            aria-label={`Refuse ${account.name}`}
            data-press="refuse"
            onClick={() => setAsked('rejected')}
          >
            Refuse
          </Button>
        )}
      </Row>
      {asked === undefined ? null : (
        <Decide repo={repo} request={request} state={asked} onClose={() => setAsked(undefined)} />
      )}
    </>
  )
}
