/** What is there without asking: what the page offers, places, one's organisations, pages of before. */
import { Zap } from 'lucide-react'
import type { Me } from '../accounts/me.ts'
import { queries } from '../app/api.ts'
import { placesFor } from '../app/places.ts'
import { keyWords, listShortcuts } from '../app/shortcuts.ts'
import { Avatar } from '../parts/Avatar.tsx'
import type { Repo } from '../repos/data.ts'
import { encodePath } from '../repos/place.ts'
import { asFound, type Found, icon } from './found.tsx'
import { shownMax } from './of-hub.tsx'
import { hasWords } from './query.ts'

/** Keys that make no sense once the palette is closed. */
const passing: ReadonlySet<string> = new Set(['mod+k', 'mod+enter', 'j', 'k', 'o'])

export const actsFor = (words: string): Found[] =>
  listShortcuts()
    .filter(
      ({ keys, label }) => !passing.has(keys) && !keys.startsWith('g ') && hasWords(label, words),
    )
    .map(({ keys, label, act }) => ({
      key: `act:${keys}`,
      section: 'On this page',
      label,
      hint: keyWords(keys),
      icon: <Zap {...icon} />,
      act,
    }))

export const goingTo = (me: Me | null | undefined, words: string): Found[] =>
  placesFor(me)
    .filter(({ label }) => hasWords(label, words))
    .map(({ to, label }) => ({ key: to, section: 'Go to', label, to }))

export const orgsOf = (me: Me | null | undefined, words: string): Found[] =>
  (me?.orgs ?? [])
    .filter(({ name }) => hasWords(name, words))
    .map(({ name }) => ({
      key: `org:${name}`,
      section: 'Organisations',
      label: name,
      to: `/${encodePath(name)}`,
      icon: <Avatar name={name} kind="org" size={18} />,
    }))

/** Those whose pages were opened in this tab: nothing of them is kept anywhere. */
export const recent = (here: Repo | undefined): Found[] =>
  queries
    .getQueryCache()
    .findAll({ queryKey: ['repo'] })
    .filter(({ queryKey }) => queryKey.length === 3)
    .toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
    // A cast because keys of this length are those of `repoQuery`.
    .flatMap(({ state }) => (state.data as Repo | undefined) ?? [])
    .filter(({ id }) => id !== here?.id)
    .slice(0, shownMax)
    .map((repo) => asFound(repo, 'Recent'))
