/** Names in the address, both ways: the paths of the public hub, so that links people have keep working. */

export type RepoType = 'model' | 'dataset' | 'space' | 'kernel'

export interface RepoName {
  readonly type: RepoType
  /** `owner/name` */
  readonly path: string
}

export interface RepoPlace extends RepoName {
  /** `tree`, `blob`, `commits`, …; '' for the card. */
  readonly verb: string
  /** What follows, decoded: a revision and a path for most verbs. */
  readonly tail: string
}

export const prefixes: Readonly<Record<RepoType, string>> = {
  model: '',
  dataset: '/datasets',
  space: '/spaces',
  kernel: '/kernels',
}

const typeOf = (segment: string | undefined): RepoType | undefined =>
  segment === 'datasets'
    ? 'dataset'
    : segment === 'spaces'
      ? 'space'
      : segment === 'kernels'
        ? 'kernel'
        : undefined

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** `pathname` is that of the address, without the hub's base. */
export const parseRepoPlace = (pathname: string): RepoPlace => {
  const segments = pathname.split('/').slice(1)
  if (segments.at(-1) === '') segments.pop()
  const type = typeOf(segments[0])
  const [ns = '', name = '', verb = '', ...tail] = type === undefined ? segments : segments.slice(1)
  return {
    type: type ?? 'model',
    path: `${decode(ns)}/${decode(name)}`,
    verb,
    tail: tail.map(decode).join('/'),
  }
}

export const encodePath = (path: string): string =>
  path.split('/').map(encodeURIComponent).join('/')

export const repoTo = ({ type, path }: RepoName): string => `${prefixes[type]}/${path}`

/** A page of a repo: `toIn(repo, 'tree', 'main', 'sub/folder')`. */
export const toIn = (repo: RepoName, verb: string, revision?: string, path = ''): string => {
  const parts = [repoTo(repo), verb]
  if (revision !== undefined) parts.push(encodePath(revision))
  if (path !== '') parts.push(encodePath(path))
  return parts.join('/')
}

export const splitPath = (path: string): { ns: string; name: string } => {
  const [ns = '', name = ''] = path.split('/')
  return { ns, name }
}

export const callName = ({ type, path }: RepoName) => ({ type, ...splitPath(path) })

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const folderName = (path: string): string =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')))
