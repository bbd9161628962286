/** Tokens that an organisation accepts after its approval only. They are asked about when they are first used. */
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { TokenId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespacePermit } from '../policy/index.ts'
import type { Page } from './account.ts'
import type { IdentityDeps } from './accounts.ts'
import * as sql from './approvals.sql.ts'
import { raiseEpoch } from './identity.sql.ts'

export interface TokenApproval {
  readonly tokenId: TokenId
  readonly label: string
  readonly role: 'read' | 'write' | 'fineGrained'
  readonly hint: string
  readonly account: string
  readonly state: 'pending' | 'approved' | 'denied'
  readonly askedAtMs: number
  readonly decidedAtMs: number | undefined
}

type OrgPermit = NamespacePermit<'namespace.manage'>

export interface Approvals {
  /** In order of token. */
  tokenApprovals(
    permit: OrgPermit,
    page: Page & { state?: TokenApproval['state'] },
  ): Promise<TokenApproval[]>
  /** May be changed later. Errors: `entry_not_found`; `permission_denied` for a token about itself. */
  decideToken(
    ctx: Ctx,
    permit: OrgPermit,
    tokenId: TokenId,
    state: 'approved' | 'denied',
  ): Promise<void>
}

export const makeApprovals = ({ db, events, clock }: IdentityDeps): Approvals => ({
  tokenApprovals: async ({ namespace }, { state, after, limit }) => {
    const page = { state, after, limit: Math.min(limit, limits.apiPageMax) }
    return (await sql.approvalsOf(db.read, namespace.id, page)).map((row) => ({
      tokenId: row.token_id,
      label: row.label,
      role: row.role,
      hint: row.hint,
      account: row.account,
      state: row.state,
      askedAtMs: row.created_at_ms,
      decidedAtMs: row.decided_at_ms ?? undefined,
    }))
  },

  async decideToken(ctx, { actor, namespace }, tokenId, state) {
    if (actor.kind === 'user' && actor.token?.id === tokenId) {
      throw new HubError(
        'permission_denied',
        'A token is not approved by itself: sign in, or use another one.',
      )
    }
    await db.tx(async (q, after) => {
      const as = {
        state,
        decided_by: actorIdOf(actor) ?? null,
        decided_at_ms: clock.nowMs(),
      } as const
      if (!(await sql.decideApproval(q, { tokenId, orgId: namespace.id }, as))) {
        const message = `No token "${tokenId}" has asked for ${namespace.name}. It does when it is used.`
        throw new HubError('entry_not_found', message)
      }
      await raiseEpoch(q, namespace.id)
      const payload = { tokenId, orgId: namespace.id, state }
      await events.append({ q, after, ctx }, 'token_approval_decided', payload)
    })
  },
})
