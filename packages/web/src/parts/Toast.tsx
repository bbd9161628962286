/** Confirms what a person just did. Never the only copy of a fact. */
import { Check, CircleAlert } from 'lucide-react'
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react'
import { Button } from './Button.tsx'

interface Wish {
  readonly text: string
  readonly isProblem?: boolean
  /** Takes back what was done. */
  readonly undo?: () => void
}

interface Shown extends Wish {
  readonly id: number
}

const shownMs = 6_000
const shownMax = 3

const ToastContext = createContext<(wish: Wish) => void>(() => undefined)

export const useToast = (): ((wish: Wish) => void) => use(ToastContext)

let lastId = 0

export const Toasts = ({ children }: { readonly children: ReactNode }) => {
  const [shown, setShown] = useState<readonly Shown[]>([])
  const drop = useCallback(
    (id: number) => setShown((all) => all.filter((one) => one.id !== id)),
    [],
  )
  const show = useCallback(
    (wish: Wish) => {
      lastId += 1
      const id = lastId
      setShown((all) => [...all.slice(1 - shownMax), { ...wish, id }])
      setTimeout(() => drop(id), shownMs)
    },
    [drop],
  )
  const value = useMemo(() => show, [show])
  return (
    <ToastContext value={value}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-0 bottom-4 z-40 flex flex-col items-center gap-2 px-4"
      >
        {shown.map(({ id, text, isProblem = false, undo }) => (
          <div
            key={id}
            className="pointer-events-auto flex max-w-md items-center gap-2 rounded-panel border border-line-2 bg-raised py-2 ps-3 pe-2 text-dense shadow-overlay rise"
          >
            {isProblem ? (
              <CircleAlert size={16} className="shrink-0 text-fail" aria-hidden />
            ) : (
              <Check size={16} className="shrink-0 text-pass" aria-hidden />
            )}
            <span className="pe-2">{text}</span>
            {undo === undefined ? null : (
              <Button
                kind="ghost"
                size="tight"
                onClick={() => {
                  undo()
                  drop(id)
                }}
              >
                Undo
              </Button>
            )}
          </div>
        ))}
      </div>
    </ToastContext>
  )
}
