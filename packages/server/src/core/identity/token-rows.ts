/** Tokens as they are stored, and how a new one is written. */
import type { Tx } from '../events/index.ts'
import type { TokenRole, TokenScope } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, TokenId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { IdentityDeps } from './accounts.ts'
import type { ScopeWish } from './scope.ts'
import { makeSecret, sha256Hex } from './secret.ts'
import * as sql from './tokens.sql.ts'

export interface Token {
  readonly id: TokenId
  readonly label: string
  readonly role: TokenRole
  readonly hint: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | undefined
  readonly expiresAtMs: number | undefined
  readonly isRevoked: boolean
  /** Why it ended, where nobody revoked it. */
  readonly endedWhy: 'leaked' | 'rotated' | undefined
  readonly scope: TokenScope | undefined
  readonly ipRanges: readonly string[] | undefined
}

export interface TokenWish {
  readonly label: string
  readonly role: TokenRole
  readonly lifeMs?: number
  /** For the role `fineGrained`, and only then. */
  readonly scope?: ScopeWish
  readonly ipRanges?: readonly string[]
}

/** A new token; the secret is in the answer and nowhere else. */
export interface Issued {
  readonly token: Token
  readonly secret: string
}

/** What a token may do, and how long. */
export interface Powers {
  readonly role: TokenRole
  readonly scope: TokenScope | undefined
  readonly expiresAtMs: number | undefined
  readonly ipRanges: readonly string[] | undefined
}

/** What is stored of a new token. */
export interface NewToken extends Partial<Powers> {
  readonly label: string
  readonly role: TokenRole
  /** The app it was given to. */
  readonly appId?: string
}

// Casts because only this room writes the columns.
const scopeOf = ({ scope }: sql.TokenRow): TokenScope | undefined =>
  scope === null ? undefined : (JSON.parse(scope) as TokenScope)
const rangesOf = ({ ip_ranges }: sql.TokenRow): string[] | undefined =>
  ip_ranges === null ? undefined : (JSON.parse(ip_ranges) as string[])

export const powersOf = (row: sql.TokenRow): Powers => ({
  role: row.role,
  scope: scopeOf(row),
  expiresAtMs: row.expires_at_ms ?? undefined,
  ipRanges: rangesOf(row),
})

export const toToken = (row: sql.TokenRow): Token => ({
  id: row.id,
  label: row.label,
  hint: row.hint,
  createdAtMs: row.created_at_ms,
  lastUsedAtMs: row.last_used_at_ms ?? undefined,
  isRevoked: row.revoked_at_ms !== null,
  endedWhy: row.ended_why ?? undefined,
  ...powersOf(row),
})

export const noToken = (id: string): HubError =>
  new HubError(
    'entry_not_found',
    `There is no token "${id}" here. List the account's tokens to find its id.`,
  )

export const refuseLabel = (label: string): void => {
  if (label.length >= 1 && label.length <= limits.tokenLabelCharsMax) return
  throw new HubError(
    'invalid',
    `A token's name has 1 to ${limits.tokenLabelCharsMax} characters; this one has ${label.length}.`,
  )
}

/** Writes a token as it is; what it may do was decided before. */
export const makeTokenStore =
  ({ db, events, clock, chance, ids }: IdentityDeps) =>
  async (
    ctx: Ctx,
    accountId: AccountId,
    wish: NewToken,
    beside: (tx: Tx, id: TokenId) => Promise<void> = () => Promise.resolve(),
  ): Promise<Issued> => {
    const secret = makeSecret(chance)
    const { scope, ipRanges } = wish
    const row: sql.TokenRow = {
      id: ids<TokenId>(),
      account_id: accountId,
      label: wish.label,
      role: wish.role,
      secret_sha256: sha256Hex(secret),
      hint: secret.slice(-4),
      created_at_ms: clock.nowMs(),
      last_used_at_ms: null,
      expires_at_ms: wish.expiresAtMs ?? null,
      revoked_at_ms: null,
      scope: scope === undefined ? null : JSON.stringify(scope),
      ip_ranges: ipRanges === undefined ? null : JSON.stringify(ipRanges),
      app_id: wish.appId ?? null,
      ended_why: null,
    }
    await db.tx(async (q, after) => {
      await sql.insertToken(q, row)
      const payload = { tokenId: row.id, accountId, role: row.role }
      await events.append({ q, after, ctx }, 'token_created', payload)
      await beside({ q, after, ctx }, row.id)
    })
    return { token: toToken(row), secret }
  }
