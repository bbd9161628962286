/** The first administrator, by a link that a hub without accounts prints. */
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { Account, NewUser } from './account.ts'
import type { IdentityDeps, makeRegistrar } from './accounts.ts'
import * as sql from './identity.sql.ts'
import { sha256Hex } from './secret.ts'
import type { makeTokenStore } from './token-rows.ts'

export interface Setup {
  /** False on a hub that waits for its first administrator. */
  hasAccounts(): Promise<boolean>
  /** A fresh one-time set-up secret while no account exists, else undefined. */
  offerSetup(): Promise<string | undefined>
  /** Creates the first administrator. Errors: `permission_denied` when the link is used, expired or unknown; `invalid`. */
  completeSetup(
    ctx: Ctx,
    secret: string,
    user: NewUser,
  ): Promise<{ account: Account; secret: string }>
}

const setupLifeMs = 7 * 24 * 3600_000

export const makeSetup = (
  { db, clock, chance }: IdentityDeps,
  register: ReturnType<typeof makeRegistrar>,
  storeToken: ReturnType<typeof makeTokenStore>,
): Setup => ({
  hasAccounts: () => sql.hasAccounts(db.read),

  async offerSetup() {
    if (await sql.hasAccounts(db.read)) return undefined
    const secret = chance.bytes(24).toString('base64url')
    const nowMs = clock.nowMs()
    await db.tx(async (q) => {
      await sql.clearInvitations(q)
      await sql.insertInvitation(q, {
        secret_sha256: sha256Hex(secret),
        purpose: 'setup',
        created_at_ms: nowMs,
        expires_at_ms: nowMs + setupLifeMs,
        account_id: null,
        payload: null,
      })
    })
    return secret
  },

  async completeSetup(ctx, secret, user) {
    const first = { kind: 'user', user: { ...user, isAdmin: true } } as const
    const account = await register(ctx, first, async ({ q }, id) => {
      const invitation = await sql.invitationBySecret(q, sha256Hex(secret))
      const isOpen = invitation !== undefined && invitation.expires_at_ms > clock.nowMs()
      if (!isOpen || (await sql.hasAccounts(q, id))) {
        throw new HubError(
          'permission_denied',
          'This set-up link is used, expired or unknown. Create users with `weighhouse user create`, or restart a hub that has none for a new link.',
        )
      }
      await sql.clearInvitations(q)
    })
    const { secret: tokenSecret } = await storeToken(ctx, account.id, {
      label: 'set-up',
      role: 'write',
    })
    return { account, secret: tokenSecret }
  },
})
