/** The desk at which the tokens of one account are made and looked after. A token makes none that is stronger than itself. */
import type { Actor } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { TokenId } from '../kernel/ids.ts'
import { checkIpRanges } from '../kernel/ip-ranges.ts'
import { limits } from '../kernel/limits.ts'
import type { Page } from './account.ts'
import type { IdentityDeps } from './accounts.ts'
import { copyApprovals } from './approvals.sql.ts'
import { makeScopes, refuseWider } from './scope.ts'
import {
  type Issued,
  type makeTokenStore,
  noToken,
  type Powers,
  powersOf,
  refuseLabel,
  type Token,
  type TokenWish,
  toToken,
} from './token-rows.ts'
import * as sql from './tokens.sql.ts'

/** The tokens of one account, for whoever may look after them. */
export interface TokenDesk {
  /** Errors: `invalid`, `too_many`; `permission_denied` for more than the token that asks may do. */
  create(ctx: Ctx, wish: TokenWish): Promise<Issued>
  /** In order of birth. */
  list(page: Page): Promise<Token[]>
  /** Errors: `entry_not_found`, `invalid`. */
  rename(ctx: Ctx, id: TokenId, label: string): Promise<void>
  /**
   * A new secret with the same powers; the old one ends at once, or after `overlapMs`. Errors: `entry_not_found`, `conflict` for one that
   * has ended, `invalid`; `permission_denied` for one that may do more than the token that asks.
   */
  rotate(ctx: Ctx, id: TokenId, overlapMs?: number): Promise<Issued>
  /** Repeating it is no error. Errors: `entry_not_found`. */
  revoke(ctx: Ctx, id: TokenId): Promise<void>
}

type User = Extract<Actor, { kind: 'user' }>

/** What a token is made with: of the hub itself and of a session, without bounds. */
type Maker = Powers | undefined

const tooStrong = (what: string): HubError =>
  new HubError(
    'permission_denied',
    `A token can only make one that may do as much as itself or less: ${what}.`,
    { reason: 'token_scope_too_small' },
  )

/** The end and the addresses that the maker allows, and what was wished for within them. */
const boundsOf = (
  maker: Maker,
  wish: Pick<Powers, 'expiresAtMs' | 'ipRanges'>,
): Pick<Powers, 'expiresAtMs' | 'ipRanges'> => {
  const lastMs = maker?.expiresAtMs ?? Infinity
  if ((wish.expiresAtMs ?? 0) > lastMs) throw tooStrong('it would end later')
  const home = maker?.ipRanges
  const ranges = wish.ipRanges ?? home
  if (home !== undefined && ranges?.some((range) => !home.includes(range)) === true) {
    throw tooStrong('it would be accepted from other addresses')
  }
  const endMs = wish.expiresAtMs ?? lastMs
  return { expiresAtMs: endMs === Infinity ? undefined : endMs, ipRanges: ranges }
}

/** Leaves out what is not there. */
const powersWith = ({ role, scope, expiresAtMs, ipRanges }: Powers) => ({
  role,
  ...(scope === undefined ? {} : { scope }),
  ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  ...(ipRanges === undefined ? {} : { ipRanges }),
})

