/** What stands around every page: the bar, the palette, the sheet of shortcuts. */
import { Outlet, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { useMe } from '../accounts/me.ts'
import { useGo } from '../parts/Go.tsx'
import { useToast } from '../parts/Toast.tsx'
import { LostBand } from './LostBand.tsx'
import { TopBar } from './TopBar.tsx'
import { JumpContext } from '../jump/context.ts'
import { copyText } from './clipboard.ts'
import { keepFocus } from './focus.ts'
import { placesFor } from './places.ts'
import { focusSearch, listen, openRow, sendForm, stepRow, useShortcut } from './shortcuts.ts'

const JumpPalette = lazy(() =>
  import('../jump/JumpPalette.tsx').then((all) => ({ default: all.JumpPalette })),
)
const ShortcutSheet = lazy(() =>
  import('./ShortcutSheet.tsx').then((all) => ({ default: all.ShortcutSheet })),
)

const PlaceKey = ({
  letter,
  label,
  to,
}: {
  readonly letter: string
  readonly label: string
  readonly to: string
}) => {
  const go = useGo()
  useShortcut(`g ${letter}`, `Go to ${label}`, () => go(to))
  return null
}

type Window =
  | { readonly kind: 'none' | 'sheet' }
  | { readonly kind: 'jump'; readonly begin: string }

const none: Window = { kind: 'none' }

const usePageKeys = (onJump: (begin: string) => void): void => {
  const toast = useToast()
  useShortcut('j', 'Next row', () => stepRow(1))
  useShortcut('k', 'Previous row', () => stepRow(-1))
  useShortcut('o', 'Open the row', openRow)
  useShortcut('/', 'Search this list, or jump', () => {
    if (!focusSearch()) onJump('')
  })
  useShortcut('l', 'Copy the link to this', () => {
    void copyText(location.href).then(
      () => toast({ text: 'The link was copied.' }),
      () => toast({ text: 'The browser did not let the link be copied.', isProblem: true }),
    )
  })
  useShortcut('mod+enter', 'Send the form', sendForm)
}

export const Shell = () => {
  const [open, setOpen] = useState<Window>(none)
  const me = useMe()
  const { history } = useRouter()
  const main = useRef<HTMLElement>(null)
  useEffect(listen, [])
  useEffect(() => (main.current === null ? undefined : keepFocus(main.current)), [])
  const personId = me?.id
  useEffect(() => {
    if (personId === undefined) return undefined
    const stop = new AbortController()
    void import('./live.ts').then(({ followNews }) => {
      if (!stop.signal.aborted) followNews(personId, stop.signal)
    })
    return () => stop.abort()
  }, [personId])
  const jump = useCallback((begin: string) => setOpen({ kind: 'jump', begin }), [])
  // Whatever stood open belongs to the page before. At once, and not when the next page is there: it may have been opened since.
  useEffect(() => {
    let { pathname } = history.location
    return history.subscribe(() => {
      const now = history.location.pathname
      if (now !== pathname) setOpen(none)
      pathname = now
    })
  }, [history])
  useShortcut('mod+k', 'Search or jump to', () => jump(''))
  useShortcut('?', 'Show shortcuts', () => setOpen({ kind: 'sheet' }))
  usePageKeys(jump)
  const close = (): void => setOpen(none)
  return (
    <JumpContext value={jump}>
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
        className="sr-only z-40 rounded-control bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
      >
        Skip to content
      </a>
      <TopBar onJump={() => jump('')} onSheet={() => setOpen({ kind: 'sheet' })} />
      <LostBand />
      <main ref={main} id="main" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      {placesFor(me).map(({ to, label, key }) =>
        key === undefined ? null : <PlaceKey key={to} letter={key} label={label} to={to} />,
      )}
      <Suspense fallback={null}>
        {open.kind === 'jump' ? <JumpPalette begin={open.begin} onClose={close} /> : null}
        {open.kind === 'sheet' ? <ShortcutSheet onClose={close} /> : null}
      </Suspense>
    </JumpContext>
  )
}
