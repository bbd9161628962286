/** "Is it you?": asked before what changes how somebody signs in, in the place where they are; then what they wanted is done. */
import { ApiError } from '@weighhouse/contract/client.ts'
import { createContext, type FormEvent, type ReactNode, use, useCallback, useState } from 'react'
import { hub } from '../app/api.ts'
import { askOwnPasskey, hasPasskeys } from '../app/passkeys.ts'
import { Banner } from './Banner.tsx'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { Field } from './Field.tsx'
import { Segmented } from './Segmented.tsx'

type Prove = <T>(work: () => Promise<T>) => Promise<T>

const ProofContext = createContext<Prove>((work) => work())

/** Repeats what was refused for want of a proof, once it was given. */
export const useProof = (): Prove => use(ProofContext)

interface Asked {
  readonly settle: (isProven: boolean) => void
}

type Way = 'password' | 'code'

const ProofDialog = ({ settle }: Asked) => {
  const [way, setWay] = useState<Way>('password')
  const [word, setWord] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
      settle(true)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void attempt(() => hub.prove(way === 'password' ? { password: word } : { code: word.trim() }))
  }
  return (
    <Dialog isOpen onClose={() => settle(false)} title="Is it you?">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-dense text-ink-2">
          This is asked before changes to how you sign in. It then holds for five minutes.
        </p>
        <Segmented
          label="Prove it by"
          value={way}
          onChange={setWay}
          options={[
            { value: 'password', label: 'Password' },
            { value: 'code', label: 'Code of your app' },
          ]}
        />
        {way === 'password' ? (
          <Field
            label="Password"
            type="password"
            autoComplete="current-password"
            required
            autoFocus
            value={word}
            onChange={(event) => setWord(event.target.value)}
          />
        ) : (
          <Field
            label="Code of your authenticator app, or a recovery code"
            autoComplete="one-time-code"
            required
            autoFocus
            spellCheck={false}
            autoCapitalize="none"
            value={word}
            onChange={(event) => setWord(event.target.value)}
          />
        )}
        {problem === undefined ? null : <Banner kind="fail">{problem}</Banner>}
        <div className="flex flex-wrap justify-end gap-2">
          {hasPasskeys() ? (
            <Button
              onClick={() =>
                void attempt(async () => hub.prove({ passkey: await askOwnPasskey() }))
              }
            >
              Use a passkey
            </Button>
          ) : null}
          <Button kind="primary" type="submit" isBusy={isBusy}>
            Continue
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export const Proofs = ({ children }: { readonly children: ReactNode }) => {
  const [asked, setAsked] = useState<Asked>()
  const prove: Prove = useCallback(async (work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'proof_needed') throw error
      const isProven = await new Promise<boolean>((settle) => setAsked({ settle }))
      setAsked(undefined)
      if (!isProven) throw error
      return await work()
    }
  }, [])
  return (
    <ProofContext value={prove}>
      {children}
      {asked === undefined ? null : <ProofDialog settle={asked.settle} />}
    </ProofContext>
  )
}
