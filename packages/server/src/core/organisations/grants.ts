/** Grants: a role on one repo or resource group, for a person or a team, until a day or for good. */
import type { Querier } from '#db/flavor.ts'
import type { RepoType, RoleName } from '#db/schema.ts'
import { raiseEpoch } from '../identity/index.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, GroupId, RepoId, TeamId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { pagesOf } from '../kernel/pages.ts'
import { type NamespacePermit, type NamespaceRef, type Permit, rankOf } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import type { CarryOut } from './acts.ts'
import { needGroup, refuseForeign } from './groups.ts'
import type { OrganisationsDeps, OrgPage, OrgPermit } from './index.ts'
import * as sql from './organisations.sql.ts'
import * as outside from './outside.sql.ts'

/** A grant with everything named by its id, as it is stored. */
export interface Grant {
  readonly targetKind: 'repo' | 'group'
  readonly targetId: RepoId | GroupId
  readonly granteeKind: 'user' | 'team'
  readonly granteeId: AccountId | TeamId
  readonly role: RoleName
  readonly isOutside: boolean
  readonly expiresAtMs: number | null
}

export interface ListedGrant {
  readonly target: {
    readonly kind: 'repo' | 'group'
    readonly id: RepoId | GroupId
    readonly name: string
    readonly type: RepoType | undefined
  }
  readonly grantee: {
    readonly kind: 'user' | 'team'
    readonly id: AccountId | TeamId
    readonly name: string
  }
  readonly role: RoleName
  /** The person is no member of the organisation. */
  readonly isOutside: boolean
  readonly grantedAtMs: number
  readonly expiresAtMs: number | undefined
}

export type GrantTarget =
  | { readonly kind: 'repo'; readonly permit: Permit<'repo.admin'> }
  | { readonly kind: 'group'; readonly name: string }

export interface GrantWish {
  readonly target: GrantTarget
  readonly grantee: { readonly kind: 'user' | 'team'; readonly name: string }
  readonly role: RoleName
  readonly expiresAtMs?: number
}

export interface Grants {
  /**
   * Gives a role, or changes it. Errors: `entry_not_found`, `account_not_found`, `invalid`; `approval_needed` for a person outside of an
   * organisation with the two-person rule.
   */
  grant(ctx: Ctx, permit: OrgPermit, wish: GrantWish): Promise<void>
  /** Errors: `entry_not_found`. */
  withdraw(
    ctx: Ctx,
    permit: OrgPermit,
    grant: { targetId: string; granteeId: string },
  ): Promise<void>
  /** In order of target and grantee; `after` is `<target>:<grantee>`. */
  grants(
    permit: OrgPermit | NamespacePermit<'namespace.audit'>,
    page: OrgPage & { targetId?: string },
  ): Promise<ListedGrant[]>
}

const reposPage = 500

/** What came under an agreement is given to nobody outside whom its terms do not let have it. */
const refuseOutside = async (
  { shareGuard }: OrganisationsDeps,
  q: Querier,
  { targetId, granteeId }: Grant,
): Promise<void> => {
  const pages = pagesOf(
    (page) => outside.reposUnder(q, targetId, page),
    (id) => id,
    reposPage,
  )
  // A cast because only people are outside.
  for await (const ids of pages) await shareGuard.refuseGiving(q, { ids }, [granteeId as AccountId])
}

/**
 * Writes a grant inside the caller's transaction. Errors: `conflict` when the target has gone to another owner, or is gone;
 * `licence_blocked`.
 */
export const storeGrant = async (
  deps: OrganisationsDeps,
  tx: Tx,
  org: NamespaceRef,
  grant: Grant,
): Promise<void> => {
  const { events, clock } = deps
  if (!(await sql.isTargetOf(tx.q, org.id, grant.targetId))) {
    throw new HubError('conflict', `What was to be granted is not ${org.name}'s any more.`)
  }
  const { targetId, granteeId, role, isOutside, expiresAtMs } = grant
  if (isOutside) await refuseOutside(deps, tx.q, grant)
  await sql.putGrant(tx.q, {
    target_id: targetId,
    grantee_id: granteeId,
    target_kind: grant.targetKind,
    grantee_kind: grant.granteeKind,
    role,
    rank: rankOf(role),
    created_by: actorIdOf(tx.ctx.actor) ?? null,
    created_at_ms: clock.nowMs(),
    expires_at_ms: expiresAtMs,
  })
  await raiseEpoch(tx.q, org.id)
  // A cast because the kind says what the id is of.
  if (grant.granteeKind === 'user') await raiseEpoch(tx.q, granteeId as AccountId)
  const payload = { orgId: org.id, targetId, granteeId, role, isOutside, expiresAtMs }
  await events.append(tx, 'access_granted', payload)
}

