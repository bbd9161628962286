/** From a credential to who acts by it: tokens and sessions in force, of accounts that are. */
import type { Querier } from '#db/flavor.ts'
import type { Flag } from '#db/schema.ts'
import type { Actor, TokenFacts, TokenRole, TokenScope } from '../kernel/actor.ts'
import { isInRanges } from '../kernel/ip-ranges.ts'
import type { AccountId, SessionId, TokenId } from '../kernel/ids.ts'
import { prepareFirst } from './prepared.sql.ts'

export type User = Extract<Actor, { kind: 'user' }>

/** Who acts, and a number that rises when what the account may do has changed. */
export interface Holder {
  readonly actor: User
  readonly epoch: number
}

export interface TokenHolder extends Holder {
  readonly label: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | undefined
  readonly appId: string | undefined
}

interface AccountColumns {
  account_id: AccountId
  name: string
  is_admin: Flag
  service_of: AccountId | null
  policy_epoch: number
}

const toUser = (
  row: AccountColumns,
  credential: Pick<User, 'tokenRole' | 'token' | 'sessionId'>,
): User => ({
  kind: 'user',
  id: row.account_id,
  name: row.name,
  isAdmin: row.is_admin === 1,
  ...credential,
  ...(row.service_of === null ? {} : { serviceOf: row.service_of }),
})

const tokens = (q: Querier, nowMs: number) =>
  q
    .selectFrom('token')
    .innerJoin('account', 'account.id', 'token.account_id')
    .select([
      'token.id',
      'token.label',
      'token.role',
      'token.scope',
      'token.ip_ranges',
      'token.app_id',
      'token.created_at_ms',
      'token.last_used_at_ms',
      'token.expires_at_ms',
      'token.account_id',
      'account.name',
      'account.is_admin',
      'account.service_of',
      'account.policy_epoch',
    ])
    .where('account.disabled_at_ms', 'is', null)
    .where('token.revoked_at_ms', 'is', null)
    .where((eb) =>
      eb.or([eb('token.expires_at_ms', 'is', null), eb('token.expires_at_ms', '>', nowMs)]),
    )

interface TokenRow extends AccountColumns {
  id: TokenId
  label: string
  role: TokenRole
  scope: string | null
  ip_ranges: string | null
  app_id: string | null
  created_at_ms: number
  last_used_at_ms: number | null
  expires_at_ms: number | null
}

const toTokenHolder = (row: TokenRow, ip: string | undefined): TokenHolder | undefined => {
  // Casts because only the identity room writes these, from the same types.
  const ranges = row.ip_ranges === null ? undefined : (JSON.parse(row.ip_ranges) as string[])
  if (ranges !== undefined && !isInRanges(ip, ranges)) return undefined
  const scope = row.scope === null ? undefined : (JSON.parse(row.scope) as TokenScope)
  const token: TokenFacts = {
    id: row.id,
    lifeMs: row.expires_at_ms === null ? undefined : row.expires_at_ms - row.created_at_ms,
    ...(scope === undefined ? {} : { scope }),
  }
  return {
    actor: toUser(row, { tokenRole: row.role, token }),
    epoch: row.policy_epoch,
    label: row.label,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
    appId: row.app_id ?? undefined,
  }
}

interface BySecret {
  readonly [name: string]: string | number
  readonly secretSha256: string
  readonly nowMs: number
}

const tokenBySecret = prepareFirst<BySecret, TokenRow>(
  ['secretSha256', 'nowMs'],
  (q, { secretSha256, nowMs }) => tokens(q, nowMs).where('token.secret_sha256', '=', secretSha256),
)

/** Undefined when the secret is unknown, expired, revoked, used from outside its ranges, or its account disabled. */
export const holderOfSecret = async (
  q: Querier,
  secretSha256: string,
  { nowMs, ip }: { nowMs: number; ip: string | undefined },
): Promise<TokenHolder | undefined> => {
  const row = await tokenBySecret(q, { secretSha256, nowMs })
  return row === undefined ? undefined : toTokenHolder(row, ip)
}

export const holderOfToken = async (
  q: Querier,
  id: TokenId,
  { nowMs, ip }: { nowMs: number; ip: string | undefined },
): Promise<TokenHolder | undefined> => {
  const row = await tokens(q, nowMs).where('token.id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : toTokenHolder(row, ip)
}

export interface SessionHolder extends Holder {
  readonly provedAtMs: number
  readonly usedAtMs: number
}

const sessions = (q: Querier, nowMs: number) =>
  q
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select([
      'session.id',
      'session.proved_at_ms',
      'session.used_at_ms',
      'session.account_id',
      'account.name',
      'account.is_admin',
      'account.service_of',
      'account.policy_epoch',
    ])
    .where('account.disabled_at_ms', 'is', null)
    .where('session.ended_at_ms', 'is', null)
    .where('session.expires_at_ms', '>', nowMs)

interface SessionRow extends AccountColumns {
  id: SessionId
  proved_at_ms: number
  used_at_ms: number
}

const toSessionHolder = (row: SessionRow): SessionHolder => ({
  actor: toUser(row, { tokenRole: 'write', sessionId: row.id }),
  epoch: row.policy_epoch,
  provedAtMs: row.proved_at_ms,
  usedAtMs: row.used_at_ms,
})

export const holderOfSessionSecret = async (
  q: Querier,
  secretSha256: string,
  nowMs: number,
): Promise<SessionHolder | undefined> => {
  const row = await sessions(q, nowMs)
    .where('session.secret_sha256', '=', secretSha256)
    .executeTakeFirst()
  return row === undefined ? undefined : toSessionHolder(row)
}

export const holderOfSession = async (
  q: Querier,
  id: SessionId,
  nowMs: number,
): Promise<SessionHolder | undefined> => {
  const row = await sessions(q, nowMs).where('session.id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : toSessionHolder(row)
}

/** An account that may act now, where a permit was made without a credential, as in tests and commands. */
export const holderOfAccount = async (
  q: Querier,
  id: AccountId,
  tokenRole: TokenRole,
): Promise<Holder | undefined> => {
  const row = await q
    .selectFrom('account')
    .select(['id as account_id', 'name', 'is_admin', 'service_of', 'policy_epoch'])
    .where('id', '=', id)
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst()
  return row === undefined
    ? undefined
    : { actor: toUser(row, { tokenRole }), epoch: row.policy_epoch }
}
