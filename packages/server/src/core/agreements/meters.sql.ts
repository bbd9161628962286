import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'

export interface MeterName {
  readonly agreementId: AgreementId
  readonly orgId: AccountId
  readonly operand: string
  readonly period: string
}

/** Of one organisation under an agreement, or of all. */
export const metersOf = async (
  q: Querier,
  { agreementId, orgId }: { agreementId: AgreementId; orgId?: AccountId },
  limit: number,
): Promise<Row<'agreement_meter'>[]> => {
  let query = q.selectFrom('agreement_meter').selectAll().where('agreement_id', '=', agreementId)
  if (orgId !== undefined) query = query.where('org_id', '=', orgId)
  return query.orderBy('org_id').orderBy('operand').orderBy('period').limit(limit).execute()
}

/** Sets room aside on a meter that still is as it was seen; false when it moved. */
export const reserveOn = async (
  q: Querier,
  name: MeterName,
  { amount, version }: { amount: number; version: number | undefined },
): Promise<boolean> => {
  const { agreementId: agreement_id, orgId: org_id, operand, period } = name
  if (version === undefined) {
    const row = { agreement_id, org_id, operand, period, used: 0, reserved: amount, version: 1 }
    const { numInsertedOrUpdatedRows } = await q
      .insertInto('agreement_meter')
      .values(row)
      .onConflict((c) => c.doNothing())
      .executeTakeFirst()
    return Number(numInsertedOrUpdatedRows) === 1
  }
  const { numUpdatedRows } = await q
    .updateTable('agreement_meter')
    .set((eb) => ({ reserved: eb('reserved', '+', amount), version: version + 1 }))
    .where('agreement_id', '=', agreement_id)
    .where('org_id', '=', org_id)
    .where('operand', '=', operand)
    .where('period', '=', period)
    .where('version', '=', version)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** From what is set aside to what was used. */
export const settleOn = async (
  q: Querier,
  { agreementId, orgId, operand, period }: MeterName,
  { reserved, used }: { reserved: number; used: number },
): Promise<void> => {
  await q
    .updateTable('agreement_meter')
    .set((eb) => ({
      reserved: eb('reserved', '-', reserved),
      used: eb('used', '+', used),
      version: eb('version', '+', 1),
    }))
    .where('agreement_id', '=', agreementId)
    .where('org_id', '=', orgId)
    .where('operand', '=', operand)
    .where('period', '=', period)
    .execute()
}

export const useOf = async (
  q: Querier,
  agreementId: AgreementId,
  key: string,
): Promise<Row<'agreement_use'> | undefined> =>
  q
    .selectFrom('agreement_use')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('use_key', '=', key)
    .executeTakeFirst()

/** Takes the place of one that was given back. */
export const putUse = async (q: Querier, row: NewRow<'agreement_use'>): Promise<void> => {
  await q
    .insertInto('agreement_use')
    .values(row)
    .onConflict((c) => c.columns(['agreement_id', 'use_key']).doUpdateSet({ ...row }))
    .execute()
}

/** False when it is in that state no more. */
export const moveUse = async (
  q: Querier,
  { agreement_id, use_key }: Pick<Row<'agreement_use'>, 'agreement_id' | 'use_key'>,
  from: Row<'agreement_use'>['state'],
  to: Partial<NewRow<'agreement_use'>>,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('agreement_use')
    .set(to)
    .where('agreement_id', '=', agreement_id)
    .where('use_key', '=', use_key)
    .where('state', '=', from)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Those whose time is over: to be given back, or to be forgotten. */
export const expiredUses = async (
  q: Querier,
  nowMs: number,
  limit: number,
): Promise<Row<'agreement_use'>[]> =>
  q
    .selectFrom('agreement_use')
    .selectAll()
    .where('expires_ms', '<=', nowMs)
    .orderBy('expires_ms')
    .limit(limit)
    .execute()

export const deleteUse = async (
  q: Querier,
  { agreement_id, use_key }: Pick<Row<'agreement_use'>, 'agreement_id' | 'use_key'>,
): Promise<void> => {
  await q
    .deleteFrom('agreement_use')
    .where('agreement_id', '=', agreement_id)
    .where('use_key', '=', use_key)
    .where('state', '!=', 'reserved')
    .execute()
}
