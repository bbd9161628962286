/** Seals and recovery keys: with a seal the organisation signs, with a recovery key it replaces one that was lost. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Select } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { BringKey } from './BringKey.tsx'
import { type Key, stale } from './data.ts'

type Why = 'superseded' | 'compromised' | 'lost'

const whys = [
  { value: 'superseded', label: 'It was replaced' },
  { value: 'lost', label: 'It was lost' },
  { value: 'compromised', label: 'Somebody else may have it' },
] as const

const RevokeDialog = ({
  org,
  one,
  onClose,
}: {
  readonly org: string
  readonly one: Key
  readonly onClose: () => void
}) => {
  const [why, setWhy] = useState<Why>('superseded')
  const revoke = useAct({
    act: (values: Why) => hub.revokeKey({ org, key: one.id, why: values }),
    done: 'Revoked',
    verb: 'Revoke the key',
    stale,
    onDone: onClose,
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Revoke the key"
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate(why)}>
            Revoke the key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-dense">
          What is signed with it from now on is void. What was signed before stays valid. Versions
          that name it and are not signed yet have to be written anew.
        </p>
        <Select
          label="Why"
          value={why}
          options={whys}
          onChange={({ target }) => {
            const found = whys.find(({ value }) => value === target.value)
            if (found !== undefined) setWhy(found.value)
          }}
        />
        <Refused error={revoke.error} />
      </div>
    </Dialog>
  )
}

const Row = ({ one, onRevoke }: { readonly one: Key; readonly onRevoke: () => void }) => (
  <li className="flex flex-wrap items-center gap-2 py-3">
    <Tag>{one.use === 'seal' ? 'Seal' : 'Recovery'}</Tag>
    <code className="min-w-0 flex-1 truncate text-code" dir="ltr" title={one.publicKey}>
      {one.publicKey}
    </code>
    <CopyButton text={one.publicKey} label="Copy the public key" />
    <span className="text-meta text-ink-3">
      {one.isBrought ? 'held by you' : 'held by the hub'}, since <Time at={one.from} asDay />
      {one.revokedAt === null ? null : (
        <>
          , revoked <Time at={one.revokedAt} asDay />
        </>
      )}
    </span>
    {one.revokedAt === null ? (
      <Button
        size="small"
        kind="danger"
        onClick={onRevoke}
        aria-label={`Revoke ${one.publicKey.slice(0, 8)}`}
      >
        Revoke
      </Button>
    ) : null}
  </li>
)

export const KeysPanel = ({ org, orgId }: { readonly org: string; readonly orgId: string }) => {
  const [isBringing, setBringing] = useState(false)
  const [revoking, setRevoking] = useState<Key>()
  const { data, error } = useQuery({
    queryKey: ['party', org, 'keys'],
    queryFn: () => hub.listKeys({ org }),
  })
  const make = useAct({
    act: (use: 'seal' | 'recovery') => hub.makeKey({ org, use }),
    done: 'Made',
    verb: 'Make the key',
    stale,
  })
  const inForce = data?.items.filter(({ revokedAt }) => revokedAt === null) ?? []
  const seals = inForce.filter(({ use }) => use === 'seal')
  const hasSeal = seals.length > 0
  return (
    <Panel title="Seals">
      <div className="flex flex-col gap-3">
        {error === null ? null : <p className="text-dense text-fail">{error.message}</p>}
        {data !== undefined && !hasSeal ? (
          <p className="text-dense text-ink-2">
            No seal yet. Without one {org} cannot be a party: its signatures are made with it.
          </p>
        ) : null}
        <ul className="divide-y divide-line">
          {data?.items.map((one) => (
            <Row key={one.id} one={one} onRevoke={() => setRevoking(one)} />
          ))}
        </ul>
        <Refused error={make.error} />
        <div className="flex flex-wrap gap-2">
          <Button isBusy={make.isPending} onClick={() => make.mutate('seal')}>
            {hasSeal ? 'Make another seal' : 'Make a seal'}
          </Button>
          <Button onClick={() => setBringing(true)}>Bring a key</Button>
        </div>
        <p className="text-meta text-ink-3">
          The hub keeps a seal that it makes. A key of your own is brought with a proof that you
          have it, and never leaves you; you sign with it yourself.
        </p>
      </div>
      {isBringing ? (
        <BringKey
          org={{ id: orgId, name: org }}
          seals={seals}
          hasRecovery={inForce.some(({ use }) => use === 'recovery')}
          onClose={() => setBringing(false)}
        />
      ) : null}
      {revoking === undefined ? null : (
        <RevokeDialog org={org} one={revoking} onClose={() => setRevoking(undefined)} />
      )}
    </Panel>
  )
}
