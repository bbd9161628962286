/** An act on an agreement, shown before it happens: what it does, why, where the other side reads it; then done, or refused. */
import { type ReactNode, useState } from 'react'
import { useAct } from '../app/act.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { TextArea } from '../parts/Field.tsx'
import { Refused } from '../parts/Refused.tsx'
import { readAgain, whenSaid } from './data.ts'

interface SayProps {
  readonly title: string
  /** Of the button that does it. */
  readonly verb: string
  readonly isGrave?: boolean
  readonly needsReason?: boolean
  /** What the reason is called, where it is more than a reason. */
  readonly reasonLabel?: string
  /** What has to be filled in first. */
  readonly missing?: string | undefined
  /** Gets the reason; '' where none is asked for. */
  readonly act: (reason: string) => Promise<unknown>
  readonly onClose: () => void
  /** What happens at once, and what cannot be called back. */
  readonly children: ReactNode
}

export const SayDialog = ({
  title,
  verb,
  isGrave = false,
  needsReason = false,
  reasonLabel = 'Why',
  missing,
  act,
  onClose,
  children,
}: SayProps) => {
  const [reason, setReason] = useState('')
  const say = useAct({ act: () => act(reason.trim()), stale: whenSaid, verb, onDone: onClose })
  const close = (): void => {
    // It may have been refused because it stands otherwise by now.
    if (say.error !== null) void readAgain()
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={close}
      title={title}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            kind={isGrave ? 'danger' : 'primary'}
            isBusy={say.isPending}
            reason={
              missing ??
              (needsReason && reason.trim() === '' ? `Fill in “${reasonLabel}” first.` : undefined)
            }
            onClick={() => say.mutate()}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {children}
        {needsReason ? (
          <TextArea
            label={reasonLabel}
            help="The other side reads it, and it stays in the record."
            value={reason}
            maxLength={1_000}
            required
            onChange={({ target }) => setReason(target.value)}
          />
        ) : null}
        <Refused error={say.error} />
      </div>
    </Dialog>
  )
}
