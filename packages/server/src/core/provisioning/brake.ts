/**
 * The brake: a directory that ends most of an organisation's people within an hour has lost its source or its mind. What it ended until
 * then stays ended; the rest waits for an administrator.
 */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { isoDate } from '../kernel/time.ts'
import type { NamespaceRef } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import type { OrgPermit, ProvisioningDeps } from './index.ts'
import * as sql from './provisioning.sql.ts'

export interface DirectoryState {
  readonly users: number
  readonly activeUsers: number
  readonly groups: number
  readonly changedAtMs: number | undefined
  /** Since when nobody is deactivated any more. */
  readonly brakedAtMs: number | undefined
}

export interface Brake {
  directory(permit: OrgPermit): Promise<DirectoryState>
  /** Lets the directory deactivate people again. Repeating it is no error. Errors: `permission_denied` for service accounts. */
  resume(ctx: Ctx, permit: OrgPermit): Promise<void>
}

type State = Row<'scim_directory'>

const stateOf = async (q: Querier, orgId: AccountId, nowMs: number): Promise<State> =>
  (await sql.directoryOf(q, orgId)) ?? {
    org_id: orgId,
    window_start_ms: nowMs,
    window_active: await sql.countUsers(q, orgId, { onlyActive: true }),
    window_ended: 0,
    braked_at_ms: null,
    changed_at_ms: nowMs,
  }

/** Notes that the directory has changed something. */
export const noteChange = async (
  { clock }: ProvisioningDeps,
  { q }: Tx,
  org: NamespaceRef,
): Promise<void> => {
  const nowMs = clock.nowMs()
  await sql.putDirectory(q, { ...(await stateOf(q, org.id, nowMs)), changed_at_ms: nowMs })
}

/** Counts one who is ended, before it is done. Errors: `conflict` (details.reason `braked`) while the brake is on. */
export const countEnded = async (
  { events, clock }: ProvisioningDeps,
  tx: Tx,
  org: NamespaceRef,
  activeSinceMs: number,
): Promise<void> => {
  const nowMs = clock.nowMs()
  const last = await stateOf(tx.q, org.id, nowMs)
  if (last.braked_at_ms !== null) {
    throw new HubError(
      'conflict',
      `The directory of ${org.name} has ended more than half of its people within an hour, so since ${isoDate(last.braked_at_ms)} nobody is deactivated. If this is meant, an administrator lets it go on: \`weighhouse org directory resume ${org.name}\`.`,
      { reason: 'braked', account: org.name },
    )
  }
  // The hour begins with the first who is ended.
  const begins = last.window_ended === 0 || nowMs - last.window_start_ms >= limits.directoryBrakeMs
  const active = await sql.countUsers(tx.q, org.id, { onlyActive: true })
  const state = begins
    ? { ...last, window_start_ms: nowMs, window_active: active, window_ended: 0 }
    : last
  // Who came within the window was not there at its start: trying somebody out is no accident.
  const ended = state.window_ended + (activeSinceMs <= state.window_start_ms ? 1 : 0)
  const isTooMany = ended > limits.directoryEndedMin && ended * 2 > state.window_active
  await sql.putDirectory(tx.q, {
    ...state,
    window_ended: ended,
    braked_at_ms: isTooMany ? nowMs : null,
    changed_at_ms: nowMs,
  })
  if (!isTooMany) return
  const payload = { orgId: org.id, activeBefore: state.window_active, ended }
  await events.append(tx, 'directory_braked', payload)
}

export const makeBrake = ({ db, events, clock }: ProvisioningDeps): Brake => ({
  async directory({ namespace: { id } }) {
    const state = await sql.directoryOf(db.read, id)
    return {
      users: await sql.countUsers(db.read, id, { onlyActive: false }),
      activeUsers: await sql.countUsers(db.read, id, { onlyActive: true }),
      groups: await sql.countGroups(db.read, id),
      changedAtMs: state?.changed_at_ms,
      brakedAtMs: state?.braked_at_ms ?? undefined,
    }
  },

  async resume(ctx, { namespace: { id, name } }) {
    if (ctx.actor.kind === 'user' && ctx.actor.serviceOf !== undefined) {
      throw new HubError(
        'permission_denied',
        `A person lifts the brake of ${name}'s directory, since its own account must not. Sign in as an administrator.`,
      )
    }
    await db.tx(async (q, after) => {
      await db.flavor.lockEvents(q)
      const state = await sql.directoryOf(q, id)
      if (state === undefined || state.braked_at_ms === null) return
      const active = await sql.countUsers(q, id, { onlyActive: true })
      const fresh = { window_start_ms: clock.nowMs(), window_active: active, window_ended: 0 }
      await sql.putDirectory(q, { ...state, ...fresh, braked_at_ms: null })
      await events.append({ q, after, ctx }, 'directory_resumed', { orgId: id })
    })
  },
})
