/**
 * The two-person rule: what an organisation does only when a second administrator agrees. The first one's wish is written down; the second
 * one's word and the act itself are one transaction.
 */
import type { RepoType } from '#db/schema.ts'
import { actorOf } from '../identity/index.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, PendingActId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespacePermit, NamespaceRef } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import * as sql from './acts.sql.ts'
import type { Grant } from './grants.ts'
import type { OrganisationsDeps, OrgPage, OrgPermit } from './index.ts'
import type { OrgPolicy } from './rules.ts'

export type Act =
  | {
      readonly act: 'repo.delete'
      readonly repoId: RepoId
      readonly type: RepoType
      readonly path: string
    }
  | { readonly act: 'grant.outside'; readonly grant: Grant }
  | { readonly act: 'org.delete' }
  | {
      readonly act: 'org.transfer'
      readonly from: { readonly id: AccountId; readonly name: string }
      readonly to: { readonly id: AccountId; readonly name: string }
    }
  | { readonly act: 'policy.set'; readonly rules: Partial<OrgPolicy> }

export interface PendingAct {
  readonly id: PendingActId
  readonly act: Act
  readonly state: 'open' | 'done' | 'refused' | 'expired'
  readonly askedBy: string
  readonly askedAtMs: number
  readonly expiresAtMs: number
  readonly decidedBy: string | undefined
  readonly decidedAtMs: number | undefined
}

/** How each act is done, once nothing stands in its way. */
export type Perform = (tx: Tx, org: NamespaceRef, act: Act) => Promise<void>

export interface Acts {
  /** Acts of the organisation, oldest first: the open ones, or all. */
  pendingActs(
    permit: OrgPermit | NamespacePermit<'namespace.audit'>,
    page: OrgPage & { isOpen: boolean },
  ): Promise<PendingAct[]>
  /**
   * Does what the first person asked for. Errors: `entry_not_found`; `conflict` when it was decided, has expired, or who asked may not do it
   * any more; `permission_denied` for who asked, and for service accounts.
   */
  approveAct(ctx: Ctx, permit: OrgPermit, id: PendingActId): Promise<void>
  /** Errors: `entry_not_found`, `conflict`. Who asked may take it back this way. */
  refuseAct(ctx: Ctx, permit: OrgPermit, id: PendingActId): Promise<void>
}

/**
 * Does an act, or writes it down where the rule says so. Errors: `approval_needed` (details.pendingActId), and those of the act. The hub
 * itself, in a command on its data folder, waits for nobody.
 */
export type CarryOut = (ctx: Ctx, org: NamespaceRef, act: Act, isGuarded: boolean) => Promise<void>

const toPending = (row: sql.ListedAct, nowMs: number): PendingAct => ({
  id: row.id,
  // A cast because only this room writes the column.
  act: JSON.parse(row.payload) as Act,
  state: row.state === 'open' && row.expires_at_ms <= nowMs ? 'expired' : row.state,
  askedBy: row.asked_by_name,
  askedAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
  decidedBy: row.decided_by_name ?? undefined,
  decidedAtMs: row.decided_at_ms ?? undefined,
})

const over = (): HubError =>
  new HubError('conflict', 'This was decided already, or nobody did in time. Ask for it again.')

