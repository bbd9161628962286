/** How somebody signs in: password, second factor, passkeys, other providers. */
import { type FormEvent, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Fingerprint, KeyRound } from 'lucide-react'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { hrefOf } from '../../app/base.ts'
import { hasPasskeys, makePasskey } from '../../app/passkeys.ts'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Failure } from '../../parts/Failed.tsx'
import { Field } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row, Rows } from '../../parts/Rows.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Time } from '../../parts/Time.tsx'
import { FactorPanel } from './FactorPanel.tsx'

const passwordCharsMin = 12

const PasswordPanel = () => {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const change = useAct({
    act: () => hub.changePassword({ next, ...(old === '' ? {} : { old }) }),
    stale: [['sessions']],
    done: 'Your password is set. Every other session has ended.',
    onDone: () => {
      setOld('')
      setNext('')
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Panel title="Password">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Your password now"
          help="Leave it empty if you have none yet."
          type="password"
          autoComplete="current-password"
          value={old}
          onChange={(event) => setOld(event.target.value)}
        />
        <Field
          label="New password"
          help={`${passwordCharsMin} characters or more. Every other session ends.`}
          type="password"
          autoComplete="new-password"
          required
          minLength={passwordCharsMin}
          value={next}
          onChange={(event) => setNext(event.target.value)}
          error={change.error?.message}
        />
        <div>
          <Button type="submit" isBusy={change.isPending}>
            Set the password
          </Button>
        </div>
      </form>
    </Panel>
  )
}

const passkeysKey = ['passkeys']

const NewPasskey = () => {
  const [label, setLabel] = useState('This device')
  const add = useAct({
    act: async () => hub.addPasskey({ label: label.trim(), answer: await makePasskey() }),
    stale: [passkeysKey],
    done: 'The passkey is added.',
  })
  if (!hasPasskeys())
    return (
      <p className="border-t border-line px-4 py-3 text-dense text-ink-2">
        This browser, or a connection without https, offers no passkeys.
      </p>
    )
  return (
    <form
      className="flex flex-wrap items-end gap-3 border-t border-line px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <div className="min-w-48 flex-1">
        <Field
          label="Name of a new passkey"
          value={label}
          required
          maxLength={64}
          onChange={(event) => setLabel(event.target.value)}
          error={add.error?.message}
        />
      </div>
      <Button type="submit" isBusy={add.isPending}>
        Add a passkey
      </Button>
    </form>
  )
}

const PasskeyPanel = () => {
  const { data, error } = useQuery({ queryKey: passkeysKey, queryFn: () => hub.listPasskeys() })
  const remove = useAct({
    act: (id: string) => hub.removePasskey({ id }),
    stale: [passkeysKey],
    done: 'The passkey is removed.',
  })
  if (error !== null) return <Failure error={error} />
  return (
    <Panel title="Passkeys" isFlush aside="Your device asks who you are; no password is sent">
      {data === undefined ? <Skeleton rows={2} /> : null}
      {data?.items.length === 0 ? <EmptyState isSmall title="No passkeys yet" /> : null}
      <Rows label="Passkeys">
        {(data?.items ?? []).map(({ id, label, createdAt, usedAt }) => (
          <Row
            key={id}
            lead={<Fingerprint size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />}
            title={label}
            about={
              <>
                Added <Time at={createdAt} />,{' '}
                {usedAt === null ? (
                  'never used'
                ) : (
                  <>
                    used <Time at={usedAt} />
                  </>
                )}
              </>
            }
          >
            <Confirm
              label="Remove"
              name={`Remove ${label}`}
              title={`Remove the passkey “${label}”?`}
              verb="Remove the passkey"
              act={() => remove.mutateAsync(id)}
            >
              It no longer lets you in. Delete it on the device too, so that it is not offered
              there.
            </Confirm>
          </Row>
        ))}
      </Rows>
      <NewPasskey />
    </Panel>
  )
}

const LinkedPanel = () => {
  const key = ['me', 'sso']
  const pages = usePages(key, (page) => hub.listMySsoIdentities(page))
  const remove = useAct({
    act: (provider: string) => hub.removeMySsoIdentity({ provider }),
    stale: [key],
    done: (_answer, provider) => `${provider} no longer signs you in.`,
  })
  return (
    <Panel title="Other ways in" isFlush>
      <Listed
        label="Linked sign-ins"
        pages={pages}
        empty={
          <EmptyState isSmall title="No other sign-in is linked">
            Sign in once by a provider that your organisation offers, and it is listed here.
          </EmptyState>
        }
        row={({ provider, email, createdAt }) => (
          <Row
            key={provider}
            lead={<KeyRound size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />}
            title={provider}
            about={
              <>
                {email ?? 'No mail address'}, linked <Time at={createdAt} />
              </>
            }
          >
            <Confirm
              label="Unlink"
              name={`Unlink ${provider}`}
              title={`Unlink ${provider}?`}
              verb="Unlink"
              act={() => remove.mutateAsync(provider)}
            >
              You can no longer sign in by {provider}. Keep another way in.
            </Confirm>
          </Row>
        )}
      />
    </Panel>
  )
}

export const SignInPart = () => (
  <>
    <PasswordPanel />
    <FactorPanel />
    <PasskeyPanel />
    <LinkedPanel />
    <p className="text-meta text-ink-3">
      The same without scripts:{' '}
      <a href={hrefOf('/settings/security')} className="text-link underline">
        how you sign in
      </a>
      .
    </p>
  </>
)
