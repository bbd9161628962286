/** A secret that the hub shows once: to be copied now. */
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import { CodeBlock } from './CodeBlock.tsx'
import { Dialog } from './Dialog.tsx'

interface OnceProps {
  readonly title: string
  /** One a line. */
  readonly secret: string
  /** What it is called where it is copied. */
  readonly label: string
  readonly onClose: () => void
  readonly children: ReactNode
}

export const Once = ({ title, secret, label, onClose, children }: OnceProps) => (
  <Dialog
    isOpen
    onClose={onClose}
    title={title}
    width={560}
    actions={
      <Button kind="primary" onClick={onClose}>
        I have kept it
      </Button>
    }
  >
    <div className="flex flex-col gap-3 text-dense">
      <div>{children}</div>
      <div className="rounded-control border border-line-2 bg-sunken">
        <CodeBlock code={secret} label={label} />
      </div>
    </div>
  </Dialog>
)
