/** The places of the top bar and of the palette. A page that people go to by itself is added here. */
import type { Me } from '../accounts/me.ts'

export interface Place {
  readonly to: string
  readonly label: string
  /** Paths that belong to it begin with one of these. */
  readonly under: readonly string[]
  /** Second letter after `g`. */
  readonly key?: string
  /** What waits there, counted beside its name. */
  readonly counts?: 'agreements' | 'requests'
  readonly isIn: 'bar' | 'palette'
  readonly isFor: (me: Me | null | undefined) => boolean
}

const everybody = (): boolean => true
const people = (me: Me | null | undefined): boolean => me != null

export const places: readonly Place[] = [
  { to: '/', label: 'Home', under: [], key: 'h', isIn: 'palette', isFor: everybody },
  {
    to: '/models',
    label: 'Explore',
    under: ['/models', '/datasets'],
    key: 'm',
    isIn: 'bar',
    isFor: everybody,
  },
  { to: '/datasets', label: 'Datasets', under: [], key: 'd', isIn: 'palette', isFor: everybody },
  {
    to: '/agreements',
    label: 'Agreements',
    under: ['/agreements'],
    key: 'a',
    counts: 'agreements',
    isIn: 'bar',
    isFor: people,
  },
  {
    to: '/organizations',
    label: 'Organisations',
    under: [],
    key: 'o',
    isIn: 'palette',
    isFor: everybody,
  },
  {
    to: '/inbox',
    label: 'Inbox',
    under: ['/inbox'],
    key: 'i',
    counts: 'requests',
    isIn: 'bar',
    isFor: people,
  },
  {
    to: '/admin',
    label: 'Admin',
    under: ['/admin'],
    isIn: 'bar',
    isFor: (me) => me?.isAdmin === true,
  },
  { to: '/settings', label: 'Settings', under: [], isIn: 'palette', isFor: people },
  { to: '/new', label: 'New model', under: [], isIn: 'palette', isFor: people },
  { to: '/new-dataset', label: 'New dataset', under: [], isIn: 'palette', isFor: people },
]

export const placesFor = (me: Me | null | undefined): readonly Place[] =>
  places.filter(({ isFor }) => isFor(me))
