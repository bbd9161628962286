/** What something that waits is about: a name where there is one, all that is known otherwise. */

const named = ['path', 'name', 'repo', 'user', 'org', 'to'] as const

export const aboutWords = (about: Readonly<Record<string, unknown>>): string => {
  for (const key of named) {
    const value = about[key]
    if (typeof value === 'string' && value !== '') return value
  }
  const pairs = Object.entries(about).map(([key, value]) => `${key} ${JSON.stringify(value)}`)
  return pairs.join(', ').slice(0, 200)
}