export const makeCarryOut =
  ({ db, events, clock, ids }: OrganisationsDeps, perform: Perform): CarryOut =>
  async (ctx, org, act, isGuarded) => {
    const { actor } = ctx
    const pendingActId = await db.tx(async (q, after) => {
      const tx = { q, after, ctx }
      const rule = isGuarded ? await sql.policyOf(q, org.id) : undefined
      if (rule?.needs_two_people !== 1 || actor.kind !== 'user') {
        await perform(tx, org, act)
        return undefined
      }
      if (actor.serviceOf !== undefined) {
        throw new HubError(
          'permission_denied',
          `${org.name} does this only when two people agree; a service account is none. Sign in as a person.`,
        )
      }
      const nowMs = clock.nowMs()
      const wish = {
        org_id: org.id,
        act: act.act,
        payload: JSON.stringify(act),
        asked_by: actor.id,
      }
      const known = await sql.openActLike(q, wish, nowMs)
      if (known !== undefined) return known
      if ((await sql.countOpenActs(q, org.id, nowMs)) >= limits.pendingActsPerOrgMax) {
        throw new HubError('too_many', `${org.name} has too many acts that wait for a decision.`)
      }
      const id = ids<PendingActId>()
      await sql.insertAct(q, {
        ...wish,
        id,
        state: 'open',
        created_at_ms: nowMs,
        expires_at_ms: nowMs + limits.pendingActLifeMs,
        decided_by: null,
        decided_at_ms: null,
      })
      const payload = { orgId: org.id, pendingActId: id, act: act.act }
      await events.append(tx, 'act_asked', payload)
      return id
    })
    if (pendingActId === undefined) return
    throw new HubError(
      'approval_needed',
      `${org.name} does this only when a second administrator agrees. It was written down as ${pendingActId}; ask one to approve it within seven days.`,
      { pendingActId, act: act.act, account: org.name },
    )
  }

export const makeActs = (deps: OrganisationsDeps, perform: Perform): Acts => {
  const { db, events, clock, identity, policy } = deps

  const need = async ({ namespace }: OrgPermit, id: PendingActId): Promise<sql.ActRow> => {
    const row = await sql.actById(db.read, id)
    if (row?.org_id === namespace.id) return row
    throw new HubError('entry_not_found', `Nothing waits for ${namespace.name} under "${id}".`)
  }

  /** May who asked still do by itself what it asked for? */
  const mayStill = async (row: sql.ActRow, org: NamespaceRef, act: Act): Promise<boolean> => {
    const asker = await identity.get(row.asked_by)
    if (asker === undefined || asker.isDisabled) return false
    const actor = actorOf(asker)
    if (act.act !== 'repo.delete')
      return policy.allowsNamespace(actor, 'namespace.manage', org.name)
    return (await policy.explain(actor, 'repo.admin', act.repoId))?.decision.allowed === true
  }

  const close = async (
    tx: Tx,
    row: sql.ActRow,
    state: 'done' | 'refused',
    name: 'act_approved' | 'act_refused',
  ): Promise<void> => {
    const decidedBy = actorIdOf(tx.ctx.actor) ?? null
    const as = { state, decided_by: decidedBy, decided_at_ms: clock.nowMs() }
    if (!(await sql.closeAct(tx.q, row.id, as))) throw over()
    const payload = { orgId: row.org_id, pendingActId: row.id, act: row.act, askedBy: row.asked_by }
    await events.append(tx, name, payload)
  }

  return {
    pendingActs: async ({ namespace }, { isOpen, after, limit }) => {
      const nowMs = clock.nowMs()
      const page = { isOpen, after, limit: Math.min(limit, limits.apiPageMax), nowMs }
      return (await sql.actsOf(db.read, namespace.id, page)).map((row) => toPending(row, nowMs))
    },

    async approveAct(ctx, permit, id) {
      const { actor, namespace } = permit
      const row = await need(permit, id)
      // A cast because only this room writes the column.
      const act = JSON.parse(row.payload) as Act
      if (actor.kind === 'user' && (actor.id === row.asked_by || actor.serviceOf !== undefined)) {
        throw new HubError(
          'permission_denied',
          'Another person than the one who asked must approve this; a service account is none.',
          { reason: 'second_person' },
        )
      }
      if (!(await mayStill(row, namespace, act))) {
        throw new HubError(
          'conflict',
          'Who asked for this may not do it any more. Refuse it, and ask for it yourself.',
        )
      }
      await db.tx(async (q, after) => {
        const tx = { q, after, ctx }
        await close(tx, row, 'done', 'act_approved')
        await perform(tx, namespace, act)
      })
    },

    async refuseAct(ctx, permit, id) {
      const row = await need(permit, id)
      await db.tx((q, after) => close({ q, after, ctx }, row, 'refused', 'act_refused'))
    },
  }
}
