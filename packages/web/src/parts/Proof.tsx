/** "Is it you?": asked before what changes how somebody signs in, in the place where they are; then what they wanted is done. */
import { createContext, type ReactNode, use, useCallback, useState } from 'react'
import { isProofNeeded, Proof } from '../signin/Proof.tsx'
import { Dialog } from './Dialog.tsx'

type Prove = <T>(work: () => Promise<T>) => Promise<T>

const ProofContext = createContext<Prove>((work) => work())

/** Repeats what was refused for want of a proof, once it was given. */
export const useProof = (): Prove => use(ProofContext)

interface Asked {
  readonly settle: (isProven: boolean) => void
}

const ProofDialog = ({ settle }: Asked) => (
  <Dialog isOpen onClose={() => settle(false)} title="Is it you?">
    <Proof button="Continue" onProved={() => settle(true)} />
  </Dialog>
)

export const Proofs = ({ children }: { readonly children: ReactNode }) => {
  const [asked, setAsked] = useState<Asked>()
  const prove: Prove = useCallback(async (work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Error) || !isProofNeeded(error)) throw error
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
