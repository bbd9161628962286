/**
 * A key whose private part stays with the organisation: its public part comes by a file, then a signature over a text that names both. The
 * private key is never asked for.
 */
import {
  possessionText,
  publicKeyInPem,
  recoveryText,
  signatureInFile,
} from '@weighhouse/formats/agreement/possession.ts'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { CodeBlock } from '../../parts/CodeBlock.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { FileField, Select } from '../../parts/Field.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { type Key, stale } from './data.ts'

/** A lost seal is replaced on the word of the recovery key, which signs for the new one. */
type As = 'seal' | 'recovery' | 'instead'

interface Read<T> {
  readonly value?: T
  readonly problem?: string
}

/** What a file holds, or why that is not what it should be. */
const readAs = async <T,>(read: () => Promise<T>): Promise<Read<T>> => {
  try {
    return { value: await read() }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** The text has nothing in it that a shell minds. */
const commandsFor = (text: string, as: As): string =>
  [
    `printf '${text.replaceAll('\n', String.raw`\n`)}' > key.txt`,
    `openssl pkeyutl -sign -rawin -inkey ${as === 'instead' ? 'recovery' : 'private'}.pem -in key.txt -out key.sig`,
  ].join('\n')

const Steps = ({ text, as }: { readonly text: string; readonly as: As }) => (
  <div className="flex flex-col gap-2">
    <p className="text-dense">
      Sign this text with {as === 'instead' ? 'the recovery key' : 'the private key'}, where that
      lies. With OpenSSL:
    </p>
    <div className="rounded-control border border-line bg-sunken">
      <CodeBlock code={commandsFor(text, as)} label="the commands" />
    </div>
  </div>
)

interface BringProps {
  readonly org: { readonly id: string; readonly name: string }
  /** Seals that may be replaced. */
  readonly seals: readonly Key[]
  readonly hasRecovery: boolean
  readonly onClose: () => void
}

export const BringKey = ({ org, seals, hasRecovery, onClose }: BringProps) => {
  const [as, setAs] = useState<As>('seal')
  const [lost, setLost] = useState(seals[0]?.id ?? '')
  const [key, setKey] = useState<Read<string>>({})
  const [proof, setProof] = useState<Read<string>>({})
  const publicKey = key.value
  const bring = useAct({
    act: async (made: { publicKey: string; proof: string }) => {
      await (as === 'instead'
        ? hub.recoverSeal({ org: org.name, ...made, lost })
        : hub.bringKey({ org: org.name, use: as, ...made }))
    },
    done: 'The key is brought',
    verb: 'Bring the key',
    stale,
    onDone: onClose,
  })
  const uses = [
    { value: 'seal', label: 'A seal: the organisation signs with it' },
    { value: 'recovery', label: 'A recovery key: it replaces a seal that was lost' },
    ...(hasRecovery && seals.length > 0
      ? [{ value: 'instead', label: 'A seal in place of one that was lost' }]
      : []),
  ]
  const text =
    publicKey === undefined
      ? undefined
      : as === 'instead'
        ? recoveryText(org.id, publicKey)
        : possessionText(org.id, publicKey)
  const ready = publicKey === undefined || proof.value === undefined
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Bring a key"
      width={640}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isBusy={bring.isPending}
            reason={ready ? 'Choose both files first.' : undefined}
            onClick={() => {
              if (publicKey === undefined || proof.value === undefined) return
              bring.mutate({ publicKey, proof: proof.value })
            }}
          >
            Bring the key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label="As"
          value={as}
          options={uses}
          // A cast because the options are those of the list.
          onChange={({ target }) => {
            setAs(target.value as As)
            setProof({})
          }}
        />
        {as === 'instead' ? (
          <Select
            label="In place of"
            value={lost}
            options={seals.map(({ id, publicKey: shown }) => ({ value: id, label: shown }))}
            onChange={({ target }) => setLost(target.value)}
          />
        ) : null}
        <FileField
          label="Public key (Ed25519, PEM)"
          help="openssl pkey -in private.pem -pubout -out public.pem"
          error={key.problem}
          onFile={(file) => void readAs(async () => publicKeyInPem(await file.text())).then(setKey)}
        />
        {text === undefined ? null : (
          <>
            <Steps text={text} as={as} />
            <FileField
              label="Signature (64 bytes)"
              error={proof.problem}
              onFile={(file) =>
                void readAs(async () =>
                  signatureInFile(new Uint8Array(await file.arrayBuffer())),
                ).then(setProof)
              }
            />
          </>
        )}
        <Refused error={bring.error} />
      </div>
    </Dialog>
  )
}
