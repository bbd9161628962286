/** The end of repos and organisations, and their passing into other hands. */
import { refuseUser } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, unreachable } from '../kernel/errors.ts'
import type { NamespaceRef, Permit } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import type { Act, CarryOut, Perform } from './acts.ts'
import { storeGrant } from './grants.ts'
import type { OrganisationsDeps, OrgPermit } from './index.ts'
import * as sql from './organisations.sql.ts'
import { storeRules } from './rules.ts'

export interface Life {
  /** Errors: `approval_needed` for a repo that others use, of an organisation with the two-person rule. */
  deleteRepo(ctx: Ctx, permit: Permit<'repo.admin'>): Promise<void>
  /** Its name stays taken. Errors: `conflict` while it has repos, or agreements bind it; `approval_needed`. */
  deleteOrg(ctx: Ctx, permit: OrgPermit): Promise<void>
  /**
   * Another administrator takes over, and who did it until now leaves: the actor, or the one named. Errors: `account_not_found`, `invalid`;
   * `approval_needed`.
   */
  transferOrg(ctx: Ctx, permit: OrgPermit, to: { toName: string; fromName?: string }): Promise<void>
}

const closeOrg = async (
  { db, identity, endGuard }: OrganisationsDeps,
  tx: Tx,
  org: NamespaceRef,
): Promise<void> => {
  // Whoever signs with it at the same moment goes before or after.
  await db.flavor.lockEvents(tx.q)
  if (await sql.hasRepos(tx.q, org.id)) {
    throw new HubError(
      'conflict',
      `${org.name} still owns repositories. Delete them or move them to another owner first.`,
    )
  }
  await endGuard.refuse(tx.q, org)
  await sql.clearOrg(tx.q, org.id)
  await identity.closeOrg(tx, org)
}

const removeRepo = async (
  { repos }: OrganisationsDeps,
  tx: Tx,
  org: NamespaceRef,
  act: Extract<Act, { act: 'repo.delete' }>,
): Promise<void> => {
  const now = await repos.whereabouts(tx.q, act.repoId)
  if (now?.ownerId !== org.id) {
    throw new HubError('conflict', `${act.path} is gone, or belongs to another owner now.`)
  }
  await repos.remove(tx, { id: act.repoId, type: act.type, path: now.path })
}

const handOver = async (
  { identity, events }: OrganisationsDeps,
  tx: Tx,
  org: NamespaceRef,
  { from, to }: Extract<Act, { act: 'org.transfer' }>,
): Promise<void> => {
  await identity.putMember(tx, org, { userId: to.id, userName: to.name, role: 'admin' })
  await identity.dropMember(tx, org, from)
  const payload = { orgId: org.id, fromId: from.id, toId: to.id }
  await events.append(tx, 'org_transferred', payload)
}

/** How each act is done. */
export const makePerform =
  (deps: OrganisationsDeps): Perform =>
  (tx, org, act) => {
    switch (act.act) {
      case 'repo.delete':
        return removeRepo(deps, tx, org, act)
      case 'grant.outside':
        return storeGrant(deps, tx, org, act.grant)
      case 'org.delete':
        return closeOrg(deps, tx, org)
      case 'org.transfer':
        return handOver(deps, tx, org, act)
      case 'policy.set':
        return storeRules(deps, tx, org, act.rules)
      default:
        return unreachable(act)
    }
  }

export const makeLife = ({ db, identity, repos }: OrganisationsDeps, carryOut: CarryOut): Life => ({
  async deleteRepo(ctx, permit) {
    const { id, type, path, ownerId } = permit.repo
    const repo = await repos.get(permit)
    const isUsed =
      repo !== undefined &&
      (repo.downloads > 0 || repo.likes > 0 || (await sql.hasAccepted(db.read, id)))
    const owner = await identity.get(ownerId)
    if (owner === undefined) throw new HubError('account_not_found', `${path} has no owner.`)
    await carryOut(ctx, owner, { act: 'repo.delete', repoId: id, type, path }, isUsed)
  },

  deleteOrg(ctx, { namespace }) {
    refuseUser(namespace)
    return carryOut(ctx, namespace, { act: 'org.delete' }, true)
  },

  async transferOrg(ctx, { namespace }, { toName, fromName }) {
    refuseUser(namespace)
    const { actor } = ctx
    const leaver = fromName ?? (actor.kind === 'user' ? actor.name : undefined)
    if (leaver === undefined) throw new HubError('invalid', 'Name the administrator who leaves.')
    const to = await identity.need(toName, 'user')
    const from = await identity.need(leaver, 'user')
    if (to.id === from.id || to.serviceOf !== undefined) {
      throw new HubError('invalid', 'An organisation passes to another person.')
    }
    const pair = { from: { id: from.id, name: from.name }, to: { id: to.id, name: to.name } }
    await carryOut(ctx, namespace, { act: 'org.transfer', ...pair }, true)
  },
})
