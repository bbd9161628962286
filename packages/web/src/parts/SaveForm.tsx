/** A small form of settings: what is chosen, why it was refused, the button that does it. */
import type { FormEvent, ReactNode } from 'react'
import { Button } from './Button.tsx'
import { Refused } from './Refused.tsx'

interface SaveProps {
  /** Of `useAct`. */
  readonly save: {
    readonly mutate: () => void
    readonly isPending: boolean
    readonly error: Error | null
  }
  readonly verb: string
  readonly kind?: 'primary'
  /** Why it cannot be sent now. */
  readonly reason?: string | undefined
  readonly children: ReactNode
}

export const SaveForm = ({ save, verb, kind, reason, children }: SaveProps) => (
  <form
    className="flex flex-col gap-4"
    onSubmit={(event: FormEvent) => {
      event.preventDefault()
      save.mutate()
    }}
  >
    {children}
    <Refused error={save.error} />
    <div>
      <Button
        type="submit"
        isBusy={save.isPending}
        reason={reason}
        {...(kind === undefined ? {} : { kind })}
      >
        {verb}
      </Button>
    </div>
  </form>
)
