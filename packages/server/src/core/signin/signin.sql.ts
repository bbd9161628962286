import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, SessionId } from '../kernel/ids.ts'

export const insertSession = async (q: Querier, row: NewRow<'session'>): Promise<void> => {
  await q.insertInto('session').values(row).execute()
}

export const sessionsOf = async (
  q: Querier,
  accountId: AccountId,
  nowMs: number,
  limit: number,
): Promise<Row<'session'>[]> =>
  q
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .orderBy('used_at_ms', 'desc')
    .limit(limit)
    .execute()

export const touchSession = async (
  q: Querier,
  id: SessionId,
  times: { usedAtMs: number; expiresAtMs: number },
): Promise<void> => {
  await q
    .updateTable('session')
    .set({ used_at_ms: times.usedAtMs, expires_at_ms: times.expiresAtMs })
    .where('id', '=', id)
    .execute()
}

/** Ends one session of the account, or all; answers how many. */
export const endSessions = async (
  q: Querier,
  accountId: AccountId,
  id: SessionId | undefined,
  atMs: number,
): Promise<number> => {
  let query = q
    .updateTable('session')
    .set({ ended_at_ms: atMs })
    .where('account_id', '=', accountId)
    .where('ended_at_ms', 'is', null)
  if (id !== undefined) query = query.where('id', '=', id)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return Number(numUpdatedRows)
}

export const failureOf = async (
  q: Querier,
  subject: string,
): Promise<Row<'sign_in_failure'> | undefined> =>
  q.selectFrom('sign_in_failure').selectAll().where('subject', '=', subject).executeTakeFirst()

export const putFailure = async (q: Querier, row: NewRow<'sign_in_failure'>): Promise<void> => {
  await q
    .insertInto('sign_in_failure')
    .values(row)
    .onConflict((c) => c.column('subject').doUpdateSet({ ...row }))
    .execute()
}

export const clearFailures = async (q: Querier, subject: string): Promise<void> => {
  await q.deleteFrom('sign_in_failure').where('subject', '=', subject).execute()
}

export const deleteOldFailures = async (q: Querier, beforeMs: number): Promise<void> => {
  await q.deleteFrom('sign_in_failure').where('first_at_ms', '<', beforeMs).execute()
}
