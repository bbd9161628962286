/** Sums of what the hub weighed. */
import type { Client } from '@weighhouse/contract/client.ts'

export type Weighed = Awaited<ReturnType<Client['weighHub']>>

export type Weight = Pick<
  Weighed['repos'][number],
  'logicalBytes' | 'storedBytes' | 'exclusiveBytes' | 'sharedBytes'
>

export interface OwnerWeight extends Weight {
  readonly owner: string
  readonly repos: number
}

const sum = (a: Weight, b: Weight): Weight => ({
  logicalBytes: a.logicalBytes + b.logicalBytes,
  storedBytes: a.storedBytes + b.storedBytes,
  exclusiveBytes: a.exclusiveBytes + b.exclusiveBytes,
  sharedBytes: a.sharedBytes + b.sharedBytes,
})

/** The heaviest first. What several repos of one owner share is counted in each of them. */
export const ownersOf = (repos: Weighed['repos']): OwnerWeight[] => {
  const owners = new Map<string, OwnerWeight>()
  for (const repo of repos) {
    const owner = repo.path.slice(0, repo.path.indexOf('/'))
    const before = owners.get(owner)
    owners.set(
      owner,
      before === undefined
        ? { ...sum(repo, nothing), owner, repos: 1 }
        : { ...sum(before, repo), owner, repos: before.repos + 1 },
    )
  }
  return [...owners.values()].toSorted((a, b) => b.exclusiveBytes - a.exclusiveBytes)
}

const nothing: Weight = { logicalBytes: 0, storedBytes: 0, exclusiveBytes: 0, sharedBytes: 0 }

/** All stored bytes, each once; `from` is where a part begins. */
export const splitOf = ({ repos, storedBytes, unneededBytes }: Weighed) => {
  const alone = Math.min(
    storedBytes,
    repos.reduce((total, repo) => total + repo.exclusiveBytes, 0),
  )
  const unneeded = Math.min(storedBytes - alone, unneededBytes)
  const shared = storedBytes - alone - unneeded
  return [
    { kind: 'alone', bytes: alone, from: 0 },
    { kind: 'shared', bytes: shared, from: alone },
    { kind: 'unneeded', bytes: unneeded, from: alone + shared },
  ] as const
}
