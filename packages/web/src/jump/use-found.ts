/** What the palette finds for what is typed. */
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { type Me, useMe } from '../accounts/me.ts'
import { viewersKey } from '../agreements/keys.ts'
import { queries } from '../app/api.ts'
import { hubUrl } from '../app/base.ts'
import { useHere } from '../app/here.ts'
import { type Repo, repoKey } from '../repos/data.ts'
import { parseRepoPlace, type RepoPlace } from '../repos/place.ts'
import type { Found } from './found.tsx'
import {
  findAgreements,
  findContent,
  findPeople,
  findRepos,
  lookedAfter,
  shownMax,
} from './of-hub.tsx'
import { actsFor, goingTo, orgsOf, recent } from './of-page.tsx'
import { atOf, findCommit, findFiles, findRevisions } from './of-repo.tsx'
import { hasWords, type JumpQuery, type Mode, pathOfAddress, readJump } from './query.ts'

interface Where {
  readonly place: RepoPlace
  readonly repo: Repo | undefined
}

/** The repo whose page this is. Other addresses look like one, and are none that was read. */
const useWhere = (): Where => {
  const place = parseRepoPlace(useHere())
  return { place, repo: queries.getQueryData<Repo>(repoKey(place)) }
}

/** Of the hub, by words alone. */
const useAll = (me: Me | null | undefined, { mode, words, isCommit }: JumpQuery, where: Where) => {
  const { repo } = where
  const repos = useQuery({
    queryKey: ['jump', words],
    queryFn: () => findRepos(words),
    placeholderData: (before) => before,
    enabled: mode === 'all',
  })
  const orgs = lookedAfter(me)
  const agreements = useQuery({
    queryKey: [...viewersKey, 'jump', ...orgs],
    queryFn: () => findAgreements(orgs),
    enabled: mode === 'all' && words !== '' && orgs.length > 0,
  })
  const commit = useQuery({
    queryKey: ['jump', 'commit', repo?.id, words],
    queryFn: () => (repo === undefined ? [] : findCommit(repo, words)),
    enabled: isCommit && repo !== undefined,
    retry: false,
  })
  if (mode !== 'all') return { found: [], isBusy: false }
  const isWanted = words !== ''
  return {
    found: [
      ...(commit.data ?? []),
      ...(isWanted ? actsFor(words).slice(0, shownMax) : recent(repo)),
      ...goingTo(me, words).slice(0, shownMax),
      ...(repos.data ?? []),
      ...orgsOf(me, words).slice(0, shownMax),
      ...(isWanted
        ? (agreements.data ?? []).filter(({ label, hint }) => hasWords(`${label} ${hint}`, words))
        : []
      ).slice(0, shownMax),
    ],
    isBusy: repos.isFetching || agreements.isFetching || commit.isFetching,
  }
}

/** What one sign asks for. */
const readMode = async (
  me: Me | null | undefined,
  { mode, words }: JumpQuery,
  { repo, place }: Where,
): Promise<Found[]> => {
  switch (mode) {
    case 'people':
      return findPeople(lookedAfter(me))
    case 'revisions':
      return repo === undefined ? [] : findRevisions(repo, place)
    case 'files':
      return repo === undefined ? [] : findFiles(repo, atOf(place), words)
    case 'content':
      return findContent(words)
    default:
      return []
  }
}

/** Modes whose answers are narrowed here; the others are asked with their words. */
const narrowed: ReadonlySet<Mode> = new Set(['people', 'revisions'])
const asked: ReadonlySet<Mode> = new Set(['people', 'revisions', 'files', 'content'])

const useMode = (me: Me | null | undefined, query: JumpQuery, where: Where) => {
  const { mode, words } = query
  const { data = [], isFetching } = useQuery({
    queryKey: ['jump', mode, where.repo?.id, atOf(where.place), narrowed.has(mode) ? '' : words],
    queryFn: () => readMode(me, query, where),
    placeholderData: (before, last) => (last?.queryKey[1] === mode ? before : undefined),
    enabled: asked.has(mode),
    retry: false,
  })
  if (mode === 'acts') return { found: actsFor(words), isBusy: false }
  if (mode === 'address') {
    const to = pathOfAddress(words, hubUrl)
    const found = to === undefined ? [] : [{ key: 'pasted', section: 'Address', label: to, to }]
    return { found, isBusy: false }
  }
  const fitting = narrowed.has(mode)
    ? data.filter(({ label, hint }) => hasWords(`${label} ${hint ?? ''}`, words))
    : data
  return {
    found: mode === 'people' ? [...orgsOf(me, words), ...fitting] : fitting,
    isBusy: isFetching,
  }
}

export interface Jump {
  readonly found: readonly Found[]
  readonly isBusy: boolean
  /** Signs that mean something here. */
  readonly signs: readonly string[]
}

export const useJumpFound = (text: string): Jump => {
  const me = useMe()
  const where = useWhere()
  const query = readJump(useDeferredValue(text), where.repo !== undefined)
  const all = useAll(me, query, where)
  const one = useMode(me, query, where)
  return {
    found: [...one.found, ...all.found],
    isBusy: one.isBusy || all.isBusy,
    signs: ['> acts', '@ people', ...(where.repo === undefined ? [] : [': revisions', '/ files'])],
  }
}
