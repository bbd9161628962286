/** What a fine-grained token may reach: named by people, kept as ids, never further than its account or the token that makes it. */
import type { RepoType } from '#db/schema.ts'
import {
  type Actor,
  type Permission,
  permissions,
  type ScopeEntry,
  type TokenScope,
} from '../kernel/actor.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { IdentityDeps } from './accounts.ts'
import * as accounts from './identity.sql.ts'
import { membershipIn } from './members.sql.ts'
import * as sql from './tokens.sql.ts'

/** A target as a person names it. */
export type ScopeTarget =
  | { readonly kind: 'repo'; readonly type: RepoType; readonly path: string }
  | { readonly kind: 'account'; readonly name: string }
  | { readonly kind: 'all' }

export interface ScopeWish {
  readonly readsGated: boolean
  readonly entries: readonly {
    readonly target: ScopeTarget
    readonly permissions: readonly Permission[]
  }[]
}

/** As clients of `whoami-v2` know it. */
export interface DescribedScope {
  readonly canReadGatedRepos: boolean
  readonly global: readonly string[]
  readonly scoped: readonly {
    readonly entity: { readonly _id: string; readonly type: string; readonly name: string }
    readonly permissions: readonly Permission[]
  }[]
}

type User = Extract<Actor, { kind: 'user' }>

/** What each permission includes beside itself. */
const included: Partial<Record<Permission, readonly Permission[]>> = {
  'repo.manage': ['repo.write', 'repo.content.read'],
  'repo.write': ['repo.content.read'],
  'org.write': ['org.read'],
  'collection.write': ['collection.read'],
}

const withIncluded = (given: readonly Permission[]): ReadonlySet<Permission> =>
  new Set(given.flatMap((one) => [one, ...(included[one] ?? [])]))

const covers = (own: ScopeEntry, wanted: ScopeEntry, ownerId: AccountId | undefined): boolean =>
  own.kind === 'all' ||
  (own.kind === wanted.kind && own.id === wanted.id) ||
  (own.kind === 'account' && wanted.kind === 'repo' && own.id === ownerId)

const tooWide = (): HubError =>
  new HubError(
    'permission_denied',
    'A token can only make one that may do as much as itself or less. Sign in, or use a token with a larger scope.',
    { reason: 'token_scope_too_small' },
  )

/** Errors: `permission_denied` when the wanted scope reaches beyond the maker's. */
export const refuseWider = async (
  { db }: Pick<IdentityDeps, 'db'>,
  own: TokenScope,
  wanted: TokenScope,
): Promise<void> => {
  if (wanted.readsGated && !own.readsGated) throw tooWide()
  for (const entry of wanted.entries) {
    const ownerId =
      entry.kind === 'repo' ? await sql.ownerOfRepo(db.read, entry.id as RepoId) : undefined
    const given = withIncluded(
      own.entries.filter((one) => covers(one, entry, ownerId)).flatMap((one) => one.permissions),
    )
    if (!entry.permissions.every((one) => given.has(one))) throw tooWide()
  }
}

const refuseForm = ({ entries }: ScopeWish): void => {
  if (entries.length === 0 || entries.length > limits.scopeEntriesMax) {
    throw new HubError(
      'invalid',
      `A fine-grained token names 1 to ${limits.scopeEntriesMax} repositories or namespaces, found ${entries.length}.`,
    )
  }
  const known: readonly string[] = permissions
  for (const entry of entries) {
    const unknown = entry.permissions.find((one) => !known.includes(one))
    if (entry.permissions.length > 0 && unknown === undefined) continue
    const found = unknown === undefined ? 'none' : `"${unknown}"`
    throw new HubError(
      'invalid',
      `Each target needs permissions out of ${permissions.join(', ')}; found ${found}.`,
    )
  }
}

/** Turns names into ids. */
export const makeScopes = ({ db, policy, clock }: IdentityDeps) => {
  const accountOf = async (account: User, name: string): Promise<ScopeEntry['id']> => {
    const found = await accounts.accountByKey(db.read, name.toLowerCase())
    if (found === undefined) {
      throw new HubError('account_not_found', `There is no user or organisation "${name}" here.`)
    }
    const key = { orgId: found.id, userId: account.id, nowMs: clock.nowMs() }
    const reaches =
      account.isAdmin ||
      found.id === account.id ||
      found.id === account.serviceOf ||
      (await sql.grantsIn(db.read, key)) ||
      (await membershipIn(db.read, key)) !== undefined
    if (reaches) return found.id
    const message = `${account.name} is no member of "${found.name}": a token of ${account.name} cannot reach it.`
    throw new HubError('invalid', message)
  }

  const repoOf = async (
    account: User,
    target: Extract<ScopeTarget, { kind: 'repo' }>,
  ): Promise<ScopeEntry['id']> => {
    const answer = await policy.explain(account, 'repo.see', target)
    if (answer?.decision.allowed === true) return answer.repo.id
    const message = `${account.name} sees no ${target.type} "${target.path}".`
    throw new HubError('repo_not_found', message)
  }

  return {
    /** Errors: `invalid`, `repo_not_found`, `account_not_found`. */
    async resolve(account: User, wish: ScopeWish): Promise<TokenScope> {
      refuseForm(wish)
      const entries: ScopeEntry[] = []
      for (const { target, permissions: given } of wish.entries) {
        const id =
          target.kind === 'all'
            ? '*'
            : target.kind === 'repo'
              ? await repoOf(account, target)
              : await accountOf(account, target.name)
        entries.push({ kind: target.kind, id, permissions: given })
      }
      return { readsGated: wish.readsGated, entries }
    },

    /** What the token may reach, of what its account still sees. Undefined for one that is not fine-grained. */
    async describe({ actor }: { actor: User }): Promise<DescribedScope | undefined> {
      const scope = actor.token?.scope
      if (scope === undefined) return undefined
      const idsOf = (kind: ScopeEntry['kind']) =>
        scope.entries.filter((entry) => entry.kind === kind).map(({ id }) => id)
      // Casts because a scope holds ids as text.
      const asker = { actor, nowMs: clock.nowMs() }
      const repos = await sql.reposByIds(db.read, idsOf('repo') as RepoId[], asker)
      const owners = await sql.accountsByIds(db.read, idsOf('account') as AccountId[])
      const names = new Map<string, { type: string; name: string }>([
        ['*', { type: 'user', name: actor.name }],
        ...repos.map(
          ({ id, type, owner, name }) => [id, { type, name: `${owner}/${name}` }] as const,
        ),
        ...owners.map(({ id, kind, name }) => [id, { type: kind, name }] as const),
      ])
      const scoped = scope.entries.flatMap(({ id, permissions: given }) => {
        const entity = names.get(id)
        const ownId = id === '*' ? actor.id : id
        return entity === undefined
          ? []
          : [{ entity: { _id: ownId, ...entity }, permissions: given }]
      })
      return { canReadGatedRepos: scope.readsGated, global: [], scoped }
    },
  }
}
