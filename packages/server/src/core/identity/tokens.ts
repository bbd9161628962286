/** Tokens: at whose desk they are made and revoked, and how one is recognised. */
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { TokenId } from '../kernel/ids.ts'
import {
  type AccountPermit,
  holderOfSecret,
  type HubPermit,
  type NamespacePermit,
  type TokenHolder,
} from '../policy/index.ts'
import { actorOf, toAccount } from './account.ts'
import type { IdentityDeps } from './accounts.ts'
import { needAccount } from './need.ts'
import { insertApproval, orgsToAsk } from './approvals.sql.ts'
import { accountById } from './identity.sql.ts'
import { type DescribedScope, makeScopes } from './scope.ts'
import { sha256Hex } from './secret.ts'
import { makeDesks, type TokenDesk } from './token-desk.ts'
import { type Issued, type makeTokenStore, noToken, type TokenWish } from './token-rows.ts'
import * as sql from './tokens.sql.ts'

export interface Tokens {
  /** Errors: `account_not_found`. */
  tokensOf(permit: HubPermit, userName: string): Promise<TokenDesk>
  ownTokens(permit: AccountPermit): Promise<TokenDesk>
  /** Errors: `account_not_found` for all but service accounts of the organisation. */
  serviceTokens(permit: NamespacePermit<'namespace.manage'>, name: string): Promise<TokenDesk>
  /** `tokensOf` in one step. */
  createToken(ctx: Ctx, permit: HubPermit, wish: TokenWish & { userName: string }): Promise<Issued>
  /** Any token by its id. Repeating it is no error. Errors: `entry_not_found`. */
  revokeToken(ctx: Ctx, permit: HubPermit, id: TokenId): Promise<void>
  /**
   * Revokes tokens of this hub whose secrets were found where everybody can read them, and answers how many were in force. Says so in an
   * event for each; again for the same find does nothing.
   */
  revokeLeaked(
    ctx: Ctx,
    secrets: readonly string[],
    where: { repoId: string; path: string; file: string },
  ): Promise<number>
  /** Undefined when the secret is unknown, expired, revoked, used from outside its address ranges, or its account disabled. */
  authenticate(secret: string, ip?: string): Promise<TokenHolder | undefined>
  /** Undefined for a token that is not fine-grained. */
  describeScope(holder: Pick<TokenHolder, 'actor'>): Promise<DescribedScope | undefined>
}

const touchEveryMs = 60_000

export const makeTokens = (
  deps: IdentityDeps,
  store: ReturnType<typeof makeTokenStore>,
): Tokens => {
  const { db, events, clock } = deps
  const desk = makeDesks(deps, store)
  const scopes = makeScopes(deps)

  /**
   * Last use, to the minute: a write for each request would cost more than the request. An organisation that approves tokens learns of this
   * one with it.
   */
  const touch = ({ actor, lastUsedAtMs }: TokenHolder): void => {
    const nowMs = clock.nowMs()
    const id = actor.token?.id
    if (id === undefined || nowMs - (lastUsedAtMs ?? 0) < touchEveryMs) return
    db.tx(async (q) => {
      await sql.touchToken(q, id, nowMs)
      for (const orgId of await orgsToAsk(q, id, actor.id)) {
        await insertApproval(q, { token_id: id, org_id: orgId, created_at_ms: nowMs })
      }
    }).catch(() => undefined)
  }

  const tokensOf: Tokens['tokensOf'] = async ({ actor }, userName) =>
    desk(actor, actorOf(toAccount(await needAccount(db.read, userName, 'user'))))

  return {
    tokensOf,

    async ownTokens({ actor }) {
      const row = await accountById(db.read, actor.id)
      return desk(actor, row === undefined ? actor : actorOf(toAccount(row)))
    },

    async serviceTokens({ actor, namespace }, name) {
      const row = await needAccount(db.read, name, 'user')
      if (row.service_of === namespace.id) return desk(actor, actorOf(toAccount(row)))
      const message = `"${name}" is no service account of ${namespace.name}.`
      throw new HubError('account_not_found', message)
    },

    createToken: async (ctx, permit, { userName, ...wish }) =>
      (await tokensOf(permit, userName)).create(ctx, wish),

    async revokeToken(ctx, { actor }, id) {
      const row = await sql.tokenById(db.read, id)
      const owner = row && (await accountById(db.read, row.account_id))
      if (owner === undefined) throw noToken(id)
      await desk(actor, actorOf(toAccount(owner))).revoke(ctx, id)
    },

    async revokeLeaked(ctx, secrets, { repoId, path, file }) {
      const rows = await sql.tokensBySecret(db.read, secrets.map(sha256Hex))
      let ended = 0
      for (const row of rows) {
        await db.tx(async (q, after) => {
          const end = { atMs: clock.nowMs(), why: 'leaked' } as const
          if (!(await sql.revokeToken(q, row.id, end))) return
          const payload = { tokenId: row.id, accountId: row.account_id, path, file }
          await events.append({ q, after, ctx }, 'token_leaked', payload, repoId)
          after(() => (ended += 1))
        })
      }
      return ended
    },

    async authenticate(secret, ip) {
      const holder = await holderOfSecret(db.read, sha256Hex(secret), { nowMs: clock.nowMs(), ip })
      if (holder !== undefined) touch(holder)
      return holder
    },

    describeScope: (holder) => scopes.describe(holder),
  }
}
