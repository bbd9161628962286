/** Apps that act in one's name, and apps of one's own that ask others. */
import { type FormEvent, useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Checkbox, Field, TextArea } from '../../parts/Field.tsx'
import { Once } from '../../parts/Once.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Time } from '../../parts/Time.tsx'

const allowedKey = ['allowed-apps']
const ownKey = ['apps']

const Allowed = () => {
  const pages = usePages(allowedKey, (page) => hub.listAllowedApps(page))
  const end = useAct({
    act: (id: string) => hub.endAllowedApp({ id }),
    stale: [allowedKey],
    done: 'The app has to ask again.',
  })
  return (
    <Panel title="Apps that act in your name" isFlush>
      <Listed
        label="Connected apps"
        pages={pages}
        empty={<EmptyState isSmall title="No app acts in your name" />}
        row={({ id, name, scopes, since }) => (
          <Row
            key={id}
            title={name}
            about={
              <>
                {scopes.length === 0 ? 'All that you may do' : scopes.join(', ')}, since{' '}
                <Time at={since} />
              </>
            }
          >
            <Confirm
              label="Disconnect"
              name={`Disconnect ${name}`}
              title={`Disconnect ${name}?`}
              verb="Disconnect it"
              act={() => end.mutateAsync(id)}
            >
              Its tokens end at once. It may ask you again.
            </Confirm>
          </Row>
        )}
      />
    </Panel>
  )
}

const NewApp = ({ onSecret }: { readonly onSecret: (secret: string) => void }) => {
  const [wish, setWish] = useState({ name: '', uris: '', website: '', isConfidential: false })
  const make = useAct({
    act: () =>
      hub.createApp({
        name: wish.name.trim(),
        redirectUris: wish.uris.split(/\s+/).filter((one) => one !== ''),
        isConfidential: wish.isConfidential,
        ...(wish.website.trim() === '' ? {} : { website: wish.website.trim() }),
      }),
    stale: [ownKey],
    done: 'The app is registered.',
    onDone: ({ secret }) => {
      setWish({ name: '', uris: '', website: '', isConfidential: false })
      if (secret !== null) onSecret(secret)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <details className="border-t border-line">
      <summary className="cursor-pointer px-4 py-3 text-dense font-medium">Register an app</summary>
      <form onSubmit={submit} className="flex flex-col gap-4 px-4 pb-4">
        <Field
          label="Name"
          required
          maxLength={100}
          value={wish.name}
          onChange={({ target }) => setWish({ ...wish, name: target.value })}
        />
        <TextArea
          label="Where people are sent back to"
          help="One address a line."
          required
          rows={2}
          spellCheck={false}
          value={wish.uris}
          onChange={({ target }) => setWish({ ...wish, uris: target.value })}
          error={make.error?.message}
        />
        <Field
          label="Website"
          type="url"
          placeholder="https://"
          value={wish.website}
          onChange={({ target }) => setWish({ ...wish, website: target.value })}
        />
        <Checkbox
          label="It runs on a server and can keep a secret"
          checked={wish.isConfidential}
          onChange={({ target }) => setWish({ ...wish, isConfidential: target.checked })}
        />
        <div>
          <Button type="submit" isBusy={make.isPending}>
            Register the app
          </Button>
        </div>
      </form>
    </details>
  )
}

const Own = () => {
  const [secret, setSecret] = useState<string>()
  const pages = usePages(ownKey, (page) => hub.listApps(page))
  const rotate = useAct({
    act: (id: string) => hub.rotateAppSecret({ id }),
    stale: [ownKey],
    onDone: (issued) => setSecret(issued.secret ?? undefined),
    tellsRefusal: true,
  })
  const remove = useAct({
    act: (id: string) => hub.deleteApp({ id }),
    stale: [ownKey],
    done: 'The app is gone, and every token it was given.',
  })
  return (
    <Panel title="Your own apps" isFlush>
      <Listed
        label="Your own apps"
        pages={pages}
        empty={<EmptyState isSmall title="No apps of your own" />}
        row={({ id, name, isConfidential }) => (
          <Row key={id} title={name} about={<code className="text-code">{id}</code>}>
            {isConfidential ? (
              <Button size="small" onClick={() => rotate.mutate(id)}>
                New secret
              </Button>
            ) : null}
            <Confirm
              label="Delete"
              name={`Delete ${name}`}
              title={`Delete ${name}?`}
              verb="Delete the app"
              act={() => remove.mutateAsync(id)}
            >
              Every token that it was given ends.
            </Confirm>
          </Row>
        )}
      />
      <NewApp onSecret={setSecret} />
      {secret === undefined ? null : (
        <Once
          title="The app’s secret"
          secret={secret}
          label="the secret"
          onClose={() => setSecret(undefined)}
        >
          It is shown once: copy it now. An older secret has ended.
        </Once>
      )}
    </Panel>
  )
}

export const AppsPart = () => (
  <>
    <Allowed />
    <Own />
  </>
)
