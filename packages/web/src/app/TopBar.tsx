/** The bar: where one is, where one may go, and who one is. */
import { useQuery } from '@tanstack/react-query'
import { useMatches } from '@tanstack/react-router'
import {
  CircleHelp,
  Keyboard,
  LogOut,
  Menu as MenuIcon,
  Plus,
  Search,
  Settings,
  UserRound,
} from 'lucide-react'
import { hubQuery, type Me, useMe } from '../accounts/me.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button, IconButton } from '../parts/Button.tsx'
import { signInHere } from '../parts/Failed.tsx'
import { Go } from '../parts/Go.tsx'
import { Menu, type MenuItem } from '../parts/Menu.tsx'
import { countsOf, useWaiting } from '../inbox/waiting.ts'
import { Mark } from '../parts/Weight.tsx'
import { hrefOf } from './base.ts'
import { useHere } from './here.ts'
import { placesFor } from './places.ts'
import { densities, themes } from './looks.ts'
import { type Density, type Theme, usePrefs, writePrefs } from './prefs.ts'
import { keyWords } from './shortcuts.ts'

/** Leaves by a form, as the server wants it: a link could be followed by another site. */
const signOut = (): void => {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = hrefOf('/logout')
  document.body.append(form)
  form.submit()
}

const useLooks = (): MenuItem[] => {
  const prefs = usePrefs()
  return [
    {
      kind: 'choice',
      label: 'Theme',
      value: prefs.theme ?? 'system',
      options: themes,
      // Casts because the values are those of the lists above.
      onChoose: (value) => writePrefs({ theme: value as Theme }),
    },
    {
      kind: 'choice',
      label: 'Rows',
      value: prefs.density ?? 'dense',
      options: densities,
      onChoose: (value) => writePrefs({ density: value as Density }),
    },
  ]
}

const FaceMenu = ({ me, onSheet }: { readonly me: Me; readonly onSheet: () => void }) => {
  const looks = useLooks()
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
  const items: MenuItem[] = [
    { kind: 'words', label: <>Signed in as {me.name}</> },
    { kind: 'go', label: 'Your page', icon: <UserRound {...icon} />, to: `/${me.name}` },
    ...me.orgs.map(({ name }): MenuItem => ({
      kind: 'go',
      label: name,
      icon: <Avatar name={name} kind="org" size={16} />,
      to: `/${name}`,
    })),
    { kind: 'go', label: 'Settings', icon: <Settings {...icon} />, to: '/settings' },
    { kind: 'line' },
    ...looks,
    { kind: 'line' },
    { kind: 'act', label: 'Shortcuts', hint: '?', icon: <Keyboard {...icon} />, onSelect: onSheet },
    { kind: 'act', label: 'Sign out', icon: <LogOut {...icon} />, onSelect: signOut },
  ]
  return (
    <Menu
      items={items}
      trigger={
        <button
          type="button"
          aria-label={`${me.name}: account, theme, help`}
          className="cursor-pointer rounded-full"
        >
          <Avatar name={me.name} kind="user" size={28} />
        </button>
      }
    />
  )
}

const newItems: readonly MenuItem[] = [
  { kind: 'go', label: 'Model', to: '/new' },
  { kind: 'go', label: 'Dataset', to: '/new-dataset' },
]

const GuestMenu = ({ onSheet }: { readonly onSheet: () => void }) => {
  const looks = useLooks()
  const items: MenuItem[] = [
    ...looks,
    { kind: 'line' },
    { kind: 'act', label: 'Shortcuts', hint: '?', onSelect: onSheet },
  ]
  return (
    <Menu
      items={items}
      trigger={
        <IconButton label="Theme and help">
          <CircleHelp size={18} strokeWidth={1.75} aria-hidden />
        </IconButton>
      }
    />
  )
}

/** Only where somebody has to do something. */
const Waits = ({ count }: { readonly count: string | undefined }) =>
  count === undefined || count === '0' ? null : (
    <span
      aria-hidden
      className="min-w-[18px] rounded-full bg-accent px-1 text-center text-[11px]/[18px] font-medium text-accent-ink"
    >
      {count}
    </span>
  )

