/** How somebody leaves by a directory, and comes back. Both are one transaction of the caller. */
import type { RoleName } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import { endRefreshesOf } from '../oauth/index.ts'
import type { NamespaceRef } from '../policy/index.ts'
import { endSessions } from '../signin/index.ts'
import type { Tx } from '../events/index.ts'
import { countEnded } from './brake.ts'
import type { ProvisioningDeps } from './index.ts'
import * as sql from './provisioning.sql.ts'

export const makeLeaving = (deps: ProvisioningDeps) => {
  const { identity, organisations, events, clock } = deps

  /** Of an account that the directory made: nothing that signs it in is left. */
  const disable = async (tx: Tx, user: { id: sql.UserRow['account_id']; name: string }) => {
    const atMs = await identity.disableManaged(tx, user)
    await endSessions(tx.q, user.id, { atMs })
    await endRefreshesOf(tx.q, user.id, atMs)
    return atMs
  }

  return {
    /** Membership, teams and grants go; a managed account is disabled. Its groups wait for it. Errors: `conflict` (`braked`, `last_admin`). */
    async end(tx: Tx, org: NamespaceRef, row: sql.UserRow): Promise<void> {
      const user = { id: row.account_id, name: row.account_name }
      await countEnded(deps, tx, org, row.active_since_ms)
      const groups = await sql.groupsOfUsers(tx.q, org.id, [user.id])
      await identity.dropMember(tx, org, user)
      await organisations.withdrawAll(tx, org, user.id)
      const isManaged = row.is_managed === 1
      const disabledAtMs = isManaged ? await disable(tx, user) : null
      const key = { orgId: org.id, id: user.id }
      await sql.setUser(tx.q, key, {
        is_active: 0,
        disabled_at_ms: disabledAtMs,
        updated_at_ms: clock.nowMs(),
      })
      for (const group of groups) {
        await sql.insertWaiting(tx.q, org.id, group.team_id, [user.id])
      }
      await events.append(tx, 'user_deprovisioned', { orgId: org.id, userId: user.id, isManaged })
    },

    /**
     * A member again, in the groups that have waited. Errors: `conflict` (details.reason `disabled_by_hub`) for an account that
     * somebody else has disabled.
     */
    async bringBack(
      tx: Tx,
      org: NamespaceRef,
      row: sql.UserRow,
      role: Exclude<RoleName, 'admin'>,
    ): Promise<void> {
      const { account_id: userId, account_name: userName, disabled_at_ms: disabledAtMs } = row
      const isManaged = row.is_managed === 1
      if (isManaged && !(await identity.enableManaged(tx, userId, disabledAtMs ?? 0))) {
        throw new HubError(
          'conflict',
          `The account ${userName} was disabled by an administrator of this hub, who alone can enable it.`,
          { reason: 'disabled_by_hub', account: userName },
        )
      }
      // Somebody may have made them a member by hand meanwhile: that role stays.
      if (row.role === null) await identity.putMember(tx, org, { userId, userName, role })
      for (const teamId of await sql.takeWaiting(tx.q, org.id, userId)) {
        await organisations.changeTeam(tx, org, teamId, { add: [userId], remove: [] })
      }
      const nowMs = clock.nowMs()
      await sql.setUser(
        tx.q,
        { orgId: org.id, id: userId },
        {
          is_active: 1,
          active_since_ms: nowMs,
          disabled_at_ms: null,
          updated_at_ms: nowMs,
        },
      )
      await events.append(tx, 'user_provisioned', { orgId: org.id, userId, isManaged })
    },
  }
}
