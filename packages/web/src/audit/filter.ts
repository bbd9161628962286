/** What entries of the trail are looked for by, as the address says it. */

export interface TrailFilter {
  readonly actor?: string | undefined
  readonly act?: string | undefined
  readonly target?: string | undefined
  readonly outcome?: 'done' | 'denied' | undefined
  /** An ISO date; a day alone begins at midnight UTC. */
  readonly since?: string | undefined
}

const words = ['actor', 'act', 'target', 'since'] as const

/** Of the search of an address; what is empty is not asked for. */
export const filterOf = (search: Readonly<Record<string, unknown>>) => {
  const textOf = (key: string): string => {
    const value = search[key]
    return typeof value === 'string' ? value.trim() : ''
  }
  const outcome = textOf('outcome')
  const filter: Partial<Record<(typeof words)[number], string>> & { outcome?: 'done' | 'denied' } =
    {}
  for (const word of words) if (textOf(word) !== '') filter[word] = textOf(word)
  if (outcome === 'done' || outcome === 'denied') filter.outcome = outcome
  return filter
}

export const trailQuery = (filter: TrailFilter): URLSearchParams => {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(filter)) {
    if (typeof value === 'string' && value.trim() !== '') query.set(key, value.trim())
  }
  return query
}

/** `repo_moved` → `Repo moved`, `repo.read` → `Repo read` */
export const actWords = (act: string): string => {
  const text = act.replaceAll(/[._]/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
