/** One input for going anywhere and doing anything: places, repos, people, files, what the page offers. */
import { CornerDownLeft } from 'lucide-react'
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { useGo } from '../parts/Go.tsx'
import type { Found } from './found.tsx'
import { useJumpFound } from './use-found.ts'

interface ListProps {
  readonly id: string
  readonly found: readonly Found[]
  readonly current: number
  readonly onChoose: (one: Found) => void
  readonly onPoint: (at: number) => void
}

const List = ({ id, found, current, onChoose, onPoint }: ListProps) => (
  <ul id={id} role="listbox" aria-label="Results" className="max-h-[50dvh] overflow-y-auto p-1">
    {found.map((one, at) => (
      <li key={one.key} role="presentation">
        {one.section === found[at - 1]?.section ? null : (
          <p className="px-2.5 pt-2 pb-1 text-meta text-ink-3" aria-hidden>
            {one.section}
          </p>
        )}
        {/* Keys act on the input, which keeps the focus. */}
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
        <div
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === current}
          onClick={() => onChoose(one)}
          onPointerMove={() => onPoint(at)}
          className="flex h-9 cursor-pointer items-center gap-2 rounded-control px-2.5 text-dense aria-selected:bg-selected"
        >
          {one.icon}
          <span className="truncate">{one.label}</span>
          <span className="flex-1 truncate text-meta text-ink-3">{one.hint}</span>
          {at === current ? <CornerDownLeft size={14} className="text-ink-3" aria-hidden /> : null}
        </div>
      </li>
    ))}
  </ul>
)

interface PaletteProps {
  /** What is typed already. */
  readonly begin: string
  readonly onClose: () => void
}

export const JumpPalette = ({ begin, onClose }: PaletteProps) => {
  const ref = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const go = useGo()
  const [q, setQ] = useState(begin)
  const [current, setCurrent] = useState(0)
  const { found, isBusy, signs } = useJumpFound(q)
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Only a window that was closed gives focus back.
    return () => dialog?.close()
  }, [])
  const choose = ({ to, act }: Found): void => {
    onClose()
    if (to !== undefined) go(to)
    // Once the window is gone: what acts may move the focus.
    else setTimeout(() => act?.())
  }
  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      const next = (current + step + found.length) % Math.max(1, found.length)
      setCurrent(next)
      document
        .querySelector(`#${CSS.escape(`${listId}-${next}`)}`)
        ?.scrollIntoView({ block: 'nearest' })
    }
    const here = found[current]
    if (event.key === 'Enter' && here !== undefined) {
      event.preventDefault()
      choose(here)
    }
  }
  return (
    <dialog
      ref={ref}
      aria-label="Search or jump to"
      onClose={onClose}
      // At once with the key: the event above comes later, and could close what was opened meanwhile.
      onCancel={(event) => event.target === ref.current && onClose()}
      onPointerDown={(event) => event.target === ref.current && onClose()}
      className="mx-auto mt-[12dvh] w-[560px] max-w-[calc(100vw-24px)] overflow-hidden rounded-panel border border-line-2 bg-raised p-0 text-ink shadow-overlay open:rise"
    >
      <input
        type="text"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? `${listId}-${current}` : undefined}
        aria-label="Search or jump to"
        placeholder="A name, an address, a hash, an act"
        autoComplete="off"
        spellCheck={false}
        value={q}
        onChange={(event) => {
          setQ(event.target.value)
          setCurrent(0)
        }}
        onKeyDown={press}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-prose outline-none placeholder:text-ink-3"
      />
      <List id={listId} found={found} current={current} onChoose={choose} onPoint={setCurrent} />
      <p
        role="status"
        className={found.length > 0 ? 'sr-only' : 'px-4 py-6 text-center text-dense text-ink-3'}
      >
        {found.length > 0
          ? `${found.length} results`
          : isBusy
            ? 'Searching'
            : `Nothing called “${q}”.`}
      </p>
      <p className="flex flex-wrap gap-x-4 border-t border-line px-4 py-2 text-meta text-ink-3">
        {signs.map((sign) => (
          <span key={sign}>{sign}</span>
        ))}
      </p>
    </dialog>
  )
}
