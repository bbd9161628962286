/** Acts on what an organisation is: done, waiting for a second person, refused, or first a proof. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '@weighhouse/contract/client.ts'
import type { ReactNode } from 'react'
import { Banner } from '../../parts/Banner.tsx'
import { useToast } from '../../parts/Toast.tsx'
import { isProofNeeded, ProofDialog } from '../../signin/Proof.tsx'

export interface Acted<V> {
  readonly run: (values: V) => void
  readonly isBusy: boolean
  readonly error: Error | null
  /** What there is to say, and the window that asks for a proof. Stands beneath the form. */
  readonly told: ReactNode
}

interface ActWish<V> {
  readonly act: (values: V) => Promise<unknown>
  /** What was done, in words. */
  readonly done: string
  /** Of the proof's button: "Make a seal". */
  readonly button: string
  readonly onDone?: () => void
}

export const useAct = <V,>({ act, done, button, onDone }: ActWish<V>): Acted<V> => {
  const cache = useQueryClient()
  const toast = useToast()
  const run = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['party'] })
      await cache.invalidateQueries({ queryKey: ['agreements'] })
      toast({ text: done })
      onDone?.()
    },
  })
  const isWaiting = run.error instanceof ApiError && run.error.status === 202
  const again = (): void => {
    // Refused after it was run, so its values are there.
    if (run.variables !== undefined) run.mutate(run.variables)
  }
  return {
    run: run.mutate,
    isBusy: run.isPending,
    error: run.error,
    told: (
      <>
        {run.error === null || isProofNeeded(run.error) ? null : (
          <Banner kind={isWaiting ? 'note' : 'fail'}>{run.error.message}</Banner>
        )}
        <ProofDialog
          error={run.error}
          button={button}
          onProved={again}
          onClose={() => run.reset()}
        />
      </>
    ),
  }
}
