/** What the repo is asked for whose page this is: files, revisions, commits. */
import { FileText, GitBranch, GitCommitHorizontal } from 'lucide-react'
import { hub } from '../app/api.ts'
import type { Repo } from '../repos/data.ts'
import { callName, type RepoPlace, toIn } from '../repos/place.ts'
import { type Found, icon } from './found.tsx'

const atRevision: ReadonlySet<string> = new Set([
  'tree',
  'blob',
  'commits',
  'commit',
  'edit',
  'upload',
  'new',
])

/** Revision and path of the page, as calls take them. */
export const atOf = ({ verb, tail }: RepoPlace): string =>
  atRevision.has(verb) && tail !== '' ? tail : 'main'

export const findFiles = async (repo: Repo, at: string, q: string): Promise<Found[]> => {
  const { revision, paths } = await hub.findFiles({ ...callName(repo), at, q })
  return paths.map((path) => ({
    key: `file:${path}`,
    section: `Files of ${revision}`,
    label: path,
    icon: <FileText {...icon} />,
    to: toIn(repo, 'blob', revision, path),
  }))
}

export const findRevisions = async (repo: Repo, place: RepoPlace): Promise<Found[]> => {
  const { branches, tags } = await hub.listRefs(callName(repo))
  const verb = place.verb === 'commits' ? 'commits' : 'tree'
  const of = (section: string) => (ref: (typeof branches)[number]) => ({
    key: ref.ref,
    section,
    label: ref.name,
    hint: ref.title,
    icon: <GitBranch {...icon} />,
    to: toIn(repo, verb, ref.name),
  })
  return [...branches.map(of('Branches')), ...tags.map(of('Tags'))]
}

export const findCommit = async (repo: Repo, id: string): Promise<Found[]> => {
  const { commit, kind } = await hub.getTree({ ...callName(repo), at: id })
  if (kind !== 'commit') return []
  return [
    {
      key: `commit:${commit}`,
      section: 'Commits',
      label: commit.slice(0, 12),
      hint: repo.path,
      icon: <GitCommitHorizontal {...icon} />,
      to: toIn(repo, 'commit', commit),
    },
  ]
}
