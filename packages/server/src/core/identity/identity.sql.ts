import type { Querier } from '#db/flavor.ts'
import type { NewRow, RoleName, Row } from '#db/schema.ts'
import type { AccountId, TokenId } from '../kernel/ids.ts'

export type AccountRow = Row<'account'>

export const accountByKey = async (q: Querier, nameKey: string): Promise<AccountRow | undefined> =>
  q.selectFrom('account').selectAll().where('name_key', '=', nameKey).executeTakeFirst()

export const accountById = async (q: Querier, id: AccountId): Promise<AccountRow | undefined> =>
  q.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()

export const insertAccount = async (q: Querier, row: NewRow<'account'>): Promise<void> => {
  await q.insertInto('account').values(row).execute()
}

export const setPassword = async (q: Querier, row: NewRow<'password'>): Promise<void> => {
  await q
    .insertInto('password')
    .values(row)
    .onConflict((c) =>
      c.column('account_id').doUpdateSet({ hash: row.hash, changed_at_ms: row.changed_at_ms }),
    )
    .execute()
}

export const passwordOf = async (
  q: Querier,
  accountId: AccountId,
): Promise<{ hash: string } | undefined> =>
  q.selectFrom('password').select('hash').where('account_id', '=', accountId).executeTakeFirst()

export const listAccounts = async (
  q: Querier,
  kind: 'user' | 'org',
  afterKey: string,
  limit: number,
): Promise<AccountRow[]> =>
  q
    .selectFrom('account')
    .selectAll()
    .where('kind', '=', kind)
    .where('name_key', '>', afterKey)
    .orderBy('name_key')
    .limit(limit)
    .execute()

export const hasAccounts = async (q: Querier): Promise<boolean> =>
  (await q.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined

export const disableAccount = async (q: Querier, id: AccountId, atMs: number): Promise<void> => {
  await q.updateTable('account').set({ disabled_at_ms: atMs }).where('id', '=', id).execute()
}

export const upsertMembership = async (q: Querier, row: NewRow<'membership'>): Promise<void> => {
  await q
    .insertInto('membership')
    .values(row)
    .onConflict((c) => c.columns(['org_id', 'user_id']).doUpdateSet({ role: row.role }))
    .execute()
}

export const raiseEpoch = async (q: Querier, id: AccountId): Promise<void> => {
  await q
    .updateTable('account')
    .set((eb) => ({ policy_epoch: eb('policy_epoch', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export interface MembershipOf {
  org_id: AccountId
  org_name: string
  org_full_name: string
  role: RoleName
}

export const membershipsOf = async (
  q: Querier,
  userId: AccountId,
  limit: number,
): Promise<MembershipOf[]> =>
  q
    .selectFrom('membership')
    .innerJoin('account', 'account.id', 'membership.org_id')
    .select([
      'membership.org_id',
      'account.name as org_name',
      'account.full_name as org_full_name',
      'membership.role',
    ])
    .where('membership.user_id', '=', userId)
    .orderBy('account.name_key')
    .limit(limit)
    .execute()

export const insertToken = async (q: Querier, row: NewRow<'token'>): Promise<void> => {
  await q.insertInto('token').values(row).execute()
}

export interface TokenHolder {
  id: TokenId
  label: string
  role: 'read' | 'write'
  created_at_ms: number
  last_used_at_ms: number | null
  expires_at_ms: number | null
  revoked_at_ms: number | null
  account_id: AccountId
  name: string
  is_admin: 0 | 1
  disabled_at_ms: number | null
}

export const tokenBySecret = async (
  q: Querier,
  secretSha256: string,
): Promise<TokenHolder | undefined> =>
  q
    .selectFrom('token')
    .innerJoin('account', 'account.id', 'token.account_id')
    .select([
      'token.id',
      'token.label',
      'token.role',
      'token.created_at_ms',
      'token.last_used_at_ms',
      'token.expires_at_ms',
      'token.revoked_at_ms',
      'token.account_id',
      'account.name',
      'account.is_admin',
      'account.disabled_at_ms',
    ])
    .where('token.secret_sha256', '=', secretSha256)
    .executeTakeFirst()

export const tokenById = async (q: Querier, id: TokenId): Promise<Row<'token'> | undefined> =>
  q.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst()

export const tokensOf = async (
  q: Querier,
  accountId: AccountId,
  limit: number,
): Promise<Row<'token'>[]> =>
  q
    .selectFrom('token')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id')
    .limit(limit)
    .execute()

export const touchToken = async (q: Querier, id: TokenId, atMs: number): Promise<void> => {
  await q.updateTable('token').set({ last_used_at_ms: atMs }).where('id', '=', id).execute()
}

export const revokeToken = async (q: Querier, id: TokenId, atMs: number): Promise<void> => {
  await q
    .updateTable('token')
    .set({ revoked_at_ms: atMs })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .execute()
}

export const insertInvitation = async (q: Querier, row: NewRow<'invitation'>): Promise<void> => {
  await q.insertInto('invitation').values(row).execute()
}

export const clearInvitations = async (q: Querier): Promise<void> => {
  await q.deleteFrom('invitation').where('purpose', '=', 'setup').execute()
}

export const invitationBySecret = async (
  q: Querier,
  secretSha256: string,
): Promise<Row<'invitation'> | undefined> =>
  q
    .selectFrom('invitation')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()
