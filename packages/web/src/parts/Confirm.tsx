/** A button for what cannot be taken back: it says what will happen, and for the worst wants the name typed. */
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { Field } from './Field.tsx'
import { Refused } from './Refused.tsx'

interface ConfirmProps {
  /** Of the button that opens it. */
  readonly label: string
  /** Spoken in place of the label, where several say the same. */
  readonly name?: string
  readonly title: string
  /** What will happen. */
  readonly children: ReactNode
  /** Of the button that does it. */
  readonly verb: string
  /** Must be typed. */
  readonly word?: string
  readonly act: () => Promise<unknown>
  readonly size?: 'tight' | 'small' | 'normal'
}

export const Confirm = ({
  label,
  name,
  title,
  children,
  verb,
  word,
  act,
  size = 'small',
}: ConfirmProps) => {
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<Error>()
  const [isBusy, setBusy] = useState(false)
  const formId = useId()
  const close = (): void => {
    setOpen(false)
    setTyped('')
    setProblem(undefined)
  }
  const submit = async (): Promise<void> => {
    setBusy(true)
    try {
      await act()
      close()
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button kind="danger" size={size} aria-label={name} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={close}
        title={title}
        actions={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button
              kind="danger"
              type="submit"
              form={formId}
              isBusy={isBusy}
              reason={word !== undefined && typed !== word ? `Type ${word} first.` : undefined}
            >
              {verb}
            </Button>
          </>
        }
      >
        <form
          id={formId}
          className="flex flex-col gap-4 text-dense"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            if (!isBusy && (word === undefined || typed === word)) void submit()
          }}
        >
          <div>{children}</div>
          {word === undefined ? null : (
            <Field
              label={`Type ${word} to go on`}
              value={typed}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
          <Refused error={problem ?? null} />
        </form>
      </Dialog>
    </>
  )
}