export const makeDesks = (deps: IdentityDeps, store: ReturnType<typeof makeTokenStore>) => {
  const { db, events, clock } = deps
  const scopes = makeScopes(deps)

  const makerOf = async (actor: Actor): Promise<Maker> => {
    if (actor.kind !== 'user' || actor.token === undefined) return undefined
    const row = await sql.tokenById(db.read, actor.token.id)
    if (row === undefined) throw noToken(actor.token.id)
    return powersOf(row)
  }

  const refuseStronger = async (maker: Maker, wanted: Powers): Promise<void> => {
    if (maker === undefined || maker.role === 'write') return
    if (maker.role === 'read' || wanted.role !== 'fineGrained') throw tooStrong('its role')
    if (maker.scope === undefined || wanted.scope === undefined) throw tooStrong('its scope')
    await refuseWider(deps, maker.scope, wanted.scope)
  }

  const wanted = async (account: User, wish: TokenWish): Promise<Powers> => {
    if ((wish.role === 'fineGrained') !== (wish.scope !== undefined)) {
      throw new HubError(
        'invalid',
        'A scope belongs to a token with the role "fineGrained", and to no other.',
      )
    }
    if (wish.lifeMs !== undefined && !(Number.isSafeInteger(wish.lifeMs) && wish.lifeMs > 0)) {
      throw new HubError('invalid', 'A token lives for a whole number of milliseconds above 0.')
    }
    if (wish.ipRanges !== undefined) checkIpRanges(wish.ipRanges)
    const scope = wish.scope === undefined ? undefined : await scopes.resolve(account, wish.scope)
    const expiresAtMs = wish.lifeMs === undefined ? undefined : clock.nowMs() + wish.lifeMs
    // No ranges at all mean none, as in a form that was left empty.
    const ipRanges = wish.ipRanges?.length === 0 ? undefined : wish.ipRanges
    return { role: wish.role, scope, expiresAtMs, ipRanges }
  }

  /** The end of a token's successor: the same life again, or the same end when it replaces itself. */
  const nextEnd = (row: sql.TokenRow, actor: Actor): number | undefined => {
    if (row.expires_at_ms === null) return undefined
    const isItself = actor.kind === 'user' && actor.token?.id === row.id
    return isItself ? row.expires_at_ms : clock.nowMs() + row.expires_at_ms - row.created_at_ms
  }

  const needInForce = (row: sql.TokenRow): void => {
    const isOver = row.expires_at_ms !== null && row.expires_at_ms <= clock.nowMs()
    if (row.revoked_at_ms === null && !isOver && row.ended_why === null) return
    throw new HubError('conflict', 'This token has ended or was replaced. Make a new one.')
  }

  /** `asker` is who works at the desk, `account` whose tokens they are. */
  return (asker: Actor, account: User): TokenDesk => {
    const need = async (id: TokenId): Promise<sql.TokenRow> => {
      const row = await sql.tokenById(db.read, id)
      if (row?.account_id !== account.id) throw noToken(id)
      return row
    }

    return {
      async create(ctx, wish) {
        refuseLabel(wish.label)
        const maker = await makerOf(asker)
        const powers = await wanted(account, wish)
        await refuseStronger(maker, powers)
        const bounded = { ...powers, ...boundsOf(maker, powers) }
        if ((await sql.countTokens(db.read, account.id)) >= limits.tokensPerAccountMax) {
          throw new HubError(
            'too_many',
            `${account.name} has ${limits.tokensPerAccountMax} tokens. Revoke some first.`,
          )
        }
        return store(ctx, account.id, { label: wish.label, ...powersWith(bounded) })
      },

      list: async ({ after, limit }) => {
        const page = { after, limit: Math.min(limit, limits.apiPageMax) }
        return (await sql.tokensOf(db.read, account.id, page)).map(toToken)
      },

      async rename(ctx, id, label) {
        refuseLabel(label)
        const row = await need(id)
        await db.tx(async (q, after) => {
          await sql.renameToken(q, id, label)
          const payload = { tokenId: id, accountId: row.account_id }
          await events.append({ q, after, ctx }, 'token_renamed', payload)
        })
      },

      async rotate(ctx, id, overlapMs = 0) {
        if (!(overlapMs >= 0 && overlapMs <= limits.tokenOverlapMsMax)) {
          const hours = limits.tokenOverlapMsMax / 3600_000
          throw new HubError(
            'invalid',
            `Old and new secret go on together for 0 to ${hours} hours.`,
          )
        }
        const row = await need(id)
        needInForce(row)
        const maker = await makerOf(asker)
        const next = { ...powersOf(row), expiresAtMs: nextEnd(row, asker) }
        await refuseStronger(maker, next)
        const lastMs = maker?.expiresAtMs ?? Infinity
        const endMs = Math.min(next.expiresAtMs ?? Infinity, lastMs)
        const expiresAtMs = endMs === Infinity ? undefined : endMs
        const powers = { ...next, ...boundsOf(maker, { ...next, expiresAtMs }) }
        const wish = { label: row.label, ...powersWith(powers) }
        return store(ctx, account.id, wish, async (tx, newTokenId) => {
          const nowMs = clock.nowMs()
          const endsAtMs = Math.min(nowMs + overlapMs, row.expires_at_ms ?? Infinity)
          const isOver = overlapMs === 0
          if (!isOver) await sql.endTokenAt(tx.q, id, endsAtMs)
          else if (!(await sql.revokeToken(tx.q, id, { atMs: nowMs, why: 'rotated' }))) {
            throw new HubError('conflict', 'This token was revoked a moment ago. Make a new one.')
          }
          await copyApprovals(tx.q, id, newTokenId)
          const payload = { tokenId: id, accountId: account.id, newTokenId, endsAtMs }
          await events.append(tx, 'token_rotated', payload)
        })
      },

      async revoke(ctx, id) {
        const row = await need(id)
        await db.tx(async (q, after) => {
          const payload = { tokenId: id, accountId: row.account_id }
          if (!(await sql.revokeToken(q, id, { atMs: clock.nowMs(), why: null }))) return
          await events.append({ q, after, ctx }, 'token_revoked', payload)
        })
      },
    }
  }
}
