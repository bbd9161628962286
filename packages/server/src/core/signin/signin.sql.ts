import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, SessionId } from '../kernel/ids.ts'

export const insertSession = async (q: Querier, row: NewRow<'session'>): Promise<void> => {
  await q.insertInto('session').values(row).execute()
}

const sessionsInForce = (q: Querier, nowMs: number) =>
  q
    .selectFrom('session')
    .selectAll()
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)

/** Last used first. */
export const sessionsOf = async (
  q: Querier,
  accountId: AccountId,
  { nowMs, limit }: { nowMs: number; limit: number },
): Promise<Row<'session'>[]> =>
  sessionsInForce(q, nowMs)
    .where('account_id', '=', accountId)
    .orderBy('used_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

export const sessionById = async (
  q: Querier,
  id: SessionId,
  nowMs: number,
): Promise<Row<'session'> | undefined> =>
  sessionsInForce(q, nowMs).where('id', '=', id).executeTakeFirst()

export const changeSession = async (
  q: Querier,
  id: SessionId,
  change: Partial<Pick<Row<'session'>, 'used_at_ms' | 'expires_at_ms' | 'proved_at_ms'>>,
): Promise<void> => {
  await q.updateTable('session').set(change).where('id', '=', id).execute()
}

/** Ends one session of the account, all but one, or all; answers how many. */
export const endSessions = async (
  q: Querier,
  accountId: AccountId,
  { atMs, id, but }: { atMs: number; id?: SessionId; but?: SessionId },
): Promise<number> => {
  let query = q
    .updateTable('session')
    .set({ ended_at_ms: atMs })
    .where('account_id', '=', accountId)
    .where('ended_at_ms', 'is', null)
  if (id !== undefined) query = query.where('id', '=', id)
  if (but !== undefined) query = query.where('id', '!=', but)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Ends every session that came by this method, or those of one account. */
export const endSessionsBy = async (
  q: Querier,
  { method, accountId }: { method: string; accountId: AccountId | undefined },
  atMs: number,
): Promise<void> => {
  let query = q
    .updateTable('session')
    .set({ ended_at_ms: atMs })
    .where('method', '=', method)
    .where('ended_at_ms', 'is', null)
  if (accountId !== undefined) query = query.where('account_id', '=', accountId)
  await query.execute()
}

export const deleteOldSessions = async (q: Querier, beforeMs: number): Promise<number> => {
  const { numDeletedRows } = await q
    .deleteFrom('session')
    .where((eb) => eb.or([eb('expires_at_ms', '<', beforeMs), eb('ended_at_ms', '<', beforeMs)]))
    .executeTakeFirst()
  return Number(numDeletedRows)
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

export const deleteFailure = async (q: Querier, subject: string): Promise<void> => {
  await q.deleteFrom('sign_in_failure').where('subject', '=', subject).execute()
}

export const deleteOldFailures = async (q: Querier, beforeMs: number): Promise<number> => {
  const { numDeletedRows } = await q
    .deleteFrom('sign_in_failure')
    .where('first_at_ms', '<', beforeMs)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

export const insertChallenge = async (q: Querier, row: NewRow<'challenge'>): Promise<void> => {
  await q.insertInto('challenge').values(row).execute()
}

/** One in force. */
export const challengeOf = async (
  q: Querier,
  {
    kind,
    secretSha256,
    nowMs,
  }: { kind: Row<'challenge'>['kind']; secretSha256: string; nowMs: number },
): Promise<Row<'challenge'> | undefined> =>
  q
    .selectFrom('challenge')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .where('kind', '=', kind)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()

/** False when another one was faster. */
export const deleteChallenge = async (q: Querier, secretSha256: string): Promise<boolean> => {
  const { numDeletedRows } = await q
    .deleteFrom('challenge')
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export const deleteChallengesOf = async (
  q: Querier,
  accountId: AccountId,
  kind?: Row<'challenge'>['kind'],
): Promise<void> => {
  let query = q.deleteFrom('challenge').where('account_id', '=', accountId)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  await query.execute()
}

export const deleteOldChallenges = async (q: Querier, beforeMs: number): Promise<number> => {
  const { numDeletedRows } = await q
    .deleteFrom('challenge')
    .where('expires_at_ms', '<', beforeMs)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

export const countChallenges = async (
  q: Querier,
  network: string,
  nowMs: number,
): Promise<number> => {
  const row = await q
    .selectFrom('challenge')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('network', '=', network)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
