/** For whom somebody acts: agreements are between organisations, so a page begins with one. The address says which: `?as=lab`. */
import { useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Me, useMe } from '../accounts/me.ts'
import { basePath } from '../app/base.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { NotHere } from '../parts/Failed.tsx'
import { useGo } from '../parts/Go.tsx'
import { Column, Heading } from '../parts/Page.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'

export interface Acting {
  readonly me: Me
  /** Its name, and its id, by which statements call it. */
  readonly org: string
  readonly orgId: string
  readonly orgs: readonly string[]
}

const roles: ReadonlySet<string> = new Set(['admin', 'auditor'])

const useSearch = (): Readonly<Record<string, string | undefined>> => useLocation().search

/** The id in `/agreements/:id/…`. */
export const useAgreementId = (): string => {
  const { pathname } = useLocation()
  return decodeURIComponent(pathname.slice(basePath.length).split('/')[2] ?? '')
}

interface FrameProps {
  readonly children: (acting: Acting) => ReactNode
  /** For those who speak for nobody, or not for the organisation that the address names. */
  readonly otherwise?: (me: Me) => ReactNode
}

export const ActingFrame = ({ children, otherwise }: FrameProps): ReactNode => {
  const me = useMe()
  const { as } = useSearch()
  if (me === undefined) return <Skeleton />
  if (me === null) return <NotHere isSignedIn={false} />
  const isNamed = ({ name }: { readonly name: string }): boolean =>
    name.toLowerCase() === as?.toLowerCase()
  const mine = me.orgs.filter(({ role }) => roles.has(role))
  const found = mine.find(isNamed) ?? mine[0]
  const isOnlyMember = me.orgs.some(isNamed) && !mine.some(isNamed)
  if (otherwise !== undefined && (found === undefined || isOnlyMember)) return otherwise(me)
  if (found === undefined) {
    return (
      <Column>
        <Heading>Agreements</Heading>
        <EmptyState title="You administer no organisation">
          Agreements are between organisations. Those who administer one write and sign them, and
          give its people access.
        </EmptyState>
      </Column>
    )
  }
  const orgs = mine.map(({ name }) => name)
  return children({ me, org: found.name, orgId: found.id, orgs })
}

/** Where there are several. Keeps the rest of the address. */
export const ActingSelect = ({ acting }: { readonly acting: Acting }) => {
  const go = useGo()
  const { pathname } = useLocation()
  const search = useSearch()
  if (acting.orgs.length < 2) return null
  return (
    <label className="flex items-center gap-2 text-dense text-ink-2">
      For
      <select
        value={acting.org}
        onChange={(event) => {
          const rest = Object.entries({ ...search, as: event.target.value })
          const given = rest.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))
          go(`${pathname.slice(basePath.length)}?${new URLSearchParams(given).toString()}`)
        }}
        className="h-[30px] rounded-control border border-control bg-surface px-2 text-ink"
      >
        {acting.orgs.map((org) => (
          <option key={org}>{org}</option>
        ))}
      </select>
    </label>
  )
}
