import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'

/** One month of one organisation under one agreement. */
export interface UsageName {
  readonly agreementId: AgreementId
  readonly orgId: AccountId
  readonly month: string
}

/** Adds to a line; a correction adds less than nothing. */
export const addUsage = async (
  q: Querier,
  { agreementId, orgId, month }: UsageName,
  { project, operand, amount }: { project: string; operand: string; amount: number },
): Promise<void> => {
  await q
    .insertInto('agreement_usage')
    .values({ agreement_id: agreementId, org_id: orgId, month, project, operand, amount })
    .onConflict((c) =>
      c
        .columns(['agreement_id', 'org_id', 'month', 'project', 'operand'])
        .doUpdateSet((eb) => ({ amount: eb('agreement_usage.amount', '+', amount) })),
    )
    .execute()
}

export const usageOf = async (
  q: Querier,
  { agreementId, orgId, month }: UsageName,
  limit: number,
): Promise<Row<'agreement_usage'>[]> =>
  q
    .selectFrom('agreement_usage')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('org_id', '=', orgId)
    .where('month', '=', month)
    .orderBy('project')
    .orderBy('operand')
    .limit(limit)
    .execute()

/** Months that were used in and not stated yet, before the given one. */
export const unstated = async (
  q: Querier,
  month: string,
  limit: number,
): Promise<{ agreement_id: AgreementId; org_id: AccountId; month: string }[]> =>
  q
    .selectFrom('agreement_usage')
    .select(['agreement_id', 'org_id', 'month'])
    .distinct()
    .where('month', '<', month)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('agreement_usage_statement as told')
            .select('told.month')
            .whereRef('told.agreement_id', '=', 'agreement_usage.agreement_id')
            .whereRef('told.org_id', '=', 'agreement_usage.org_id')
            .whereRef('told.month', '=', 'agreement_usage.month'),
        ),
      ),
    )
    .orderBy('month')
    .limit(limit)
    .execute()

export const insertStatement = async (
  q: Querier,
  row: NewRow<'agreement_usage_statement'>,
): Promise<void> => {
  await q.insertInto('agreement_usage_statement').values(row).execute()
}

/** Of all parties, newest month first. */
export const statementsOf = async (
  q: Querier,
  agreementId: AgreementId,
  limit: number,
): Promise<Row<'agreement_usage_statement'>[]> =>
  q
    .selectFrom('agreement_usage_statement')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .orderBy('month', 'desc')
    .orderBy('org_id')
    .limit(limit)
    .execute()

export const statementOf = async (
  q: Querier,
  { agreementId, orgId, month }: UsageName,
): Promise<Row<'agreement_usage_statement'> | undefined> =>
  q
    .selectFrom('agreement_usage_statement')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('org_id', '=', orgId)
    .where('month', '=', month)
    .executeTakeFirst()

export const setDisputed = async (
  q: Querier,
  { agreementId, orgId, month }: UsageName,
  reason: string,
): Promise<void> => {
  await q
    .updateTable('agreement_usage_statement')
    .set({ disputed: reason })
    .where('agreement_id', '=', agreementId)
    .where('org_id', '=', orgId)
    .where('month', '=', month)
    .execute()
}
