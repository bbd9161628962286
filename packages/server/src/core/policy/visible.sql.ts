/**
 * The filters of lists: which repos an actor may see, and which it may read. They say the same as `decideRepo`; a property test holds
 * the two together.
 */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { Actor, Permission } from '../kernel/actor.ts'
import { unreachable } from '../kernel/errors.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { isAgreedUpon } from './agreements.sql.ts'
import { type Asker, hasGrant, isRuled, inForce, speaksFor } from './conditions.sql.ts'
import { rolesAcrossGroups, writingRoles } from './roles.ts'

type User = Extract<Actor, { kind: 'user' }>
type Builder = ExpressionBuilder<Schema, 'repo'>
type Condition = Expression<SqlBool>

const always = (eb: Builder): Condition => eb('repo.visibility', 'is not', null)
const never = (eb: Builder): Condition => eb('repo.visibility', 'is', null)

/** The organisation accepts the actor's token. */
const accepts = (eb: Builder, { token }: User): Condition => {
  if (token === undefined) return always(eb)
  const refusing = eb
    .selectFrom('org_policy')
    .select('org_policy.org_id')
    .where((p) =>
      p.or([
        ...(token.lifeMs === undefined
          ? [p('org_policy.token_life_ms_max', 'is not', null)]
          : [p('org_policy.token_life_ms_max', '<', token.lifeMs)]),
        p.and([
          p('org_policy.needs_token_approval', '=', 1),
          p(
            'org_policy.org_id',
            'not in',
            p
              .selectFrom('token_approval')
              .select('token_approval.org_id')
              .where('token_approval.token_id', '=', token.id)
              .where('token_approval.state', '=', 'approved'),
          ),
        ]),
      ]),
    )
  return eb('repo.owner_id', 'not in', refusing)
}

const isMember = (eb: Builder, asker: Asker, onlyWriters: boolean): Condition =>
  eb.exists(
    eb
      .selectFrom('membership')
      .select('membership.role')
      .where('membership.user_id', '=', asker.accountId ?? ('' as AccountId))
      .where('membership.org_id', '=', eb.ref('repo.owner_id'))
      .where(inForce('membership', asker.nowMs))
      .where((m) =>
        m.or([
          m('membership.role', 'in', rolesAcrossGroups),
          m(eb.ref('repo.group_id'), 'is', null),
        ]),
      )
      .$if(onlyWriters, (q) => q.where('membership.role', 'in', writingRoles)),
  )

const contentPermissions: ReadonlySet<Permission> = new Set([
  'repo.content.read',
  'repo.write',
  'repo.manage',
])

/** The credential reaches the repo at all. */
const inScope = (eb: Builder, { token }: User): Condition => {
  if (token?.scope === undefined) return always(eb)
  const entries = token.scope.entries.filter((entry) =>
    entry.permissions.some((one) => contentPermissions.has(one)),
  )
  if (entries.some(({ kind }) => kind === 'all')) return always(eb)
  const idsOf = (kind: 'repo' | 'account') =>
    entries.filter((entry) => entry.kind === kind).map(({ id }) => id)
  // Casts because a scope holds ids as text.
  const repos = idsOf('repo') as RepoId[]
  const owners = idsOf('account') as AccountId[]
  return eb.or([
    never(eb),
    ...(repos.length === 0 ? [] : [eb('repo.id', 'in', repos)]),
    ...(owners.length === 0 ? [] : [eb('repo.owner_id', 'in', owners)]),
  ])
}

/** By standing, whatever the credential reaches. */
const isOfOwner = (eb: Builder, actor: User, asker: Asker): Condition =>
  actor.isAdmin
    ? always(eb)
    : eb.or([
        eb('repo.owner_id', '=', actor.id),
        eb.and([accepts(eb, actor), eb.or([isMember(eb, asker, false), hasGrant(asker)])]),
      ])

/** By the owner's own rules. */
const shownToUser = (eb: Builder, actor: User, asker: Asker): Condition => {
  const scoped = inScope(eb, actor)
  const isPublic = eb('repo.visibility', '=', 'public')
  if (actor.isAdmin) return eb.or([isPublic, scoped])
  const isInternal = eb('repo.visibility', '=', 'internal')
  return eb.or([isPublic, eb.and([scoped, eb.or([isInternal, isOfOwner(eb, actor, asker)])])])
}

