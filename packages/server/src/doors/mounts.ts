/** Every URL prefix of the hub, in one table: overlaps are tested, and the names no account may take are derived from it. */

export interface Mount {
  /** First path segment; '' stands for paths that begin with an owner's name. */
  readonly segment: string
  readonly door: 'hf' | 'lfs' | 'xet' | 'api' | 'oauth' | 'scim' | 'ops' | 'web' | 'later'
}

export const mounts: readonly Mount[] = [
  { segment: '', door: 'hf' },
  { segment: 'api', door: 'hf' },
  { segment: 'models', door: 'hf' },
  { segment: 'datasets', door: 'hf' },
  { segment: 'spaces', door: 'hf' },
  { segment: 'kernels', door: 'hf' },
  { segment: 'avatars', door: 'hf' },
  { segment: '_lfs', door: 'lfs' },
  { segment: 'xet', door: 'xet' },
  // Telemetry of Xet clients; more of it later.
  { segment: 'v1', door: 'xet' },
  { segment: 'healthz', door: 'ops' },
  { segment: 'readyz', door: 'ops' },
  { segment: 'metrics', door: 'ops' },
  { segment: 'setup', door: 'web' },
  { segment: 'login', door: 'web' },
  { segment: 'logout', door: 'web' },
  { segment: 'recover', door: 'web' },
  { segment: 'settings', door: 'web' },
  { segment: 'assets', door: 'web' },
  { segment: 'device', door: 'web' },
  { segment: 'join', door: 'web' },
  { segment: 'mark.svg', door: 'web' },
  // Pages of the web app. Those of owners and repos begin with a name, those of lists with `models` and the like.
  ...[
    'agreements',
    'admin',
    'inbox',
    'new',
    'new-dataset',
    'notifications',
    'organizations',
    'search',
  ].map((segment): Mount => ({ segment, door: 'web' })),
  { segment: 'oauth', door: 'oauth' },
  { segment: '.well-known', door: 'oauth' },
  { segment: 'weighhouse', door: 'api' },
  { segment: 'scim', door: 'scim' },
  // Taken by doors and pages that are to come, so that no account stands in their way.
  ...[
    'v2',
    'static',
    'docs',
    'buckets',
    'collections',
    'orgs',
    'users',
    'explore',
    'cas',
    'mlflow',
    'invocations',
    'resolve-cache',
    'events',
    'help',
    'about',
    'system',
  ].map((segment): Mount => ({ segment, door: 'later' })),
]

/** Lower-cased names that no account may take. */
export const reservedNames: ReadonlySet<string> = new Set(
  mounts.map((mount) => mount.segment).filter((segment) => segment !== ''),
)

/** Under an owner and a name these are bytes and protocols, never pages. */
const protocolVerbs: ReadonlySet<string> = new Set([
  'resolve',
  'raw',
  'info',
  'git-upload-pack',
  'git-receive-pack',
  'objects',
])

const repoPrefixes: ReadonlySet<string> = new Set(['models', 'datasets', 'spaces', 'kernels'])

/** Is this the address of a page? Every other door's prefix is not, and what clients fetch under a repo is not. */
export const isPagePath = (path: string): boolean => {
  const segments = path.split('/').slice(1)
  const [first = ''] = segments
  const mount = mounts.find(({ segment }) => segment === first.toLowerCase())
  if (mount?.door === 'web') return true
  if (mount !== undefined && mount.segment !== '' && !repoPrefixes.has(first)) return false
  const [, name = '', verb = ''] = repoPrefixes.has(first) ? segments.slice(1) : segments
  return !name.endsWith('.git') && !protocolVerbs.has(verb)
}
