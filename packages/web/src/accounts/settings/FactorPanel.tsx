/** The second factor: an authenticator app, and codes for the day it is lost. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { encode } from 'uqr'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { CodeBlock } from '../../parts/CodeBlock.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Failure } from '../../parts/Failed.tsx'
import { Field } from '../../parts/Field.tsx'
import { Once } from '../../parts/Once.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { plural } from '../../parts/words.ts'

const key = ['second-factor']

/** Dark on white whatever the page's colours are, with the quiet zone that readers want. */
const QrCode = ({ text }: { readonly text: string }) => {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dots = data.flatMap((row, y) =>
    row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')),
  )
  return (
    <svg
      role="img"
      aria-label="The link as a QR code"
      width="220"
      height="220"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="self-center rounded-control"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={dots.join('')} fill="#000" />
    </svg>
  )
}

/** As people copy it. */
const inFours = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? secret

interface SetUpProps {
  readonly begun: { readonly secret: string; readonly uri: string }
  readonly onClose: () => void
  readonly onCodes: (codes: readonly string[]) => void
}

const SetUp = ({ begun, onClose, onCodes }: SetUpProps) => {
  const [code, setCode] = useState('')
  const confirm = useAct({
    act: () => hub.confirmSecondFactor({ code: code.trim() }),
    stale: [key],
    onDone: ({ recoveryCodes }) => onCodes(recoveryCodes),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <Dialog isOpen onClose={onClose} title="Set up an authenticator app">
      <form onSubmit={submit} className="flex flex-col gap-3 text-dense">
        <p>
          Scan this with the app,{' '}
          <a href={begun.uri} className="text-link underline">
            open it on this device
          </a>
          , or type the secret into it.
        </p>
        <QrCode text={begun.uri} />
        <div className="rounded-control border border-line-2 bg-sunken">
          <CodeBlock code={inFours(begun.secret)} label="the secret" />
        </div>
        <Field
          label="The code that the app shows"
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={16}
          required
          autoFocus
          value={code}
          onChange={(event) => setCode(event.target.value)}
          error={confirm.error?.message}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button kind="primary" type="submit" isBusy={confirm.isPending}>
            Turn it on
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

const On = ({
  left,
  onCodes,
}: {
  readonly left: number
  readonly onCodes: (codes: readonly string[]) => void
}) => {
  const renew = useAct({
    act: () => hub.renewRecoveryCodes(),
    stale: [key],
    onDone: ({ recoveryCodes }) => onCodes(recoveryCodes),
    tellsRefusal: true,
  })
  const remove = useAct({
    act: () => hub.removeSecondFactor(),
    stale: [key],
    done: 'The second factor is off.',
  })
  return (
    <div className="flex flex-col gap-3 text-dense">
      <p>
        On: after your password, the code of your app is asked for. {plural(left, 'recovery code')}{' '}
        left.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="small" isBusy={renew.isPending} onClick={() => renew.mutate()}>
          New recovery codes
        </Button>
        <Confirm
          label="Turn off"
          title="Turn the second factor off?"
          verb="Turn it off"
          act={() => remove.mutateAsync()}
        >
          Your password alone lets you in again, and whoever knows it.
        </Confirm>
      </div>
    </div>
  )
}

export const FactorPanel = () => {
  const { data, error } = useQuery({ queryKey: key, queryFn: () => hub.getSecondFactor() })
  const [begun, setBegun] = useState<{ secret: string; uri: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  const begin = useAct({
    act: () => hub.beginSecondFactor(),
    stale: [],
    onDone: setBegun,
    tellsRefusal: true,
  })
  const showCodes = (fresh: readonly string[]): void => {
    setBegun(undefined)
    setCodes(fresh)
  }
  if (error !== null) return <Failure error={error} />
  return (
    <Panel title="Second factor">
      {data === undefined ? <Skeleton rows={2} /> : null}
      {data?.isOn === true ? <On left={data.recoveryCodesLeft} onCodes={showCodes} /> : null}
      {data?.isOn === false ? (
        <div className="flex flex-col items-start gap-3 text-dense">
          <p>Off. With an authenticator app, your password alone lets nobody in.</p>
          <Button size="small" isBusy={begin.isPending} onClick={() => begin.mutate()}>
            Set up an authenticator app
          </Button>
        </div>
      ) : null}
      {begun === undefined ? null : (
        <SetUp begun={begun} onClose={() => setBegun(undefined)} onCodes={showCodes} />
      )}
      {codes === undefined ? null : (
        <Once
          title="Your recovery codes"
          secret={codes.join('\n')}
          label="the codes"
          onClose={() => setCodes(undefined)}
        >
          They are shown once: print them or write them down. Each lets you in once, in place of the
          app’s code.
        </Once>
      )}
    </Panel>
  )
}
