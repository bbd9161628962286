/** "Is it you?": asked before what is as grave as signing, in the place where they are; then what they wanted is done. */
import { ApiError } from '@weighhouse/contract/client.ts'
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useCallback,
  useRef,
  useState,
} from 'react'
import { Dialog } from '../parts/Dialog.tsx'

const Proof = lazy(() => import('./Proof.tsx').then((all) => ({ default: all.Proof })))

/** `button` is what the proof is for: "Sign for lab". */
type Prove = <T>(work: () => Promise<T>, button?: string) => Promise<T>

const ProofContext = createContext<Prove>((work) => work())

/** Repeats what was refused for want of a proof, once it was given. */
export const useProof = (): Prove => use(ProofContext)

interface Asked {
  readonly button: string
  readonly settle: (isProven: boolean) => void
}

/** Was it refused only because the last proof is too old? */
const isProofNeeded = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'proof_needed'

const ProofDialog = ({ button, settle }: Asked) => (
  <Dialog isOpen onClose={() => settle(false)} title="Is it you?">
    <Suspense fallback={null}>
      <Proof button={button} onProved={() => settle(true)} />
    </Suspense>
  </Dialog>
)

export const Proofs = ({ children }: { readonly children: ReactNode }) => {
  const [asked, setAsked] = useState<Asked>()
  // One answer for all who wait for it.
  const answer = useRef<Promise<boolean>>(undefined)
  const prove: Prove = useCallback(async (work, button = 'Continue') => {
    try {
      return await work()
    } catch (error) {
      if (!isProofNeeded(error)) throw error
      answer.current ??= new Promise<boolean>((settle) => setAsked({ button, settle }))
      const isProven = await answer.current
      answer.current = undefined
      setAsked(undefined)
      if (!isProven) throw error
      return await work()
    }
  }, [])
  return (
    <ProofContext value={prove}>
      {children}
      {asked === undefined ? null : <ProofDialog {...asked} />}
    </ProofContext>
  )
}