/** People of a party know what their agreements are about. */
const agreedWithUser = (eb: Builder, actor: User, asker: Asker): Condition => {
  const reaches = actor.token?.scope?.readsGated === true ? always(eb) : inScope(eb, actor)
  return eb.and([reaches, isAgreedUpon(asker)])
}

/** What the owner's own rules show. */
const shown = (eb: Builder, actor: Actor, nowMs: number): Condition => {
  switch (actor.kind) {
    case 'system':
      return always(eb)
    case 'anonymous':
      return eb('repo.visibility', '=', 'public')
    case 'user':
      return shownToUser(eb, actor, { accountId: actor.id, nowMs })
    default:
      return unreachable(actor)
  }
}

/** What it was made from lets others read it. */
const isUnstopped = (eb: Builder, nowMs: number): Condition =>
  eb.not(
    eb.exists(
      eb
        .selectFrom('repo_licence')
        .select('repo_licence.stop')
        .where('repo_licence.repo_id', '=', eb.ref('repo.id'))
        .where('repo_licence.stop', '=', 'LICENSE_CONFLICT')
        .where('repo_licence.stop_from_ms', '<=', nowMs),
    ),
  )

const passesGate = (eb: Builder, actor: User, asker: Asker): Condition => {
  const accepted = eb.exists(
    eb
      .selectFrom('access_request')
      .select('access_request.id')
      .where('access_request.repo_id', '=', eb.ref('repo.id'))
      .where('access_request.state', '=', 'accepted')
      // What came by an agreement opens nothing by itself.
      .where('access_request.for_org_id', 'is', null)
      .where(speaksFor(asker))
      .where(inForce('access_request', asker.nowMs)),
  )
  const byRole = eb.or([
    eb('repo.owner_id', '=', actor.id),
    eb.and([
      accepts(eb, actor),
      eb.or([
        isMember(eb, asker, true),
        hasGrant(asker),
        eb.and([eb('repo.gate_covers_members', '=', 0), isMember(eb, asker, false)]),
      ]),
    ]),
  ])
  const opened = actor.isAdmin ? always(eb) : eb.or([byRole, accepted])
  const reaches = actor.token?.scope?.readsGated === true ? always(eb) : inScope(eb, actor)
  return eb.and([opened, reaches])
}

/** A condition on the table `repo` of the surrounding query: what the actor may see at this time. */
export const visibleRepos =
  (actor: Actor, nowMs: number) =>
  <T extends keyof Schema>(outer: ExpressionBuilder<Schema, T | 'repo'>): Condition => {
    // A cast because whatever else the query joins does not matter here.
    const eb = outer as Builder
    const byOwner = shown(eb, actor, nowMs)
    if (actor.kind !== 'user') return byOwner
    return eb.or([byOwner, agreedWithUser(eb, actor, { accountId: actor.id, nowMs })])
  }

/** The same for `repo.browse`, by the owner's own rules: what agreements let their people look into is asked for each repo. */
export const browsableRepos =
  (actor: Actor, nowMs: number) =>
  <T extends keyof Schema>(outer: ExpressionBuilder<Schema, T | 'repo'>): Condition => {
    const eb = outer as Builder
    const seen = shown(eb, actor, nowMs)
    if (actor.kind === 'system') return seen
    return eb.and([seen, eb.or([eb('repo.hold', 'is', null), eb('repo.hold', '!=', 'takedown')])])
  }

/**
 * The same for `repo.read`, by the owner's own rules: a repo that is held is seen and not read, and so is one whose gate is shut. What an agreement
 * lets its people read is not among them, since its terms are asked for each request and not in SQL, nor what organisations have rules about for their people: such readers gain less, never more.
 */
export const readableRepos =
  (actor: Actor, nowMs: number) =>
  <T extends keyof Schema>(outer: ExpressionBuilder<Schema, T | 'repo'>): Condition => {
    const eb = outer as Builder
    const seen = shown(eb, actor, nowMs)
    if (actor.kind === 'system') return seen
    const isOpen = eb('repo.gate', 'is', null)
    const isFree = isUnstopped(eb, nowMs)
    const open = [seen, eb('repo.hold', 'is', null)]
    if (actor.kind === 'anonymous') return eb.and([...open, isOpen, isFree])
    const asker = { accountId: actor.id, nowMs }
    return eb.and([
      ...open,
      eb.or([isOpen, passesGate(eb, actor, asker)]),
      eb.or([isFree, isOfOwner(eb, actor, asker)]),
      eb.not(isRuled(asker)),
    ])
  }
