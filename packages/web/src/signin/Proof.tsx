/** Proves again who somebody is, before an act as grave as signing: a password, a code of the app, or a passkey. Good for five minutes. */
import { useMutation } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { hub } from '../app/api.ts'
import { askOwnPasskey, hasPasskeys } from '../app/passkeys.ts'
import { Banner } from '../parts/Banner.tsx'
import { Button } from '../parts/Button.tsx'
import { Field } from '../parts/Field.tsx'
import { Segmented } from '../parts/Segmented.tsx'

type Way = 'password' | 'code'

const ways = [
  { value: 'password', label: 'Password' },
  { value: 'code', label: 'Code of your app' },
] as const

interface ProofProps {
  /** What it is for: "Sign for lab". */
  readonly button: string
  readonly onProved: () => void
}

export const Proof = ({ button, onProved }: ProofProps) => {
  const [way, setWay] = useState<Way>('password')
  const [secret, setSecret] = useState('')
  const prove = useMutation({
    mutationFn: () => hub.prove(way === 'password' ? { password: secret } : { code: secret }),
    onSuccess: onProved,
  })
  const passkey = useMutation({
    mutationFn: async () => hub.prove({ passkey: await askOwnPasskey() }),
    onSuccess: onProved,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    prove.mutate()
  }
  return (
    <form
      onSubmit={submit}
      aria-label="Prove who you are"
      className="flex flex-col gap-4 rounded-panel border border-line-2 bg-surface p-4"
    >
      <p className="text-dense">
        <strong className="font-semibold">Prove that it is you.</strong> This is asked before acts
        as grave as this one.
      </p>
      <Segmented label="How" options={ways} value={way} onChange={setWay} />
      <Field
        key={way}
        label={way === 'password' ? 'Your password' : 'The code that your app shows'}
        type={way === 'password' ? 'password' : 'text'}
        autoComplete={way === 'password' ? 'current-password' : 'one-time-code'}
        {...(way === 'code' ? { inputMode: 'numeric' as const } : {})}
        value={secret}
        required
        autoFocus
        error={prove.error?.message}
        onChange={({ target }) => setSecret(target.value)}
      />
      {passkey.error === null ? null : <Banner kind="warn">{passkey.error.message}</Banner>}
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" type="submit" isBusy={prove.isPending}>
          {button}
        </Button>
        {hasPasskeys() ? (
          <Button
            icon={<KeyRound size={14} strokeWidth={2} aria-hidden />}
            isBusy={passkey.isPending}
            onClick={() => passkey.mutate()}
          >
            Use a passkey
          </Button>
        ) : null}
      </div>
    </form>
  )
}
