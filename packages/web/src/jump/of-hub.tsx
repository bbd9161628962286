/** What the hub is asked for: repos, agreements, people, bytes. It answers what the person may see. */
import { FileText, ScrollText } from 'lucide-react'
import type { Me } from '../accounts/me.ts'
import { roleWords } from '../accounts/roles.ts'
import { hub } from '../app/api.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { encodePath, toIn } from '../repos/place.ts'
import { asFound, type Found, icon } from './found.tsx'

/** Of each kind. */
export const shownMax = 6
const orgsMax = 5

export const findRepos = async (q: string): Promise<Found[]> => {
  const lists = await Promise.all(
    (['model', 'dataset'] as const).map((type) =>
      hub.listRepos({ type, q, limit: shownMax, sort: 'downloads' }),
    ),
  )
  return lists.flatMap(({ items }) =>
    items.map((repo) => asFound(repo, repo.type === 'model' ? 'Models' : 'Datasets')),
  )
}

/** Organisations for which the person may look at such things. */
export const lookedAfter = (me: Me | null | undefined): string[] =>
  (me?.orgs ?? [])
    .filter(({ role }) => role === 'admin' || role === 'auditor')
    .slice(0, orgsMax)
    .map(({ name }) => name)

export const findAgreements = async (orgs: readonly string[]): Promise<Found[]> => {
  const lists = await Promise.all(
    orgs.map(async (org) => ({ org, ...(await hub.listAgreements({ org, limit: 100 })) })),
  )
  const found = lists.flatMap(({ org, items }) =>
    items.map(({ id, title, state }) => ({
      key: `agreement:${id}`,
      section: 'Agreements',
      label: title,
      hint: `${state}, ${id}`,
      icon: <ScrollText {...icon} />,
      to: `/agreements/${encodePath(id)}?as=${encodeURIComponent(org)}`,
    })),
  )
  // Both sides may be one's own.
  return [...new Map(found.map((one) => [one.key, one])).values()]
}

export const findPeople = async (orgs: readonly string[]): Promise<Found[]> => {
  const lists = await Promise.all(
    orgs.map(async (org) => ({ org, ...(await hub.listMembers({ org, limit: 200 })) })),
  )
  const found = lists.flatMap(({ org, items }) =>
    items.map(({ name, fullName, role }) => ({
      key: `person:${name}`,
      section: 'People',
      label: fullName === '' ? name : `${fullName}, ${name}`,
      hint: `${roleWords[role]} of ${org}`,
      icon: <Avatar name={name} kind="user" size={18} />,
      to: `/${encodePath(name)}`,
    })),
  )
  return [...new Map(found.map((one) => [one.key, one])).values()]
}

export const findContent = async (sha256: string): Promise<Found[]> => {
  const { items } = await hub.findContent({ sha256 })
  return items.map(({ type, repo: path, path: file }) => ({
    key: `content:${type}:${path}`,
    section: 'Files with these bytes',
    label: file,
    hint: path,
    icon: <FileText {...icon} />,
    to: toIn({ type, path }, 'blob', 'main', file),
  }))
}
