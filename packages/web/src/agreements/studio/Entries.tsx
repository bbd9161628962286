/** What a party has said of its own people under an agreement: one line each, struck out when it is over, with the button that ends it. */
import { type ReactNode, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { SayDialog } from '../SayDialog.tsx'

export interface Entry {
  readonly id: string
  readonly title: string
  readonly about: ReactNode
  readonly isOver: boolean
}

interface EntriesProps {
  readonly items: readonly Entry[]
  /** What ending one is called: "End access of Study". */
  readonly endTitle: (entry: Entry) => string
  /** Of the button that does it. */
  readonly endVerb: string
  readonly end: (entry: Entry) => Promise<unknown>
  /** What ending it does, and what it does not. */
  readonly children: ReactNode
}

export const Entries = ({ items, endTitle, endVerb, end, children }: EntriesProps) => {
  const [ending, setEnding] = useState<Entry>()
  return (
    <>
      <ul className="mt-1 flex flex-col divide-y divide-line">
        {items.map((entry) => (
          <li key={entry.id} className="flex items-start gap-2 py-2 text-dense">
            <div className="min-w-0 flex-1">
              <p className={entry.isOver ? 'text-ink-3 line-through' : ''}>{entry.title}</p>
              <p className="text-meta text-ink-3">{entry.about}</p>
            </div>
            {entry.isOver ? null : (
              <Button size="tight" aria-label={endTitle(entry)} onClick={() => setEnding(entry)}>
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      {ending === undefined ? null : (
        <SayDialog
          title={endTitle(ending)}
          verb={endVerb}
          isGrave
          act={() => end(ending)}
          onClose={() => setEnding(undefined)}
        >
          <p className="text-dense">{children}</p>
        </SayDialog>
      )}
    </>
  )
}
