/** What apps may ask for, in the words of Hugging Face clients, and what a token with it may do. */
import type { Permission, TokenScope } from '../kernel/actor.ts'

interface Meaning {
  /** Said to the person who decides. */
  readonly words: string
  readonly permissions?: readonly Permission[]
  readonly readsGated?: true
}

const meanings = {
  openid: { words: 'know who you are' },
  profile: { words: 'read your name and picture' },
  email: { words: 'read your mail address' },
  // No permission: `org.read` would open the trail of every organisation that the person may audit.
  'read-memberships': { words: 'see the organisations you belong to' },
  'read-repos': {
    words: 'read every repository that you can read',
    permissions: ['repo.content.read'],
  },
  'gated-repos': {
    words: 'read public gated repositories that you have access to',
    readsGated: true,
  },
  'write-repos': {
    words: 'read, write and create repositories as you',
    permissions: ['repo.write'],
  },
  'manage-repos': {
    words: 'write, change settings of, move and delete repositories as you',
    permissions: ['repo.manage'],
  },
  'read-collections': { words: 'read your collections', permissions: ['collection.read'] },
  'write-collections': { words: 'change your collections', permissions: ['collection.write'] },
} as const satisfies Readonly<Record<string, Meaning>>

export type OauthScope = keyof typeof meanings

/** In the order in which they are shown. */
// A cast because these are the keys of the constant above.
export const oauthScopes = Object.keys(meanings) as readonly OauthScope[]

const meaningOf = (scope: OauthScope): Meaning => meanings[scope]

/** What an app gets that asks for nothing. */
const leastScopes = 'openid profile'

/** Those of a text that this hub knows, each once. Others are left out: the answer says what was granted (RFC 6749, 3.3). */
export const knownScopes = (text: string): OauthScope[] => {
  const asked = new Set((text.trim() === '' ? leastScopes : text).split(/\s+/))
  return oauthScopes.filter((scope) => asked.has(scope))
}

/** Those of a text that this hub wrote. */
export const keptScopes = (text: string): OauthScope[] => {
  const kept = new Set(text.split(' '))
  return oauthScopes.filter((scope) => kept.has(scope))
}

export const wordsOf = (scope: OauthScope): string => meaningOf(scope).words

/** What a token with these may do: never more than its account. */
export const tokenScopeOf = (scopes: readonly OauthScope[]): TokenScope => {
  const permissions = scopes.flatMap((scope) => meaningOf(scope).permissions ?? [])
  return {
    readsGated: scopes.some((scope) => meaningOf(scope).readsGated === true),
    entries: permissions.length === 0 ? [] : [{ kind: 'all', id: '*', permissions }],
  }
}
