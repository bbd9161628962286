/** Which of what was read is read again after news: keys of queries, as the rooms' `data.ts` make them. */
import type { LiveChange } from '@weighhouse/contract/live.ts'

type Key = readonly string[]

/** `model/lab/retina` as `repoKey` has it. */
const repoKeyOf = (id: string): Key => {
  const [type = '', ...path] = id.split('/')
  return ['repo', type, path.join('/').toLowerCase()]
}

/** Lists show what one may do with each, and how many there are. */
const lists: readonly Key[] = [['repos'], ['repo-counts']]

const keysOf = ({ topic, id }: LiveChange): readonly Key[] => {
  switch (topic) {
    case 'repo':
      return [id === null ? ['repo'] : repoKeyOf(id), ...lists]
    case 'requests':
      return [['inbox'], ...(id === null ? [] : [repoKeyOf(id)])]
    case 'agreement':
      // What it lets people do with repos may have changed with it.
      return [['agreements'], ['repo'], ...lists, ['inbox']]
    case 'approvals':
      return [['inbox'], ['org']]
    case 'jobs':
      return [
        ['admin', 'jobs'],
        ['admin', 'health'],
      ]
    default:
      // Of a hub that is newer than this page.
      return []
  }
}

/** Each once. */
export const staleAfter = (changes: readonly LiveChange[]): readonly Key[] => {
  const found = new Map<string, Key>()
  for (const key of changes.flatMap(keysOf)) found.set(key.join('\n'), key)
  return [...found.values()]
}
