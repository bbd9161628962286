/** What pages about repos ask the hub. One key for each call, so that a change knows what to read again. */
import type { Client } from '@weighhouse/contract/client.ts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { hub, queries } from '../app/api.ts'
import { callName, parseRepoPlace, type RepoName } from './place.ts'

export type Listed = Awaited<ReturnType<Client['listRepos']>>['items'][number]
export type Repo = Awaited<ReturnType<Client['getRepo']>>
export type Tree = Awaited<ReturnType<Client['getTree']>>
export type TreeEntry = Tree['entries'][number]
export type FileView = Awaited<ReturnType<Client['getFile']>>
export type Tensors = Awaited<ReturnType<Client['getTensors']>>

export const repoKey = ({ type, path }: RepoName): readonly string[] => [
  'repo',
  type,
  path.toLowerCase(),
]

export const repoQuery = (repo: RepoName) =>
  queryOptions({ queryKey: repoKey(repo), queryFn: () => hub.getRepo(callName(repo)) })

export const cardQuery = (repo: RepoName, at: string) =>
  queryOptions({
    queryKey: [...repoKey(repo), 'card', at],
    queryFn: () => hub.getCard({ ...callName(repo), at }),
  })

/** With the code in it coloured: asked for when the card is there already. */
export const colouredCardQuery = (repo: RepoName, at: string) =>
  queryOptions({
    queryKey: [...repoKey(repo), 'card', at, 'coloured'],
    queryFn: () => hub.getCard({ ...callName(repo), at, withColours: true }),
  })

export const treeQuery = (repo: RepoName, at: string) =>
  infiniteQueryOptions({
    queryKey: [...repoKey(repo), 'tree', at],
    queryFn: ({ pageParam }) =>
      hub.getTree({
        ...callName(repo),
        at,
        withLast: true,
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

/** What follows the first entries, in long pages: without what last changed each. */
export const treeRestQuery = (repo: RepoName, at: string, from: string) =>
  infiniteQueryOptions({
    queryKey: [...repoKey(repo), 'tree', at, 'rest', from],
    queryFn: ({ pageParam }) => hub.getTree({ ...callName(repo), at, cursor: pageParam }),
    initialPageParam: from,
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const fileQuery = (repo: RepoName, at: string) =>
  queryOptions({
    queryKey: [...repoKey(repo), 'file', at],
    queryFn: () => hub.getFile({ ...callName(repo), at }),
  })

export const coloursQuery = (repo: RepoName, at: string) =>
  queryOptions({
    queryKey: [...repoKey(repo), 'colours', at],
    queryFn: () => hub.getColours({ ...callName(repo), at }),
    // Without colours it is read as well.
    retry: false,
  })

export const tensorsQuery = (repo: RepoName, at: string) =>
  queryOptions({
    queryKey: [...repoKey(repo), 'tensors', at],
    queryFn: () => hub.getTensors({ ...callName(repo), at }),
  })

export const refsQuery = (repo: RepoName) =>
  queryOptions({
    queryKey: [...repoKey(repo), 'refs'],
    queryFn: () => hub.listRefs(callName(repo)),
  })

export const commitsQuery = (repo: RepoName, at: string) =>
  infiniteQueryOptions({
    queryKey: [...repoKey(repo), 'commits', at],
    queryFn: ({ pageParam }) =>
      hub.listCommits({
        ...callName(repo),
        at,
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const changesQuery = (repo: RepoName, to: string, from?: string) =>
  queryOptions({
    queryKey: [...repoKey(repo), 'changes', to, from ?? ''],
    queryFn: () =>
      hub.getChanges({ ...callName(repo), to, ...(from === undefined ? {} : { from }) }),
  })

/** Asks for what a page of a repo will need, while the page's own script is still on its way. */
export const readAhead = (here: string): void => {
  const place = parseRepoPlace(here)
  void queries.prefetchQuery(repoQuery(place))
  if (place.verb === '') void queries.prefetchQuery(cardQuery(place, 'main'))
}
