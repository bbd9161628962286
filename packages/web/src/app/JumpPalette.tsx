/** One input for going anywhere: places, repos, owners. Nothing it finds was not visible before. */
import { useQuery } from '@tanstack/react-query'
import { CornerDownLeft } from 'lucide-react'
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { useMe } from '../accounts/me.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { useGo } from '../parts/Go.tsx'
import { repoTo } from '../repos/place.ts'
import { hub } from './api.ts'
import { placesFor } from './places.ts'

interface Found {
  readonly key: string
  readonly section: string
  readonly label: string
  readonly hint?: string
  readonly icon?: ReactNode
  readonly to: string
}

const shownMax = 6

const findRepos = async (q: string): Promise<Found[]> => {
  const lists = await Promise.all(
    (['model', 'dataset'] as const).map((type) =>
      hub.listRepos({ type, q, limit: shownMax, sort: 'downloads' }),
    ),
  )
  return lists.flatMap(({ items }) =>
    items.map((repo) => ({
      key: `${repo.type}:${repo.path}`,
      section: repo.type === 'model' ? 'Models' : 'Datasets',
      label: repo.path,
      ...(repo.task === null ? {} : { hint: repo.task }),
      icon: <Avatar name={repo.owner} kind="org" size={18} />,
      to: repoTo(repo),
    })),
  )
}

/** A pasted address of any hub leads to the same repo here. */
const pasted = (q: string): Found[] => {
  const path = /^https?:\/\/[^/]+(\/[^?#]+)/.exec(q)?.[1]
  return path === undefined ? [] : [{ key: 'pasted', section: 'Address', label: path, to: path }]
}

const useFound = (q: string): { found: readonly Found[]; isBusy: boolean } => {
  const me = useMe()
  const asked = useDeferredValue(q.trim())
  const { data = [], isFetching } = useQuery({
    queryKey: ['jump', asked],
    queryFn: () => findRepos(asked),
    placeholderData: (before) => before,
  })
  const words = asked.toLowerCase()
  const own = placesFor(me)
    .filter(({ label }) => label.toLowerCase().includes(words))
    .map(({ to, label }): Found => ({ key: to, section: 'Go to', label, to }))
  const orgs = (me?.orgs ?? [])
    .filter(({ name }) => name.toLowerCase().includes(words))
    .map(({ name }): Found => ({
      key: `org:${name}`,
      section: 'Organisations',
      label: name,
      to: `/${name}`,
      icon: <Avatar name={name} kind="org" size={18} />,
    }))
  return {
    found: [...pasted(asked), ...own.slice(0, shownMax), ...orgs.slice(0, shownMax), ...data],
    isBusy: isFetching,
  }
}

interface ListProps {
  readonly id: string
  readonly found: readonly Found[]
  readonly current: number
  readonly onChoose: (to: string) => void
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
          onClick={() => onChoose(one.to)}
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

export const JumpPalette = ({ onClose }: { readonly onClose: () => void }) => {
  const ref = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const go = useGo()
  const [q, setQ] = useState('')
  const [current, setCurrent] = useState(0)
  const { found, isBusy } = useFound(q)
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Only a window that was closed gives focus back.
    return () => dialog?.close()
  }, [])
  const choose = (to: string): void => {
    onClose()
    go(to)
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
    if (event.key === 'Enter' && here !== undefined) choose(here.to)
  }
  return (
    <dialog
      ref={ref}
      aria-label="Search or jump to"
      onClose={onClose}
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
        placeholder="A model, a dataset, an organisation, a place"
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
    </dialog>
  )
}
