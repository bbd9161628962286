/** A window over the page, by the browser's own element: it keeps focus inside, closes by Esc, and gives focus back. */
import { X } from 'lucide-react'
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { IconButton } from './Button.tsx'

const firstField = 'input:not([type=radio]), select, textarea'

interface DialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  /** Buttons, the one that acts last. */
  readonly actions?: ReactNode
  readonly width?: number
}

export const Dialog = ({ isOpen, onClose, title, children, actions, width = 480 }: DialogProps) => {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const { current } = ref
    if (current === null || !isOpen) return undefined
    current.showModal()
    // Where there is something to fill in, that comes first, not the button that closes.
    current.querySelector<HTMLElement>(firstField)?.focus()
    // Also before it is taken away: only a window that was closed gives focus back.
    return () => current.close()
  }, [isOpen])
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      // At once with the key: the event above comes later, and could close what was opened meanwhile.
      onCancel={(event) => event.target === ref.current && onClose()}
      // A press beside the window lands on the element itself.
      onPointerDown={(event) => event.target === ref.current && onClose()}
      className="m-auto max-h-[85dvh] max-w-[calc(100vw-32px)] rounded-panel border border-line-2 bg-raised p-0 text-ink shadow-overlay open:rise"
      style={{ width }}
    >
      {isOpen ? (
        <div className="flex max-h-[85dvh] flex-col">
          <header className="flex items-center justify-between gap-2 border-b border-line py-2 ps-4 pe-2">
            <h2 id={titleId} className="text-card">
              {title}
            </h2>
            <IconButton label="Close" onClick={onClose}>
              <X size={16} strokeWidth={1.75} aria-hidden />
            </IconButton>
          </header>
          <div className="overflow-y-auto p-4">{children}</div>
          {actions === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
              {actions}
            </footer>
          )}
        </div>
      ) : null}
    </dialog>
  )
}
