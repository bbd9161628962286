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
  { segment: 'oauth', door: 'oauth' },
  { segment: '.well-known', door: 'oauth' },
  { segment: 'weighhouse', door: 'api' },
  { segment: 'scim', door: 'scim' },
  // Taken by doors and pages that are to come, so that no account stands in their way.
  ...[
    'v2',
    'admin',
    'static',
    'docs',
    'buckets',
    'collections',
    'organizations',
    'orgs',
    'users',
    'agreements',
    'explore',
    'search',
    'new',
    'notifications',
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