const toGrant = (row: sql.GrantRow, owner: NamespaceRef): ListedGrant => {
  const isRepo = row.target_kind === 'repo'
  const isMember = row.member_role !== null || row.service_of === owner.id
  return {
    target: {
      kind: row.target_kind,
      id: row.target_id,
      name: isRepo ? `${owner.name}/${row.target_name ?? ''}` : (row.target_name ?? ''),
      type: row.target_type ?? undefined,
    },
    grantee: { kind: row.grantee_kind, id: row.grantee_id, name: row.grantee_name ?? '' },
    role: row.role,
    isOutside: row.grantee_kind === 'user' && !isMember,
    grantedAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms ?? undefined,
  }
}

export const makeGrants = (deps: OrganisationsDeps, carryOut: CarryOut): Grants => {
  const { db, events, clock, identity } = deps

  const targetOf = async (
    namespace: NamespaceRef,
    target: GrantTarget,
  ): Promise<Pick<Grant, 'targetKind' | 'targetId'>> => {
    if (target.kind === 'group') {
      const { id } = await needGroup(deps, namespace, target.name)
      return { targetKind: 'group', targetId: id }
    }
    refuseForeign(namespace, target.permit)
    return { targetKind: 'repo', targetId: target.permit.repo.id }
  }

  const granteeOf = async (
    namespace: NamespaceRef,
    { kind, name }: GrantWish['grantee'],
  ): Promise<Pick<Grant, 'granteeKind' | 'granteeId' | 'isOutside'>> => {
    if (kind === 'team') {
      const team = await sql.namedBy(db.read, 'team', namespace.id, name)
      if (team !== undefined) return { granteeKind: kind, granteeId: team.id, isOutside: false }
      throw new HubError('entry_not_found', `${namespace.name} has no team "${name}".`)
    }
    const { id, serviceOf } = await identity.need(name, 'user')
    const isMember =
      serviceOf === namespace.id || (await identity.roleIn(namespace.id, id)) !== undefined
    return { granteeKind: kind, granteeId: id, isOutside: !isMember }
  }

  return {
    async grant(ctx, { namespace }, wish) {
      if (wish.role === 'auditor') {
        throw new HubError('invalid', 'An auditor looks at a whole organisation, not at one repo.')
      }
      if (wish.expiresAtMs !== undefined && wish.expiresAtMs <= clock.nowMs()) {
        throw new HubError('invalid', 'The grant would have ended already: name a later time.')
      }
      const grant = {
        ...(await targetOf(namespace, wish.target)),
        ...(await granteeOf(namespace, wish.grantee)),
        role: wish.role,
        expiresAtMs: wish.expiresAtMs ?? null,
      }
      await carryOut(ctx, namespace, { act: 'grant.outside', grant }, grant.isOutside)
    },

    async withdraw(ctx, { namespace }, { targetId, granteeId }) {
      await db.tx(async (q, after) => {
        const isOurs = await sql.isTargetOf(q, namespace.id, targetId)
        if (!isOurs || !(await sql.deleteGrant(q, { targetId, granteeId }))) {
          throw new HubError('entry_not_found', `${namespace.name} has given no such access.`)
        }
        await raiseEpoch(q, namespace.id)
        // A cast because the id of a team raises nothing.
        await raiseEpoch(q, granteeId as AccountId)
        const payload = { orgId: namespace.id, targetId, granteeId }
        await events.append({ q, after, ctx }, 'access_withdrawn', payload)
      })
    },

    grants: async ({ namespace }, { after, limit, targetId }) => {
      const [afterTarget = '', afterGrantee = ''] = after.split(':')
      const rows = await sql.grantsOf(db.read, namespace.id, {
        targetId,
        after: { targetId: afterTarget, granteeId: afterGrantee },
        limit: Math.min(limit, limits.apiPageMax),
        nowMs: clock.nowMs(),
      })
      return rows.map((row) => toGrant(row, namespace))
    },
  }
}
