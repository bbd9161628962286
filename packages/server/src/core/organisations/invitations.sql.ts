import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

export type InvitationRow = Row<'invitation'>

export const insertInvitation = async (q: Querier, row: NewRow<'invitation'>): Promise<void> => {
  await q.insertInto('invitation').values(row).execute()
}

/** In order of hash, which is the invitation's name. Those that are void are left out. */
export const invitationsOf = async (
  q: Querier,
  orgId: AccountId,
  page: { nowMs: number; after: string; limit: number },
): Promise<InvitationRow[]> =>
  q
    .selectFrom('invitation')
    .selectAll()
    .where('purpose', '=', 'membership')
    .where('account_id', '=', orgId)
    .where('expires_at_ms', '>', page.nowMs)
    .where('secret_sha256', '>', page.after)
    .orderBy('secret_sha256')
    .limit(page.limit)
    .execute()

export const invitationBy = async (
  q: Querier,
  secretSha256: string,
): Promise<InvitationRow | undefined> =>
  q
    .selectFrom('invitation')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .where('purpose', '=', 'membership')
    .executeTakeFirst()

/** Answers whether it was there until now: of two who accept at once, one does. */
export const takeInvitation = async (
  q: Querier,
  secretSha256: string,
  orgId: AccountId,
): Promise<boolean> => {
  const { numDeletedRows } = await q
    .deleteFrom('invitation')
    .where('secret_sha256', '=', secretSha256)
    .where('purpose', '=', 'membership')
    .where('account_id', '=', orgId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export const clearVoidInvitations = async (
  q: Querier,
  orgId: AccountId,
  nowMs: number,
): Promise<void> => {
  await q
    .deleteFrom('invitation')
    .where('purpose', '=', 'membership')
    .where('account_id', '=', orgId)
    .where('expires_at_ms', '<=', nowMs)
    .execute()
}
