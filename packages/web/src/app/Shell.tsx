/** What stands around every page: the bar, the palette, the sheet of shortcuts. */
import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useMe } from '../accounts/me.ts'
import { useGo } from '../parts/Go.tsx'
import { TopBar } from './TopBar.tsx'
import { keepFocus } from './focus.ts'
import { placesFor } from './places.ts'
import { listen, stepRow, useShortcut } from './shortcuts.ts'

const JumpPalette = lazy(() =>
  import('./JumpPalette.tsx').then((all) => ({ default: all.JumpPalette })),
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

type Window = 'none' | 'jump' | 'sheet'

export const Shell = () => {
  const [open, setOpen] = useState<Window>('none')
  const me = useMe()
  const { pathname } = useLocation()
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
  // Whatever stood open belongs to the page before.
  useEffect(() => setOpen('none'), [pathname])
  useShortcut('mod+k', 'Search or jump to', () => setOpen('jump'))
  useShortcut('?', 'Show shortcuts', () => setOpen('sheet'))
  useShortcut('j', 'Next row', () => stepRow(1))
  useShortcut('k', 'Previous row', () => stepRow(-1))
  const close = (): void => setOpen('none')
  return (
    <>
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
      <TopBar onJump={() => setOpen('jump')} onSheet={() => setOpen('sheet')} />
      <main ref={main} id="main" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      {placesFor(me).map(({ to, label, key }) =>
        key === undefined ? null : <PlaceKey key={to} letter={key} label={label} to={to} />,
      )}
      <Suspense fallback={null}>
        {open === 'jump' ? <JumpPalette onClose={close} /> : null}
        {open === 'sheet' ? <ShortcutSheet onClose={close} /> : null}
      </Suspense>
    </>
  )
}