/** Beside the link, which keeps its name. */
const WaitsWords = ({ count }: { readonly count: string | undefined }) =>
  count === undefined || count === '0' ? null : (
    <span className="sr-only">{count} waiting for you</span>
  )

export const TopBar = ({
  onJump,
  onSheet,
}: {
  readonly onJump: () => void
  readonly onSheet: () => void
}) => {
  const me = useMe()
  const facts = useQuery(hubQuery).data
  const path = useHere()
  const { waiting } = useWaiting()
  const waits = waiting === undefined ? undefined : countsOf(waiting)
  const bar = placesFor(me).filter(({ isIn }) => isIn === 'bar')
  const isRepo = useMatches({
    select: (all) => all.some(({ routeId }) => routeId.includes('$name')),
  })
  const isUnder = (under: readonly string[]): boolean =>
    under.some((one) => path === one || path.startsWith(`${one}/`)) ||
    (isRepo && under.includes('/models'))
  const instance = facts === undefined || facts.name === 'Weighhouse' ? undefined : facts.name
  return (
    <header className="z-10 border-b border-line bg-surface">
      <div className="flex h-[52px] items-center gap-3 px-4 sm:px-6">
        <Go to="/" className="flex items-center gap-2 text-body font-semibold tracking-[-0.01em]">
          <Mark size={22} />
          Weighhouse
        </Go>
        {instance === undefined ? null : (
          <span className="border-s border-line ps-3 text-dense text-ink-3 max-sm:hidden">
            {instance}
          </span>
        )}
        <nav aria-label="Main" className="ms-3 h-full max-md:hidden">
          <ul className="flex h-full gap-6">
            {bar.map(({ to, label, under, counts }) => (
              <li key={to} className="h-full">
                <Go
                  to={to}
                  aria-current={isUnder(under) ? 'page' : undefined}
                  className="-mb-px flex h-full items-center gap-1.5 border-b-2 border-transparent text-ink-2 hover:text-ink aria-[current]:border-solid aria-[current]:font-semibold aria-[current]:text-ink"
                >
                  {label}
                  {counts === undefined ? null : <Waits count={waits?.[counts]} />}
                </Go>
                {counts === undefined ? null : <WaitsWords count={waits?.[counts]} />}
              </li>
            ))}
          </ul>
        </nav>
        <div className="flex-1" />
        <button
          type="button"
          onClick={onJump}
          className="flex h-8 w-64 cursor-pointer items-center gap-2 rounded-control border border-line-2 bg-page px-2.5 text-dense text-ink-3 hover:border-control max-lg:w-48 max-md:hidden"
        >
          <Search size={14} strokeWidth={2} aria-hidden />
          <span className="flex-1 truncate text-start">Search or jump to</span>
          <kbd className="rounded-tag border border-line-2 bg-surface px-1 text-[11px]">
            {keyWords('mod+k')}
          </kbd>
        </button>
        <IconButton label="Search or jump to" onClick={onJump} className="md:hidden">
          <Search size={18} strokeWidth={1.75} aria-hidden />
        </IconButton>
        {me == null ? <GuestMenu onSheet={onSheet} /> : null}
        {me === null ? (
          <a
            href={signInHere()}
            className="inline-flex h-8 items-center rounded-control border border-line-2 bg-surface px-3 text-dense font-medium shadow-quiet hover:bg-hover"
          >
            Sign in
          </a>
        ) : null}
        {me == null ? null : (
          <>
            <Menu
              items={newItems}
              trigger={
                <Button
                  size="small"
                  icon={<Plus size={14} strokeWidth={2} aria-hidden />}
                  className="max-sm:hidden"
                >
                  New
                </Button>
              }
            />
            <FaceMenu me={me} onSheet={onSheet} />
          </>
        )}
        <div className="md:hidden">
          <Menu
            items={bar.map(({ to, label }): MenuItem => ({ kind: 'go', to, label }))}
            trigger={
              <IconButton label="Menu">
                <MenuIcon size={18} strokeWidth={1.75} aria-hidden />
              </IconButton>
            }
          />
        </div>
      </div>
    </header>
  )
}
