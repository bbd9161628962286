/** Where people may come from, as they see it themselves. */
import { passwordOf } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { AccountPermit } from '../policy/index.ts'
import type { SsoDeps } from './index.ts'
import { methodOf } from './providers.ts'
import * as sql from './sso.sql.ts'

/** Who an account is at a provider. */
export interface SsoIdentity {
  readonly provider: string
  readonly email: string | undefined
  readonly createdAtMs: number
  readonly usedAtMs: number | undefined
}

export interface Identities {
  /** In order of the providers' names. */
  identities(permit: AccountPermit, page: { after: string; limit: number }): Promise<SsoIdentity[]>
  /**
   * Ends it, and the account's sessions that came by it. What its groups gave stays. Errors: `entry_not_found`; `conflict` for the only
   * way in of an account without a password.
   */
  unlink(ctx: Ctx, permit: AccountPermit, name: string): Promise<void>
}

export const makeIdentities = ({ db, events, signin }: SsoDeps): Identities => ({
  identities: async ({ own }, { after, limit }) => {
    const page = { after, limit: Math.min(limit, limits.apiPageMax) }
    return (await sql.identitiesOf(db.read, own, page)).map((row) => ({
      provider: row.name,
      email: row.email ?? undefined,
      createdAtMs: row.created_at_ms,
      usedAtMs: row.used_at_ms ?? undefined,
    }))
  },

  async unlink(ctx, permit, name) {
    const { own } = permit
    const hasPasskey = (await signin.listPasskeys(permit)).length > 0
    await db.tx(async (q, after) => {
      const row = await sql.providerByName(q, name)
      if (row === undefined || !(await sql.deleteIdentity(q, row.id, own))) {
        throw new HubError('entry_not_found', `Your account is not linked to "${name}".`)
      }
      const others = await sql.identitiesOf(q, own, { after: '', limit: 1 })
      const hasOther = hasPasskey || others.length > 0
      if (!hasOther && (await passwordOf(q, own)) === undefined) {
        throw new HubError(
          'conflict',
          `${row.name} is your only way in. Set a password first, add a passkey, or link another provider.`,
        )
      }
      const tx = { q, after, ctx }
      await signin.endByMethod(tx, methodOf(row), own)
      const payload = { providerId: row.id, accountId: own }
      await events.append(tx, 'sso_identity_unlinked', payload)
    })
  },
})
