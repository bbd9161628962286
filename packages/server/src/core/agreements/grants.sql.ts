import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, AgreementGrantId, AgreementId } from '../kernel/ids.ts'

export const insertGrant = async (q: Querier, row: NewRow<'agreement_grant'>): Promise<void> => {
  await q.insertInto('agreement_grant').values(row).execute()
}

/** In order of id, after the given one: those that one party gave. */
export const grantsOf = async (
  q: Querier,
  { id, orgId }: { id: AgreementId; orgId: AccountId },
  { after, limit }: { after: string; limit: number },
): Promise<Row<'agreement_grant'>[]> =>
  q
    .selectFrom('agreement_grant')
    .selectAll()
    .where('agreement_id', '=', id)
    .where('org_id', '=', orgId)
    // A cast because a cursor is compared and not looked up.
    .where('id', '>', after as AgreementGrantId)
    .orderBy('id')
    .limit(limit)
    .execute()

/** False when it was ended before, or is another party's. */
export const endGrant = async (
  q: Querier,
  { grantId, orgId }: { grantId: AgreementGrantId; orgId: AccountId },
  atMs: number,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('agreement_grant')
    .set({ ended_at_ms: atMs })
    .where('id', '=', grantId)
    .where('org_id', '=', orgId)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** The version whose restrictions an account accepted last. */
export const assentOf = async (
  q: Querier,
  { id, accountId }: { id: AgreementId; accountId: AccountId },
): Promise<number | undefined> => {
  const row = await q
    .selectFrom('agreement_assent')
    .select('version')
    .where('agreement_id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row?.version
}

export const putAssent = async (q: Querier, row: NewRow<'agreement_assent'>): Promise<void> => {
  await q
    .insertInto('agreement_assent')
    .values(row)
    .onConflict((c) => c.columns(['agreement_id', 'account_id']).doUpdateSet({ ...row }))
    .execute()
}

export const putDone = async (q: Querier, row: NewRow<'agreement_done'>): Promise<void> => {
  await q
    .insertInto('agreement_done')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()
}
